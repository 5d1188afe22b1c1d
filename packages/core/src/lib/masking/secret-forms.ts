import { decodeLayer } from "../encoded-text.ts";
import { respelledForms } from "./respelled-secret.ts";

/** `'` in the ways that HTML escapers write it. */
const APOSTROPHES = ["&#39;", "&#x27;", "&apos;"];

/** Shorter secrets cannot be distinguished from other words within base64. */
export const MIN_WITHIN = 6;
const MIN_HEX = 4;
/** As often as an encoding of an encoding is undone. */
export const MAX_LAYERS = 4;

/** A value that looks encoded itself as it is once all encodings of a text around it are undone. */
function decodedWhole(value: string): string {
  let text = value;
  for (let layer = 0; layer < MAX_LAYERS; layer += 1) text = decodeLayer(text)?.text ?? text;
  return text;
}

/** Lengths of lines that encoders break base64 into (RFC 7468, section 2; RFC 2045, section 6.8). */
const LINE_LENGTHS = [64, 76];
/** A shorter line of base64 cannot be distinguished from other words. */
const MIN_LINE = 8;

/** Base64 encoded once more, with its padding and without the end that this decides, and the lines that it is broken into. */
function repeatedBase64(base64: string): string[] {
  const twice = btoa(base64.slice(0, base64.length - (base64.length % 3)));
  const lines = LINE_LENGTHS.flatMap((length) =>
    base64.length <= length ? [] : (base64.match(new RegExp(`.{1,${length}}`, "g")) ?? []),
  );
  const padded = base64.padEnd(Math.ceil(base64.length / 4) * 4, "=");
  const whole = padded === base64 ? [] : [btoa(padded).replace(/=+$/, "")];
  return [twice, ...whole, ...lines].filter((form) => form.length >= MIN_LINE);
}

/** A list of bytes as a target writes one that takes a text for a buffer: in JSON, in Python, and in a dump. */
function byteLists(bytes: Uint8Array): string[] {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return [bytes.join(","), bytes.join(", "), digits.join(" ")];
}

/**
 * The forms in which a secret can appear in a text: as it is, percent-encoded (RFC 3986, in both letter cases), as a
 * form value (application/x-www-form-urlencoded), escaped in JSON and in HTML, in base64 and base64url (RFC 4648,
 * without padding), by itself and at each place within a longer text, twice, and in lines, in hexadecimal digits, as a list
 * of bytes, and as {@link respelledForms} have it. Other ways to escape it are found by `decodeLayer`.
 * @returns distinct forms, the value itself first
 */
export function secretForms(value: string): string[] {
  const forms = new Set([value]);
  const bytes = new TextEncoder().encode(value);
  const wellFormed = new TextDecoder().decode(bytes);
  let latin1 = "";
  for (const byte of bytes) latin1 += String.fromCharCode(byte);
  const percent = encodeURIComponent(wellFormed);
  forms.add(percent);
  forms.add(percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  const strict = percent.replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  forms.add(strict);
  forms.add(strict.replaceAll("%20", "+"));
  const json = JSON.stringify(value).slice(1, -1);
  forms.add(json);
  forms.add(json.replaceAll("/", "\\/"));
  forms.add(
    json.replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  const html = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  forms.add(html);
  const quoted = html.replaceAll('"', "&quot;");
  forms.add(quoted);
  for (const apostrophe of APOSTROPHES) forms.add(quoted.replaceAll("'", apostrophe));
  for (const form of respelledForms(value, bytes)) forms.add(form);
  const base64 = btoa(latin1).replace(/=+$/, "");
  // Without the characters that the bytes around it take part in. Source: RFC 4648, section 4.
  if (bytes.length >= MIN_WITHIN)
    for (const offset of [0, 1, 2]) {
      const padded = btoa("\0".repeat(offset) + latin1);
      const within = padded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
      forms.add(within);
      forms.add(within.replaceAll("+", "-").replaceAll("/", "_"));
    }
  if (bytes.length >= MIN_HEX) {
    let hex = "";
    for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
    forms.add(hex);
    forms.add(hex.toUpperCase());
  }
  if (bytes.length >= MIN_WITHIN) for (const form of byteLists(bytes)) forms.add(form);
  const decoded = decodedWhole(value);
  if (decoded.length >= MIN_WITHIN) forms.add(decoded);
  // The base64 of a few bytes cannot be distinguished from other words.
  if (bytes.length >= 4) {
    forms.add(base64);
    forms.add(base64.replaceAll("+", "-").replaceAll("/", "_"));
    for (const form of repeatedBase64(base64)) forms.add(form);
  }
  return [...forms];
}
