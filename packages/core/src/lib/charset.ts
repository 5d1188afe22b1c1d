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

/**
 * UTF-32, which no decoder of the platform reads, by its byte-order mark; of JSON, which begins with a character of ASCII, also
 * without one (RFC 4627, section 3).
 */
export function wideEncoding(bytes: Uint8Array, isJson = false): "utf-32le" | "utf-32be" | undefined {
  const [first, second, third, fourth] = bytes;
  if (bytes.length < 4 || bytes.length % 4 !== 0) return undefined;
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0) return "utf-32le";
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return "utf-32be";
  if (!isJson || second !== 0 || third !== 0) return undefined;
  if (first === 0 && fourth !== 0) return "utf-32be";
  return first !== 0 && fourth === 0 ? "utf-32le" : undefined;
}

function decodeWide(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const point = view.getUint32(at, isLittle);
    parts.push(point > 0x10_ff_ff ? "\ufffd" : String.fromCodePoint(point));
  }
  return withoutByteOrderMark(parts.join(""));
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
  const wide = declared === "utf-32le" || declared === "utf-32be" ? declared : wideEncoding(bytes);
  if (wide !== undefined) return { text: decodeWide(bytes, wide === "utf-32le"), encoding: wide };
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
