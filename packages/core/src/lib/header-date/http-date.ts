const ZONED = /(?:[A-Za-z]{1,5}|[+-]\d{2}:?\d{2})$/;

/**
 * Reads a date of a header, in one of HTTP's three forms or ISO 8601's. One that names no zone, as C's `asctime` writes it, is in UTC. Source: RFC 9110, section 5.6.7.
 * @returns milliseconds since 1970, or undefined for any other text
 */
export function parseHttpDate(text: string): number | undefined {
  const trimmed = text.trim();
  // `Date.parse` takes "-1" for a year; a date has a name of a month, or four digits and a month.
  if (!/[A-Za-z]|\d{4}-\d/.test(trimmed)) return undefined;
  const at = Date.parse(ZONED.test(trimmed) ? trimmed : `${trimmed}${/\dT\d/.test(trimmed) ? "Z" : " GMT"}`);
  return Number.isNaN(at) ? undefined : at;
}
