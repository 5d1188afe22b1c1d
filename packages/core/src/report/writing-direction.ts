/** A range of characters for a regular expression, built from numbers: in the source they would be invisible. */
export const characterRange = (from: number, to: number): string =>
  `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;
/** Source: Unicode Standard Annex 9, section 2: marks, embeddings, overrides and isolates. */
const DIRECTION = new RegExp(
  `[${String.fromCharCode(0x061c)}${characterRange(0x200e, 0x200f)}${characterRange(0x202a, 0x202e)}${characterRange(0x2066, 0x2069)}]`,
  "g",
);

const escapeOf = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * A text of a target or a model without control over its writing direction, which can make it read as something else:
 * the characters that have it are shown as escapes such as `\u202e`.
 */
export function withVisibleDirection(text: string): string {
  return text.replace(DIRECTION, escapeOf);
}

/** As {@link withVisibleDirection}, for all texts of a value that is written as JSON. */
export function jsonWithVisibleDirection(value: unknown): string {
  // JSON.stringify writes these characters as they are, and they occur only within strings.
  return JSON.stringify(value).replace(DIRECTION, (char) => `\\${escapeOf(char)}`);
}
