/** The fatal decoder detects bytes that are not UTF-8. */
const strict = new TextDecoder("utf-8", { fatal: true });

/**
 * The name of a character encoding as the Encoding Standard has it, in lower case (`latin1` is `windows-1252`).
 * @returns undefined for a label that the standard does not know
 */
export function encodingName(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return undefined;
  }
}

/** The `charset` parameter of a content type (RFC 9110, section 8.3.2), as {@link encodingName} has it. */
export function charsetOf(contentType: string): string | undefined {
  const match = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType);
  return match === null ? undefined : encodingName(match[1] ?? match[2]);
}

/** The encoding that a byte-order mark names, or undefined. Source: Encoding Standard, "BOM sniff". */
export function byteOrderMark(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** Text, and the encoding that it was read in. */
export interface DecodedText {
  text: string;
  /** As {@link encodingName} has it. */
  encoding: string;
}

/**
 * Reads text of known or unknown encoding: a byte-order mark wins and is removed, then the declared encoding, then
 * UTF-8, and `windows-1252` if the bytes are not UTF-8 (Encoding Standard, "decode"; the fallback is that of HTML).
 * @param declared by a content type or by the text itself; an unknown name counts as none
 */
export function decodeText(bytes: Uint8Array, declared?: string): DecodedText {
  const encoding = byteOrderMark(bytes) ?? encodingName(declared);
  if (encoding !== undefined) return { text: new TextDecoder(encoding).decode(bytes), encoding };
  try {
    return { text: strict.decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

/** A text without the byte-order mark at its beginning. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
