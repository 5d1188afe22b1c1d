import type { Json } from "@ape/core/lib/json";
import { isRounded, LosslessNumber } from "@ape/core/lib/lossless-number";
import type { Field } from "../operations/field.ts";

const NUMBER = /(?<![\p{L}\p{N}_.])-?\d{16,}(?:\.\d+)?(?![\p{L}\p{N}_])/gu;

/**
 * Gives back their digits to values that are numbers of these texts, and that a double has rounded: an account number of a
 * goal is sent as it is written there.
 */
export function restoreDigits(values: Map<Field, Json>, texts: readonly string[]): void {
  const rounded = texts.flatMap((text) => (text.match(NUMBER) ?? []).filter(isRounded));
  if (rounded.length === 0) return;
  for (const [field, value] of values) {
    if (typeof value !== "number") continue;
    const at = rounded.findIndex((text) => Number(text) === value);
    if (at < 0) continue;
    values.set(field, LosslessNumber.of(rounded[at] as string));
    // Of several numbers that are rounded to the same, each is used in turn.
    if (rounded.filter((text) => Number(text) === value).length > 1) rounded.splice(at, 1);
  }
}
