import { randomBytes } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { type ParameterStyle, queryPairs } from "./parameter-style.ts";
import { type EncodeText, urlEncode } from "./web/form-charset.ts";

/** How a property of a form is serialized. */
export interface PropertyEncoding {
  /** For a list or an object in an `x-www-form-urlencoded` body. */
  style?: ParameterStyle;
  /** Media type of its part in a multipart body; of its value in an `x-www-form-urlencoded` one. */
  type?: string;
  /** A part with a file name, even if only its content is given. */
  isFile?: boolean;
}

/** By the name of the property. */
export type PropertyEncodings = ReadonlyMap<string, PropertyEncoding>;

const NO_ENCODINGS: PropertyEncodings = new Map();

/** An encoded body, and its content type. */
export interface RequestBody {
  type: string;
  body: string | Buffer;
}

/**
 * Encodes a call's data by content type: JSON, `x-www-form-urlencoded`, `multipart/form-data`, `text/plain` as forms
 * have it, else text as it is. A list repeats its name in forms. Bytes are written as `{"base64": "..."}`; a file in a
 * multipart form as `{"filename": "a.txt", "content": "..."}` or with `base64`, and `type` where it matters.
 * @param options.encode writes the texts of forms in another encoding than UTF-8
 * @param options.properties how an API document has properties of a form written
 */
export function encodeBody(
  data: Json,
  type: string,
  { encode, properties = NO_ENCODINGS }: { encode?: EncodeText; properties?: PropertyEncodings } = {},
): RequestBody {
  if (isJson(type)) return { type, body: writeJson(data) };
  if (typeof data === "string") return { type, body: data };
  if (isJsonObject(data)) {
    // Tested before bytes: a form may have a field named `base64`, but not only that one.
    if (/x-www-form-urlencoded/i.test(type)) {
      if (properties.size > 0) return { type, body: styledForm(data, properties) };
      const pairs = pairsOf(data).map(([name, value]): [string, string] => [name, textOf(value)]);
      const body = encode === undefined ? new URLSearchParams(pairs).toString() : urlEncode(pairs, encode);
      return { type, body };
    }
    if (/^multipart\/form-data\b/i.test(type)) return multipart(data, properties, encode);
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
  return Object.keys(data).length === 1 ? bytesIn(data.base64) : undefined;
}

/** RFC 4648, sections 4 and 5, with line ends as MIME writes them. What is not in this form is a text like others. */
const BASE64 = /^[A-Za-z0-9+/_\-\r\n]*={0,2}\s*$/;

const bytesIn = (value: Json | undefined): Buffer | undefined =>
  typeof value === "string" && BASE64.test(value) ? Buffer.from(value, "base64") : undefined;

/** The values that a property of a form is sent as: a list repeats its name, unless it is one value of JSON. */
const itemsOf = (value: Json, { type }: PropertyEncoding = {}): readonly Json[] =>
  Array.isArray(value) && !isJson(type) ? value : [value];

/** The fields of a form in order. */
function pairsOf(data: JsonObject, properties = NO_ENCODINGS): [string, Json][] {
  return Object.entries(data).flatMap(([name, value]) =>
    itemsOf(value, properties.get(name)).map((item): [string, Json] => [name, item]),
  );
}

const textOf = (value: Json): string => (typeof value === "string" ? value : writeJson(value));

/** HTML, "Plain text form data": one `name=value` per line, a format that is not machine-readable. */
const plainForm = (data: JsonObject): string =>
  pairsOf(data)
    .map(([name, value]) => `${name}=${textOf(value)}\r\n`)
    .join("");

/** A form whose lists and objects have the document's styles. */
function styledForm(data: JsonObject, properties: PropertyEncodings): string {
  return Object.entries(data)
    .flatMap(([name, value]) => {
      const encoding = properties.get(name);
      if (encoding?.style !== undefined) return queryPairs(name, value, encoding.style);
      return new URLSearchParams(itemsOf(value, encoding).map((item) => [name, textOf(item)])).toString();
    })
    .join("&");
}

const isJson = (type: string | undefined): boolean => type !== undefined && /[/+]json\b/i.test(type);

/** The file in a part, as given or as its property requires; undefined if it is none. */
function fileOf(
  value: Json,
  name: string,
  { isFile = false, type }: PropertyEncoding,
): JsonObject | undefined {
  if (isJsonObject(value) && ("filename" in value || "base64" in value || (isFile && "content" in value)))
    return { ...(type === undefined ? {} : { type }), ...value };
  if (!isFile || value === null) return undefined;
  return { filename: name, content: textOf(value), ...(type === undefined ? {} : { type }) };
}

/** RFC 7578; names are escaped as HTML, "Multipart form data", says: quotes and line ends percent-encoded. */
function multipart(
  data: JsonObject,
  properties: PropertyEncodings,
  encode: EncodeText = Buffer.from,
): RequestBody {
  const boundary = `ape-${randomBytes(12).toString("hex")}`;
  const parts: (string | Buffer)[] = [];
  for (const [name, value] of pairsOf(data, properties)) {
    const encoding = properties.get(name) ?? {};
    let head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`;
    let content: string | Buffer = "";
    const file = fileOf(value, name, encoding);
    if (file !== undefined) {
      const { filename = "file", base64, content: text = "", type = "application/octet-stream" } = file;
      head += `; filename="${quoted(textOf(filename))}"\r\ncontent-type: ${oneLine(textOf(type))}`;
      content = bytesIn(base64) ?? textOf(base64 ?? text);
    } else {
      // OpenAPI 3.1, "Encoding Object": an object is JSON by default.
      const type =
        encoding.type ?? (typeof value === "object" && value !== null ? "application/json" : undefined);
      if (type !== undefined) head += `\r\ncontent-type: ${oneLine(type)}`;
      content = isJson(type) ? writeJson(value) : textOf(value);
    }
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
