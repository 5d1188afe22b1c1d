import type { Matcher } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { numberFrom } from "@ape/core/lib/lossless-number";

/** Converts a known value, which is text, to the type that its matcher compares: a number for numbers. */
export function coerceTo(value: string | undefined, matcher: Matcher): Json | undefined {
  if (value === undefined) return undefined;
  const wanted = typeof matcher === "object" && matcher !== null ? (matcher.eq ?? matcher.ne) : matcher;
  if (typeof wanted === "boolean" && (value === "true" || value === "false")) return value === "true";
  const compares =
    typeof wanted === "number" ||
    (typeof matcher === "object" &&
      matcher !== null &&
      [matcher.lt, matcher.lte, matcher.gt, matcher.gte].some((bound) => bound !== undefined));
  return compares && value.trim() !== "" && Number.isFinite(Number(value)) ? numberFrom(value) : value;
}
