import { randomBytes } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { type EncodeText, urlEncode } from "./web/form-charset.ts";

/** A body as it is sent, and what it is. */
export interface RequestBody {
  type: string;
  body: string | Buffer;
}

/**
 * Encodes a call's data by content type: JSON, `x-www-form-urlencoded`, `multipart/form-data`, `text/plain` as forms
 * have it, else text as it is. A list repeats its name in forms. Bytes are written as `{"base64": "..."}`; a file in a
 * multipart form as `{"filename": "a.txt", "content": "..."}` or with `base64`, and `type` where it matters.
 * @param encode writes the texts of forms in another encoding than UTF-8
 */
export function encodeBody(data: Json, type: string, encode?: EncodeText): RequestBody {
  if (/[/+]json\b/i.test(type)) return { type, body: writeJson(data) };
  if (typeof data === "string") return { type, body: data };
  if (isJsonObject(data)) {
    // Before bytes: a form can have a field called `base64`, and none but that one.
    if (/x-www-form-urlencoded/i.test(type)) {
      const pairs = pairsOf(data).map(([name, value]): [string, string] => [name, textOf(value)]);
      const body = encode === undefined ? new URLSearchParams(pairs).toString() : urlEncode(pairs, encode);
      return { type, body };
    }
    if (/^multipart\/form-data\b/i.test(type)) return multipart(data, encode);
    const bytes = bytesOf(data);
    if (bytes !== undefined) return { type, body: bytes };
    if (/^text\/plain\b/i.test(type)) {
      const text = plainForm(data);
      return { type, body: encode === undefined ? text : encode(text) };
    }
  }
  return { type, body: writeJson(data) };
}

function bytesOf(data: JsonObject): Buffer | undefined {
  const { base64 } = data;
  return typeof base64 === "string" && Object.keys(data).length === 1
    ? Buffer.from(base64, "base64")
    : undefined;
}

/** The fields of a form in order, a list as its name repeated. */
function pairsOf(data: JsonObject): [string, Json][] {
  return Object.entries(data).flatMap(([name, value]): [string, Json][] =>
    Array.isArray(value) ? value.map((item) => [name, item]) : [[name, value]],
  );
}

const textOf = (value: Json): string => (typeof value === "string" ? value : writeJson(value));

/** HTML, "Plain text form data": one `name=value` a line, which is not meant to be read back by machines. */
const plainForm = (data: JsonObject): string =>
  pairsOf(data)
    .map(([name, value]) => `${name}=${textOf(value)}\r\n`)
    .join("");

/** RFC 7578; names are escaped as HTML, "Multipart form data", says: quotes and line ends percent-encoded. */
function multipart(data: JsonObject, encode: EncodeText = Buffer.from): RequestBody {
  const boundary = `ape-${randomBytes(12).toString("hex")}`;
  const parts: (string | Buffer)[] = [];
  for (const [name, value] of pairsOf(data)) {
    let head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`;
    let content: string | Buffer = "";
    if (isJsonObject(value) && ("filename" in value || "base64" in value)) {
      const { filename = "file", base64, content: text = "", type = "application/octet-stream" } = value;
      head += `; filename="${quoted(textOf(filename))}"\r\ncontent-type: ${oneLine(textOf(type))}`;
      content = typeof base64 === "string" ? Buffer.from(base64, "base64") : textOf(text);
    } else content = textOf(value);
    parts.push(`${head}\r\n\r\n`, content, "\r\n");
  }
  parts.push(`--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat(parts.map((part) => (typeof part === "string" ? encode(part) : part))),
  };
}

const quoted = (text: string): string =>
  text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, "");
