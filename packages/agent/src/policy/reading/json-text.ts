import type { Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";

/** Parses JSON without losing digits of numbers. Returns undefined for any other text. */
export function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}
