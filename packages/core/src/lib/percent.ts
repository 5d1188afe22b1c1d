/** A text with its percent-encoding undone; as it is where that is wrong. Source: RFC 3986, section 2.1. */
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
 * A text with its percent-encoding undone escape by escape: escapes in a row that are no UTF-8 as a whole are decoded
 * where they are ASCII and stay otherwise, so that what is beside an escape does not decide how it is read.
 */
export function decodeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  return text.replaceAll(ESCAPES, (escapes) => {
    const decoded = decodePercent(escapes);
    return decoded === escapes ? escapes.replaceAll(/%[0-7][0-9a-f]/gi, decodePercent) : decoded;
  });
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A value as one segment of a path or a query, percent-encoded. Half a surrogate pair, which has no UTF-8 form, becomes U+FFFD. */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value.replaceAll(LONE_SURROGATE, "\ufffd"));
}
