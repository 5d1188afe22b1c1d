import { parseDuration } from "@ape/core/duration";
import { InvalidArgumentError } from "commander";

/** Reads a whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (!/^\d{1,10}$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`a whole number of at least ${least} is expected.`);
    return Number(text);
  };

/** Reads a duration such as `30s` or `2m`; a bare number is seconds, as in k6 and Locust habits. */
export function durationOption(text: string): number {
  const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  if (ms === undefined || ms <= 0)
    throw new InvalidArgumentError("a duration such as 30s, 2m or 1h is expected.");
  return ms;
}

/** Collects a repeatable option. */
export const collect = (text: string, earlier: string[]): string[] => [...earlier, text];

/** `--json` or `--json=stream`. */
export function jsonOption(text: string | boolean): "object" | "stream" {
  if (text === "stream") return "stream";
  if (text === true || text === "object") return "object";
  throw new InvalidArgumentError("only --json and --json=stream are known.");
}
