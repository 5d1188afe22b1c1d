/** A text with its percent-encoding undone; as it is where that is wrong. Source: RFC 3986, section 2.1. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
