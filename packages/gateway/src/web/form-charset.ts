/** Writes text in a character encoding other than UTF-8. */
export type EncodeText = (text: string) => Buffer;

/**
 * An encoder for forms of pages that are not in UTF-8. What the encoding lacks is written as a decimal reference (`&#8364;`),
 * as browsers do it (HTML, "URL-encoded form data" and "Multipart form data"; Encoding Standard, "html" error mode).
 * The tables are loaded on first use: most applications need none.
 * @param charset as the Encoding Standard names it
 * @returns undefined where the encoding cannot be written
 */
export async function encoderFor(charset: string): Promise<EncodeText | undefined> {
  const { default: iconv } = await import("iconv-lite");
  if (!iconv.encodingExists(charset)) return undefined;
  const known = (character: string): boolean =>
    iconv.decode(iconv.encode(character, charset), charset) === character;
  return (text) => {
    const whole = iconv.encode(text, charset);
    if (iconv.decode(whole, charset) === text) return whole;
    const written = Array.from(text, (character) =>
      known(character) ? character : `&#${character.codePointAt(0)};`,
    );
    return iconv.encode(written.join(""), charset);
  };
}

/**
 * Name and value pairs as `application/x-www-form-urlencoded`, in an encoding other than UTF-8.
 * Source: URL Standard, "application/x-www-form-urlencoded serializing".
 */
export function urlEncode(pairs: readonly (readonly [string, string])[], encode: EncodeText): string {
  const part = (text: string): string => {
    let written = "";
    for (const byte of encode(text)) {
      const character = String.fromCharCode(byte);
      if (byte === 0x20) written += "+";
      else if (/[A-Za-z0-9*._-]/.test(character)) written += character;
      else written += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }
    return written;
  };
  return pairs.map(([name, value]) => `${part(name)}=${part(value)}`).join("&");
}
