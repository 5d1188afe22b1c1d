import { isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import type { Json } from "@ape/core/json";
import type { Body, TransportError } from "@ape/core/tool-call";
import type { WireAnswer } from "./exchange.ts";

const TEXT = /^(?:text\/|application\/(?:xml|x-www-form-urlencoded|javascript|graphql)|[\w./-]+\+xml)/;
const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json\b/;

/**
 * Reads an answer's body by its content type: JSON is parsed, text decoded, the rest only measured.
 * @param promisesJson the API document promises JSON for this operation's successes
 */
export function readBody(
  answer: WireAnswer,
  maxBody: number,
  promisesJson: boolean,
): { body: Body; error?: TransportError } {
  const type = first(answer.headers["content-type"]);
  const decoded = decode(answer, maxBody);
  if (typeof decoded === "string")
    return { body: { kind: "binary", bytes: answer.body.length, cut: false }, error: contract(decoded) };
  const { bytes, cut } = decoded;
  const length = bytes.length;
  const promised = promisesJson && answer.status >= 200 && answer.status < 300;
  if (length === 0 && !cut) return { body: { kind: "empty" } };
  const json = JSON_TYPE.test(type);
  if (!json) {
    const body: Body =
      type === "" || TEXT.test(type)
        ? { kind: "text", text: bytes.toString("utf8"), bytes: length, cut }
        : { kind: "binary", bytes: length, cut };
    return promised
      ? {
          body,
          error: contract(
            `answered ${type === "" ? "no content type" : type.split(";")[0]} where JSON was promised`,
          ),
        }
      : { body };
  }
  const text = (): Body => ({ kind: "text", text: bytes.toString("utf8"), bytes: length, cut });
  if (cut)
    return {
      body: text(),
      error: { code: "body_too_large", message: `the answer is longer than ${maxBody} bytes` },
    };
  if (!isUtf8(bytes)) return { body: text(), error: contract("the JSON is not valid UTF-8") };
  try {
    return { body: { kind: "json", json: JSON.parse(bytes.toString("utf8")) as Json, bytes: length } };
  } catch {
    return { body: text(), error: contract("the answer claims to be JSON and is not") };
  }
}

const contract = (message: string): TransportError => ({ code: "contract", message });
const first = (header: string | string[] | undefined): string =>
  (Array.isArray(header) ? (header[0] ?? "") : (header ?? "")).toLowerCase();

/** Undoes a content encoding, bounded: a small body cannot grow beyond `maxBody`. */
function decode(answer: WireAnswer, maxBody: number): { bytes: Buffer; cut: boolean } | string {
  const encoding = first(answer.headers["content-encoding"]);
  if (encoding === "" || encoding === "identity" || answer.body.length === 0)
    return { bytes: answer.body, cut: answer.cut };
  const undo = { gzip: gunzipSync, "x-gzip": gunzipSync, deflate: inflateEither, br: brotliDecompressSync }[
    encoding
  ];
  if (undo === undefined) return `the answer is encoded as ${encoding}, which was not asked for`;
  if (answer.cut) return { bytes: Buffer.alloc(0), cut: true };
  try {
    return { bytes: undo(answer.body, { maxOutputLength: maxBody }), cut: false };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      return { bytes: Buffer.alloc(0), cut: true };
    return `the answer is not what its content-encoding ${encoding} says`;
  }
}

/** `deflate` is zlib (RFC 9110, section 8.4.1.2), but some servers send the bare stream; zlib begins with 0x?8. */
function inflateEither(bytes: Buffer, bounds: { maxOutputLength: number }): Buffer {
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, bounds) : inflateRawSync(bytes, bounds);
}
