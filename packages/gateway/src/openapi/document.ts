import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isUrl, readSource, shownSource } from "./document-source.ts";
import { bundleReferences } from "./external-references.ts";
import { parseDocument } from "./parse.ts";
import { valueAtPointer } from "./pointer.ts";

/** An OpenAPI 3 document in one piece; its references are followed where they are read. */
export class OpenApiDocument {
  readonly root: JsonObject;
  /** Its URL, if it was fetched. */
  readonly url: string | undefined;
  readonly #followed = new WeakMap<JsonObject, JsonObject>();

  constructor(root: JsonObject, url?: string) {
    this.root = root;
    this.url = url;
  }

  /**
   * A value with its `$ref` resolved; siblings of a `$ref` win. An empty object if the reference leads nowhere, or only
   * to itself.
   */
  follow(value: Json | undefined): JsonObject {
    if (!isJsonObject(value)) return {};
    if (typeof value.$ref !== "string") return value;
    const known = this.#followed.get(value);
    if (known !== undefined) return known;
    const chain = new Set<JsonObject>();
    let at: Json | undefined = value;
    let siblings: JsonObject = {};
    while (isJsonObject(at) && typeof at.$ref === "string" && !chain.has(at)) {
      chain.add(at);
      const { $ref, ...own }: JsonObject = at;
      siblings = { ...own, ...siblings };
      at = valueAtPointer(this.root, $ref as string);
    }
    const target = isJsonObject(at) && typeof at.$ref !== "string" ? at : {};
    const followed = Object.keys(siblings).length === 0 ? target : { ...target, ...siblings };
    this.#followed.set(value, followed);
    return followed;
  }

  /** The value of a local reference, not resolved further; undefined if there is none. */
  at(reference: string): Json | undefined {
    return valueAtPointer(this.root, reference);
  }
}

/**
 * Reads OpenAPI 3.0, 3.1 and 3.2 and Swagger 2.0 from a path (relative to `baseDir`) or an http URL; YAML and JSON. What
 * is in other files is read with it, see {@link bundleReferences}; Swagger 2.0 is converted to OpenAPI 3.0.
 * @param inspect called with the text of the document and its root before anything is changed
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function loadOpenApi(
  source: string,
  baseDir: string,
  inspect?: (text: string, root: JsonObject) => void,
): Promise<OpenApiDocument> {
  const text = await readSource(source, baseDir);
  const shown = shownSource(source);
  if (
    /^\s*(?:type|interface|input|schema|enum)\b[^:\n]*\{/m.test(text) &&
    !/^\s*["']?(?:openapi|swagger)\b/m.test(text)
  )
    throw new ApeError("SPEC_INVALID", `${shown} is no OpenAPI document but a GraphQL schema`, {
      hint: "Set the target's `kind` to graphql.",
    });
  const parsed = parseDocument(text, shown);
  if (!isJsonObject(parsed) || versionOf(parsed) === undefined)
    throw new ApeError("SPEC_INVALID", `${shown} is no OpenAPI 3 or Swagger 2.0 document`, {
      hint: 'It needs `openapi: 3.0.x`, `3.1.x` or `3.2.x`, or `swagger: "2.0"`, at its top.',
    });
  inspect?.(text, parsed);
  await bundleReferences(parsed, source, baseDir);
  const root =
    versionOf(parsed) === "2.0" ? (await import("./swagger.ts")).convertSwagger(parsed, shown) : parsed;
  if (!isJsonObject(root.paths) || Object.keys(root.paths).length === 0)
    throw new ApeError("SPEC_INVALID", `${shown} has no paths`, {
      hint: "An API document lists its operations under `paths`.",
    });
  return new OpenApiDocument(root, isUrl(source) ? source : undefined);
}

/** The version of a document that can be read, `2.0` or `3.x`; YAML reads an unquoted `3.1` as a number. */
function versionOf({ openapi, swagger }: JsonObject): string | undefined {
  const version = String(openapi ?? swagger ?? "");
  if (openapi === undefined) return version === "2.0" || version === "2" ? "2.0" : undefined;
  return /^3(?:\.[0-2])?(?:\.|$)/.exec(version)?.[0];
}
