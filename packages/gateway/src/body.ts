import { isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { charsetOf, decodeText, wideEncoding } from "@ape/core/lib/charset";
import type { Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import type { SecretMasker } from "@ape/core/lib/mask";
import type { Body, TransportError } from "@ape/core/protocol/tool-call";
import { declaredCharset } from "./declared-charset.ts";
import type { HttpResponse } from "./http-exchange.ts";

/** Types whose bodies are text: several JSON values in a row are no JSON, but readable as text. */
const TEXT =
  /^(?:text\/|application\/(?:xml|x-www-form-urlencoded|(?:x-)?javascript|ecmascript|graphql|(?:x-)?ndjson|(?:x-)?jsonl(?:ines)?|json-seq|(?:x-)?yaml|toml|sql|x-sh|csv)\b|[\w./-]+\+(?:xml|yaml|json-seq))/;
const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json(?![\w.+-])/;
/** Maximum number of nested content codings. */
const MAX_CODINGS = 4;

/** What an answer's headers say of its body. */
export interface ReadAnswer {
  body: Body;
  /** The character encoding of a text, as named in the Encoding Standard. */
  encoding?: string;
  error?: TransportError;
  /** Why a good answer to a write proves nothing. */
  unproven?: string;
}

/**
 * Reads an answer's body by its content type: JSON is parsed, text decoded, other content only measured.
 * @param promisesJson the API document promises JSON for this operation's successes
 */
export function readBody(answer: HttpResponse, maxBody: number, promisesJson: boolean): ReadAnswer {
  const type = first(answer.headers["content-type"]);
  const { secrets } = answer;
  const decoded = decode(answer, maxBody);
  if (typeof decoded === "string")
    return { body: { kind: "binary", bytes: answer.body.length, cut: false }, error: contract(decoded) };
  const { bytes, cut } = decoded;
  const length = bytes.length;
  const promised = promisesJson && answer.status >= 200 && answer.status < 300;
  if (length === 0 && !cut) return { body: { kind: "empty" } };
  const json = JSON_TYPE.test(type);
  if (!json) {
    const read: ReadAnswer =
      type === "" || TEXT.test(type)
        ? readText(bytes, type, cut, secrets)
        : { body: { kind: "binary", bytes: length, cut } };
    if (promised)
      read.error = contract(
        `answered ${type === "" ? "no content type" : type.split(";")[0]} where JSON was promised`,
      );
    return read;
  }
  const text = (): Body => readText(bytes, type, cut, secrets).body;
  if (cut)
    return {
      body: text(),
      error: { code: "body_too_large", message: `the answer is longer than ${maxBody} bytes` },
    };
  const source = jsonText(bytes, type);
  if (source === undefined) return { body: text(), error: contract("the JSON is not valid UTF-8") };
  try {
    return { body: { kind: "json", json: parseWithout(source, secrets), bytes: length } };
  } catch {
    return { body: text(), error: contract("the answer claims to be JSON and is not") };
  }
}

/** What some servers put before JSON so that no page can run it as a script: Gerrit, Angular, Facebook. */
const NO_SCRIPT = /^\s*(?:\)\]\}'?,?|(?:while|for)\s*\((?:1|true|;;)\);)\s*(?=[[{"])/;

/** Parses JSON, with secrets replaced in it. */
function parseWithout(source: string, secrets: SecretMasker | undefined): Json {
  const json = parseJson(source.replace(NO_SCRIPT, "")) as Json;
  // Only a text that may contain one is walked through.
  return secrets?.mayHold(source) === true ? secrets.maskJson(json) : json;
}

/** How far into a page its encoding is searched. Source: HTML, "prescan a byte stream to determine its encoding". */
const PRESCAN_BYTES = 1_024;

/** Text by the encoding that the answer or the text itself declares. */
function readText(bytes: Buffer, type: string, cut: boolean, secrets: SecretMasker | undefined): ReadAnswer {
  const declared = charsetOf(type) ?? declaredWithin(bytes);
  // A text that was cut may end in the middle of a character, which does not indicate another encoding.
  const { text, encoding } = decodeText(bytes, declared ?? (cut ? "utf-8" : undefined));
  const shown = secrets === undefined ? text : secrets.mask(text);
  return { body: { kind: "text", text: shown, bytes: bytes.length, cut }, encoding };
}

function declaredWithin(bytes: Buffer): string | undefined {
  const declared = declaredCharset(bytes.toString("latin1", 0, PRESCAN_BYTES));
  // A declaration of UTF-16 in ASCII bytes means UTF-8 (HTML, the same algorithm).
  return declared !== undefined && /^utf-?16/i.test(declared) ? "utf-8" : declared;
}

/**
 * The text of JSON: UTF-8 without a byte-order mark (RFC 8259, section 8.1), or the encoding that the answer declares.
 * @returns undefined if the bytes are not valid in it
 */
function jsonText(bytes: Buffer, type: string): string | undefined {
  const wide = wideEncoding(bytes, true) ?? halfWideEncoding(bytes);
  if (wide !== undefined) return decodeText(bytes, wide).text;
  if (isUtf8(bytes)) return bytes.toString("utf8", bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0);
  const declared = charsetOf(type);
  const { text, encoding } = decodeText(bytes, declared);
  return declared === undefined && !encoding.startsWith("utf-16") ? undefined : text;
}

/** UTF-16 without a byte-order mark: JSON begins with a character of ASCII, half of which is a NUL (RFC 4627, section 3). */
function halfWideEncoding(bytes: Buffer): string | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  if (bytes[0] === 0 && bytes[1] !== 0) return "utf-16be";
  return bytes[0] !== 0 && bytes[1] === 0 ? "utf-16le" : undefined;
}

const contract = (message: string): TransportError => ({ code: "contract", message });
const first = (header: string | string[] | undefined): string =>
  (Array.isArray(header) ? (header[0] ?? "") : (header ?? "")).toLowerCase();

type Decoder = (bytes: Buffer, bounds: { maxOutputLength: number }) => Buffer;
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateEither],
  ["br", brotliDecompressSync],
]);

/** No coding: `none`, which curl reads so, and names of charsets and of MIME's encodings in the wrong header. */
const NO_CODING = /^(?:identity|none|utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|binary|[78]bit)$/;

/** Transfer codings that frame the content, which the client has undone, or that are none. */
const FRAMING = /^(?:chunked|identity)(?:\s*;|$)/;

/**
 * Undoes the content codings, the last one first (RFC 9110, section 8.4), and before them the transfer codings that a server sends
 * unasked (RFC 9112, section 7.2); bounded: a small body cannot grow beyond `maxBody`.
 */
function decode(answer: HttpResponse, maxBody: number): { bytes: Buffer; cut: boolean } | string {
  const { "content-encoding": named, "transfer-encoding": transfer } = answer.headers;
  if (named === undefined && (transfer === undefined || FRAMING.test(String(transfer))))
    return { bytes: answer.body, cut: answer.cut };
  const content = codingsIn(named).filter((coding) => !NO_CODING.test(coding));
  const transfers = codingsIn(transfer).filter((coding) => !FRAMING.test(coding));
  const codings = [...content, ...transfers];
  const encoding = [named ?? [], transfers].flat().join(",").toLowerCase();
  if (codings.length === 0 || answer.body.length === 0) return { bytes: answer.body, cut: answer.cut };
  if (codings.length > MAX_CODINGS || codings.some((coding) => !DECODERS.has(coding)))
    return `the answer is encoded as ${encoding.slice(0, 60)}, which was not asked for`;
  if (answer.cut) return { bytes: Buffer.alloc(0), cut: true };
  try {
    let bytes: Buffer = answer.body;
    for (const coding of codings.reverse())
      bytes = DECODERS.get(coding)?.(bytes, { maxOutputLength: maxBody }) ?? bytes;
    return { bytes, cut: false };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      return { bytes: Buffer.alloc(0), cut: true };
    return `the answer is not what its content-encoding ${encoding.slice(0, 60)} says`;
  }
}

const codingsIn = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .join(",")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "");

/** `deflate` is zlib (RFC 9110, section 8.4.1.2), but some servers send the bare stream; zlib begins with 0x?8. */
function inflateEither(bytes: Buffer, bounds: { maxOutputLength: number }): Buffer {
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, bounds) : inflateRawSync(bytes, bounds);
}
