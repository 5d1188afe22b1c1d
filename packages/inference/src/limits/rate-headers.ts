import { type AnswerHeaders, one, resetWait } from "../upstream/retry.ts";

/** One limit, as an answer's headers report it. */
export interface LimitReading {
  /** The header's suffix: `requests-minute`, `tokens`, or empty. */
  name: string;
  kind: "requests" | "tokens";
  /** Amount per period; undefined if the headers do not state it. */
  limit: number | undefined;
  remaining: number;
  /** Milliseconds until the limit is restored, at the latest; undefined if the headers do not state it. */
  resetMs: number | undefined;
  /** Error of the reset's text, in either direction. */
  marginMs: number;
  /** The period that the suffix names, in milliseconds. */
  periodMs: number | undefined;
}

const REMAINING = "x-ratelimit-remaining";
const PERIOD_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Upper bound of a reset's rounding. */
const MOST_MARGIN_MS = 500;
/** Numbers above this are instants in milliseconds or finer units. */
const FINE_INSTANT = 1e11;

/**
 * Reads `x-ratelimit-{limit,remaining,reset}` with any suffix, or none. A reset is float seconds (Cerebras), amounts
 * with units (OpenAI, Groq), or an instant since 1970 in seconds or milliseconds (DigitalOcean, OpenRouter).
 * @param epoch the current time in milliseconds since 1970
 */
export function readLimits(headers: AnswerHeaders, epoch: number): LimitReading[] {
  const readings: LimitReading[] = [];
  for (const header in headers) {
    if (!header.startsWith(REMAINING)) continue;
    const suffix = header.slice(REMAINING.length);
    if (suffix !== "" && !suffix.startsWith("-")) continue;
    const remaining = amount(one(headers[header]));
    if (remaining === undefined) continue;
    const name = suffix.slice(1);
    const unit = /second|minute|hour|day/.exec(name)?.[0];
    const reset = one(headers[`x-ratelimit-reset${suffix}`]);
    readings.push({
      name,
      kind: name.includes("token") ? "tokens" : "requests",
      limit: amount(one(headers[`x-ratelimit-limit${suffix}`])),
      remaining,
      resetMs: resetOf(reset, epoch),
      marginMs: marginOf(reset ?? ""),
      periodMs: unit === undefined ? undefined : PERIOD_MS[unit],
    });
  }
  return readings;
}

function resetOf(text: string | undefined, epoch: number): number | undefined {
  if (text === undefined) return undefined;
  const wait = resetWait(text, epoch);
  return wait === undefined ? undefined : wait + marginOf(text);
}

/** Half a unit of the last digit of bare seconds; texts with units, and instants finer than seconds, are exact enough. */
function marginOf(seconds: string): number {
  if (!/^[\d.]+$/.test(seconds.trim()) || Number(seconds) >= FINE_INSTANT) return 0;
  const decimals = (seconds.trim().split(".")[1] ?? "").length;
  return Math.min(MOST_MARGIN_MS, 500 / 10 ** decimals);
}

function amount(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? Math.max(0, value) : undefined;
}
