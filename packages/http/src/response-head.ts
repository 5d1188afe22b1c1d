import { errors } from "undici";
import { type Fields, fieldName, hasConnectionClose, isFieldValue } from "./field.ts";

/** Where an answer's content ends, if its length is not stated. */
export const BODY_CHUNKED = -1;
export const BODY_UNTIL_CLOSE = -2;

export interface ResponseHead {
  status: number;
  message: string;
  fields: Fields;
  /** Bytes of content, or {@link BODY_CHUNKED} or {@link BODY_UNTIL_CLOSE}. */
  length: number;
  /** Whether the server lets the connection live on. */
  keepAlive: boolean;
  /** How long the server keeps it, in milliseconds, if stated. */
  keepAliveMs: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d{2})(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const DIGITS = /^\d{1,15}$/;
/** The last transfer coding; parameters of it are allowed and have no meaning (RFC 9112, section 7). */
const CHUNKED = /(?:^|,)\s*chunked\s*(?:;[^,]*)?$/i;

/** Fields without anything inherited: a server may name one `constructor` or `__proto__`. */
class NoFields {}
Object.setPrototypeOf(NoFields.prototype, null);
Reflect.deleteProperty(NoFields.prototype, "constructor");

/** An answer that is not HTTP/1.1, in undici's words. */
export function broken(what: string): Error {
  return Object.assign(new errors.HTTPParserError(what), { code: "HPE_RESPONSE" });
}

/**
 * Reads an answer's head (RFC 9112, sections 4, 5 and 6.3). Strict, but for what a recipient may accept: lines that end
 * with LF alone (section 2.2), folded lines and blanks before a colon (section 5), the same length given more than once
 * (RFC 9110, section 8.6), and the coding `identity`, which HTTP/1.1 had once (RFC 2616, section 3.6).
 * @param text its bytes as characters, with or without the empty line at its end
 * @param toHead whether it answers a HEAD, and so has no content whatever it says
 * @throws undici's HTTPParserError
 */
export function parseResponseHead(text: string, toHead: boolean): ResponseHead {
  const end = lineFeed(text, 0);
  const { version, status, message } = statusLine(text.slice(0, contentEnd(text, 0, end)));
  const fields = parseFields(text, end + 1);
  const framed = fields["transfer-encoding"] !== undefined && fields["content-length"] !== undefined;
  return {
    status,
    message,
    fields,
    length: contentLength(fields, toHead || status < 200 || status === 204 || status === 304),
    // Whoever sends both a length and a transfer coding may mean either: nothing more is read from the connection.
    keepAlive: !framed && persists(version, fields.connection),
    keepAliveMs: keepAliveOf(fields["keep-alive"]),
  };
}

interface StatusLine {
  line: string;
  /** The minor one of HTTP/1. */
  version: string;
  status: number;
  message: string;
}

/** Of the answer before: nearly all begin with the same line. */
let last: StatusLine | undefined;

/** @throws undici's HTTPParserError */
function statusLine(line: string): StatusLine {
  if (last !== undefined && last.line === line) return last;
  const parts = STATUS_LINE.exec(line);
  if (parts === null) throw broken("no status line");
  last = { line, version: parts[1] as string, status: Number(parts[2]), message: parts[3] ?? "" };
  return last;
}

/** RFC 9112, section 9.3. */
function persists(version: string, connection: string | string[] | undefined): boolean {
  if (connection === "keep-alive") return true;
  if (connection === undefined) return version === "1";
  const asked = String(connection);
  return version === "1" ? !hasConnectionClose(asked) : /\bkeep-alive\b/i.test(asked);
}

/** The position of the LF of the line that begins at `from`; the end of the text if it has none. */
function lineFeed(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** The end of a line's content, whose LF is at `end`. */
function contentEnd(text: string, from: number, end: number): number {
  return end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** Where a part of a text ends without the blanks behind it. */
function withoutBlanks(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/**
 * Reads field lines, each ended by CR LF or LF, up to an empty line or the end of the text. Blanks before a colon, which
 * proxies remove from answers (RFC 9112, section 5.1), are no part of the name, and a folded line becomes a blank and its
 * content (section 5.2).
 * @throws undici's HTTPParserError
 */
export function parseFields(text: string, from: number): Fields {
  const fields = new NoFields() as Fields;
  for (let at = from; at < text.length; ) {
    let lf = lineFeed(text, at);
    let end = contentEnd(text, at, lf);
    if (end === at) break;
    const colon = text.indexOf(":", at);
    if (colon === -1 || colon >= end) throw broken("a header without a colon");
    const lower = fieldName(text.slice(at, withoutBlanks(text, at, colon)));
    if (lower === undefined) throw broken("an invalid header name");
    let value = fieldValue(text, colon + 1, end);
    // A folded line (obs-fold) continues the value.
    while (isBlank(text.charCodeAt(lf + 1))) {
      const start = lf + 1;
      lf = lineFeed(text, start);
      end = contentEnd(text, start, lf);
      value = `${value} ${fieldValue(text, start, end)}`.trim();
    }
    const before = fields[lower];
    if (before === undefined) fields[lower] = value;
    else if (typeof before === "string") fields[lower] = [before, value];
    else before.push(value);
    at = lf + 1;
  }
  return fields;
}

function fieldValue(text: string, from: number, to: number): string {
  let start = from;
  while (start < to && isBlank(text.charCodeAt(start))) start += 1;
  const value = text.slice(start, withoutBlanks(text, start, to));
  if (!isFieldValue(value)) throw broken("a header with a control character");
  return value;
}

function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}

/**
 * The length of the content (RFC 9112, section 6.3). A transfer coding overrides a length; different lengths are an
 * error, because the intended one is unknown.
 */
function contentLength(fields: Fields, none: boolean): number {
  const coding = fields["transfer-encoding"];
  const given = sameLength(fields["content-length"]);
  if (none) return 0;
  if (coding !== undefined && !/^\s*identity\s*$/i.test(String(coding)))
    return CHUNKED.test(String(coding)) ? BODY_CHUNKED : BODY_UNTIL_CLOSE;
  return given === undefined ? BODY_UNTIL_CLOSE : Number(given);
}

/** The one value of a `content-length` that may be repeated, in fields or as a list (RFC 9110, section 8.6). */
function sameLength(field: string | string[] | undefined): string | undefined {
  if (field === undefined || (typeof field === "string" && DIGITS.test(field))) return field;
  const values = (Array.isArray(field) ? field.join(",") : field).split(",").map((value) => value.trim());
  const [first] = values;
  if (first === undefined || !values.every((value) => DIGITS.test(value)))
    throw broken("an invalid content-length");
  if (values.some((value) => Number(value) !== Number(first))) throw broken("two different content-lengths");
  return first;
}

function keepAliveOf(field: string | string[] | undefined): number | undefined {
  if (field === undefined) return undefined;
  const seconds = /(?:^|[,;\s])timeout=(\d{1,9})/i.exec(String(field))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
