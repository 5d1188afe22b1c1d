import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";

/** A text of at most `chars` characters and a mark that it was cut. Never splits a surrogate pair. */
export function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const last = text.charCodeAt(chars - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? chars - 1 : chars)}…`;
}

/** A value as JSON of at most `chars` characters. */
export function jsonText(value: Json, chars: number): string {
  return cut(writeJson(value), chars);
}
