import { isJsonObject, type Json } from "@ape/core/lib/json";
import { decodePercent } from "@ape/core/lib/percent";
import { isOverrideField, mayNameMethod } from "./override-name.ts";

/** A name and its value, as written. */
export type NamedValue = readonly [name: string, value: string];

/** Pairs of a query or form whose name can name a method; both `&` and `;` end one (HTML 4.01, section B.2.2). */
export function* namedPairs(text: string): Generator<NamedValue> {
  for (const pair of text.split(/[&;\r\n]/)) {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    if (at >= 0 && mayNameMethod(name)) yield [name, pair.slice(at + 1)];
  }
}

/** Decoded values of a form that are JSON, and the text itself if it is. */
export function* formValues(text: string): Generator<string> {
  if (/^\s*[[{]/.test(text)) yield text;
  for (const pair of text.split("&")) {
    const value = pair.slice(pair.indexOf("=") + 1);
    if (/^(?:\s|\+|%20)*(?:[[{]|%5b|%7b)/i.test(value) && value !== text)
      yield decodePercent(value.replaceAll("+", " "));
  }
}

/** Fields of a body in any form that a server could parse: pairs, parts (RFC 7578), members of JSON, XML or YAML. */
export function* fieldsOfText(text: string): Generator<NamedValue> {
  for (const read of readingsOf(text)) {
    yield* namedPairs(read);
    yield* partsOf(read);
    yield* membersOf(read);
    yield* elementsOf(read);
  }
}

/** A text as it is, as UTF-16, and as UTF-7 (RFC 2152), where its characters allow that. */
export function readingsOf(text: string): string[] {
  const readings = [text];
  if (text.includes("\0")) readings.push(text.replaceAll("\0", ""));
  if (UTF_7.test(text))
    readings.push(
      text.replaceAll(UTF_7_ALL, (_, code: string) => {
        const bytes = Buffer.from(code, "base64");
        return bytes
          .subarray(0, bytes.length - (bytes.length % 2))
          .swap16()
          .toString("utf16le");
      }),
    );
  return readings;
}

const UTF_7 = /\+[A-Za-z0-9+/]{2,}-/;
const UTF_7_ALL = /\+([A-Za-z0-9+/]{2,})-/g;

const ELEMENT = /<\s*([A-Za-z_$][\w$:.-]{0,60})[^<>]{0,200}>\s*(?:<!\[CDATA\[)?\s*([A-Za-z]{3,20})\b/g;
/** Also within braces, with a tag, or as an explicit key on a line of its own (YAML 1.2, sections 7.4, 6.9 and 8.2.2). */
const ENTRY =
  /(?:^|[\r\n{,])[ \t?-]*["']?([A-Za-z_$][\w$.-]{0,60})["']?[ \t]*(?:\r?\n[ \t]*)?:[ \t]*(?:![\w!<>:,./-]{0,60}[ \t]+|&\w+[ \t]+)?["']?([A-Za-z]{3,20})\b/g;
/** A character of XML by its number. */
const CHARACTER = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi;

/** Elements of XML and entries of YAML whose value is one word. */
function* elementsOf(text: string): Generator<NamedValue> {
  const plain = text.includes("&#")
    ? text.replaceAll(CHARACTER, (_, hex: string | undefined, digits: string | undefined) => {
        const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
        return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
      })
    : text;
  for (const pattern of [ELEMENT, ENTRY])
    for (const [, name = "", value = ""] of plain.matchAll(pattern))
      if (mayNameMethod(name)) yield [name, value];
}

const REQUEST_LINE = /(?:^|[\r\n])([A-Z]{3,20})[ \t]+(\S{1,2000})[ \t]+HTTP\/\d/g;

/** Requests within a body, as of `multipart/mixed` batches (OData, Google): the method and path of each. */
export function* requestsOfText(text: string): Generator<NamedValue> {
  if (!text.includes("HTTP/")) return;
  for (const [, method = "", path = ""] of text.matchAll(REQUEST_LINE)) yield [method, path];
}

const PART_NAME = /name\*?[ \t]*=[ \t]*(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]+))/gi;
const EMPTY_LINE = /(?:\r?\n|\r(?!\n))[ \t]*(?:\r?\n|\r(?!\n))/g;

function* partsOf(text: string): Generator<NamedValue> {
  if (!text.includes("\n") && !text.includes("\r")) return;
  for (const match of text.matchAll(PART_NAME)) {
    // `name*=utf-8''_method` is the extended form (RFC 8187).
    const name = (match[1] ?? match[2] ?? "").replaceAll("\\", "").replace(/^(?:[\w-]+'[\w-]*'|'+)/, "");
    if (!isOverrideField(name)) continue;
    EMPTY_LINE.lastIndex = match.index + match[0].length;
    const end = EMPTY_LINE.exec(text);
    if (end === null) return;
    const start = end.index + end[0].length;
    const value = text
      .slice(start, start + 1_000)
      .trimStart()
      .split(/[\r\n]/)[0] as string;
    yield [name, value];
    // `Content-Transfer-Encoding: base64`, which Django undoes.
    yield [name, Buffer.from(value, "base64").toString("latin1")];
  }
}

/** A JSON text, to the end if it is not closed: reads no quote twice. */
const STRING = /"((?:[^"\\]|\\.?)*)(?:"|$)/gs;

/** Members of JSON that are texts: all of them, as servers differ in which of two duplicates they use. */
function* membersOf(text: string): Generator<NamedValue> {
  if (!/^[\s\ufeff]*[{[]/.test(text)) return;
  let name = "";
  let end = 0;
  for (const match of text.matchAll(STRING)) {
    const value = unescapeJson(match[1] as string);
    if (text.slice(end, match.index).trim() === ":") yield [name, value];
    name = value;
    end = match.index + match[0].length;
  }
}

function unescapeJson(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, mark: string) =>
    code === undefined ? mark : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The text of a value, also as bytes or as a file of a form. */
export function valueTexts(value: Json): string[] {
  if (!isJsonObject(value)) return [String(value)];
  const texts: string[] = [];
  if (typeof value.base64 === "string") texts.push(Buffer.from(value.base64, "base64").toString("latin1"));
  if (typeof value.content === "string") texts.push(value.content);
  return texts;
}
