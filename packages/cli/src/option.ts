import { LONGEST_RUN_MS, parseDuration } from "@ape/core/lib/duration";
import { InvalidArgumentError } from "commander";

/** Upper bounds of command line options, as in the configuration's schema. */
export const MOST = { agents: 1_000_000, workers: 256, seed: 0xffffffff, port: 65_535 } as const;

/** Reads a whole number of at least `least` and, if there is a bound, at most `most`. */
export const wholeNumber =
  (least: number, most?: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d{1,10}$/.test(text) || value < least || (most !== undefined && value > most))
      throw new InvalidArgumentError(
        `a whole number of at least ${least}${most === undefined ? "" : ` and at most ${most}`} is expected.`,
      );
    return value;
  };

/** Reads a duration such as `30s` or `2m`, of at least `leastMs`; a bare number is seconds, as in k6 and Locust habits. */
export const durationOption =
  (leastMs: number) =>
  (text: string): number => {
    const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
    if (ms === undefined || ms < leastMs)
      throw new InvalidArgumentError("a duration such as 30s, 2m or 1h is expected.");
    if (ms > LONGEST_RUN_MS) throw new InvalidArgumentError("a duration of at most 8760h is expected.");
    return ms;
  };

/** Collects a repeatable option. */
export const collect = (text: string, earlier: string[] = []): string[] => [...earlier, text];

/** `--json` or `--json=stream`. */
export function jsonOption(text: string | boolean): "object" | "stream" {
  if (text === "stream") return "stream";
  if (text === true || text === "object") return "object";
  throw new InvalidArgumentError("only --json and --json=stream are known.");
}

/**
 * Reads a point in time, as text (`2026-11-23T20:00:00Z`; without a zone it is local) or as the time that has passed
 * since it (`10m`): milliseconds since 1970.
 */
export function sinceOption(text: string): number {
  const passed = parseDuration(text);
  const at = passed === undefined ? Date.parse(text) : Date.now() - passed;
  if (Number.isNaN(at) || /^[\d.]+$/.test(text))
    throw new InvalidArgumentError(
      "a duration such as 10m or a point in time such as 2026-11-23T20:00 is expected.",
    );
  return at;
}
