import { percentage } from "@ape/core/lib/percentage";

const NUMBERS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A duration in milliseconds for people: `850 µs`, `12.3 ms`, `1.25 s`, `2 m 05 s`. */
export function msText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${WHOLE.format(ms * 1_000)} µs`;
  if (ms < 1_000) return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : WHOLE.format(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return clockText(ms);
}

/** Time from the start of a run: `0:05`, `12:30`, `1:02:03`. */
export function offsetText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function clockText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${minutes} m ${String(seconds % 60).padStart(2, "0")} s`;
  return hours > 0 ? `${hours} h ${rest}` : rest;
}

/** A number with groups and at most two decimals; large ones without. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return (Math.abs(value) >= 1_000 ? WHOLE : NUMBERS).format(value);
}

/** A large number in few characters: `12.3k`, `4.5M`. */
export function shortText(value: number): string {
  if (Math.abs(value) >= 1e6) return `${NUMBERS.format(Math.round(value / 1e4) / 100)}M`;
  if (Math.abs(value) >= 1e4) return `${NUMBERS.format(Math.round(value / 100) / 10)}k`;
  return numberText(value);
}

/** A share as a percentage; 100% only where nothing is missing. */
export function percentText(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const percent = share * 100;
  if (percent > 99.99 && percent < 100) return ">99.99%";
  if (percent > 0 && percent < 0.01) return "<0.01%";
  return percentage(share).replace(/\.00%$/, "%");
}

/** A number with its noun: `1 step`, `1,200 steps`. */
export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** An amount of US dollars. */
export function usdText(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)}`;
}

/** A key such as `gave_up` in words. */
export function keyText(key: string): string {
  return key.replaceAll("_", " ");
}
