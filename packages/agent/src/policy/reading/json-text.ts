import type { Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Parses JSON without losing digits of numbers; a byte order mark before it is passed over. Returns undefined for any other
 * text.
 */
export function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text) as Json;
  } catch {
    return undefined;
  }
}
