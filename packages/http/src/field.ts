/** Header fields by lower-case name; a field that came more than once has a list. */
export type Fields = Record<string, string | string[] | undefined>;

/** Source: RFC 9110, sections 5.5 and 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const BEYOND_ASCII = /[\x80-\xff]/;
const MOST_NAMES = 1_000;

/** Names that were seen to be tokens, in lower case: the same few come with every message. */
const known = new Map<string, string>();

/** Whether a text is one word of HTTP: a method, or a field's name. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** A field's name in lower case, or undefined if it is invalid. */
export function fieldName(name: string): string | undefined {
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  if (!isToken(name)) return undefined;
  const lower = name.toLowerCase();
  if (known.size < MOST_NAMES) known.set(name, lower);
  return lower;
}

/** Whether a value, of which each character is a byte, holds nothing that could end its line. */
export function isFieldValue(value: string): boolean {
  return VALUE.test(value);
}

/** Whether a text, of which each character is a byte, is the same in UTF-8. */
export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

/** Whether a `connection` field asks for its end. */
export function hasConnectionClose(connection: string): boolean {
  return /\bclose\b/i.test(connection);
}
