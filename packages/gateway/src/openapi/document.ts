import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ApeError, messageOf } from "@ape/core/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import { request } from "undici";
import { parse } from "yaml";

const MAX_BYTES = 20 * 1024 * 1024;
const FETCH_MS = 10_000;
const MAX_HOPS = 20;

/** An OpenAPI 3.0 or 3.1 document, its references followed where they are read. */
export class OpenApiDocument {
  readonly root: JsonObject;

  constructor(root: JsonObject) {
    this.root = root;
  }

  /** A value with its `$ref` followed. Only references within the document are; siblings of a `$ref` win. */
  follow(value: Json | undefined): JsonObject {
    let at: Json | undefined = value;
    for (let hop = 0; hop < MAX_HOPS && isJsonObject(at); hop += 1) {
      const reference = at.$ref;
      if (typeof reference !== "string") return at;
      const { $ref: _, ...siblings } = at;
      const found = this.#at(reference);
      at = isJsonObject(found) ? { ...found, ...siblings } : siblings;
    }
    return isJsonObject(at) ? at : {};
  }

  /** RFC 6901, section 6: a JSON pointer as a URI fragment. */
  #at(reference: string): Json | undefined {
    if (!reference.startsWith("#/")) return undefined;
    let at: Json | undefined = this.root;
    for (const part of reference.slice(2).split("/")) {
      if (typeof at !== "object" || at === null) return undefined;
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      at = Array.isArray(at) ? at[Number(key)] : at[key];
    }
    return at;
  }
}

/**
 * Reads a document from a path (relative to `baseDir`) or an http URL; YAML and JSON.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function loadOpenApi(source: string, baseDir: string): Promise<OpenApiDocument> {
  const text = await readSource(source, baseDir);
  let root: unknown;
  try {
    root = source.endsWith(".json") || text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text);
  } catch (cause) {
    throw new ApeError(
      "SPEC_INVALID",
      `${source} is neither YAML nor JSON: ${messageOf(cause).split("\n")[0]}`,
      { cause },
    );
  }
  const version = isJsonObject(root) ? root.openapi : undefined;
  if (!isJsonObject(root) || typeof version !== "string" || !/^3\.[01]\./.test(version))
    throw new ApeError("SPEC_INVALID", `${source} is no OpenAPI 3.0 or 3.1 document`, {
      hint:
        isJsonObject(root) && root.swagger !== undefined
          ? "It is Swagger 2.0: convert it to OpenAPI 3 first."
          : "It needs `openapi: 3.0.x` or `openapi: 3.1.x` at its top.",
    });
  if (!isJsonObject(root.paths) || Object.keys(root.paths).length === 0)
    throw new ApeError("SPEC_INVALID", `${source} has no paths`, {
      hint: "An API document lists its operations under `paths`.",
    });
  return new OpenApiDocument(root);
}

/**
 * The text of a document at a path (relative to `baseDir`) or an http URL.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export function readSource(source: string, baseDir: string): Promise<string> {
  return /^https?:\/\//.test(source) ? download(source) : read(source, baseDir);
}

async function read(source: string, baseDir: string): Promise<string> {
  const path = resolve(baseDir, source);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `the API document ${source} cannot be read`, {
      cause,
      hint: `Paths are relative to the configuration: ${path} was looked for.`,
    });
  }
}

async function download(url: string): Promise<string> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: FETCH_MS, bodyTimeout: FETCH_MS });
    if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  } catch (cause) {
    throw new ApeError("SPEC_INVALID", `the API document ${url} cannot be fetched: ${messageOf(cause)}`, {
      cause,
      hint: "Try it with curl, or save it to a file and name that in `spec`.",
    });
  }
}
