/** Percent-decodes a text; returns it unchanged if it is malformed. Source: RFC 3986, section 2.1. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ESCAPES = /(?:%[0-9a-f]{2})+/gi;

/**
 * Percent-decodes a text escape by escape: a run of escapes that is not UTF-8 is decoded only where it is ASCII, so
 * that the text beside an escape does not decide how it is read.
 */
export function decodeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replaceAll(ESCAPES, (escapes) => {
    const decoded = decodePercent(escapes);
    return decoded === escapes ? escapes.replaceAll(/%[0-7][0-9a-f]/gi, decodePercent) : decoded;
  });
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * A value as one segment of a path or a query, percent-encoded. Half a surrogate pair, which has no UTF-8 form, becomes
 * U+FFFD.
 */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value.replaceAll(LONE_SURROGATE, "\ufffd"));
}
