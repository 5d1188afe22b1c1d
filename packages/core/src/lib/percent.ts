/** A text with its percent-encoding undone; as it is where that is wrong. Source: RFC 3986, section 2.1. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A value as one segment of a path or a query, percent-encoded. Half a surrogate pair, which has no UTF-8 form, becomes U+FFFD. */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value.replaceAll(LONE_SURROGATE, "\ufffd"));
}
