import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { OpenApiDocument } from "../document.ts";
import { escapePointer } from "../pointer.ts";

const SCHEMAS = "#/components/schemas/";

/**
 * The schemas that extend another one with a discriminator by `allOf` (OpenAPI 3.1, "Discriminator Object"): a value of
 * the extended one is a value of one of them.
 */
export class Subtypes {
  readonly #extended = new Map<JsonObject, JsonObject>();

  private constructor() {}

  /** Undefined where a document has none. */
  static in(document: OpenApiDocument): Subtypes | undefined {
    const schemas = document.follow(document.follow(document.root.components).schemas);
    const found = new Subtypes();
    for (const [name, schema] of Object.entries(schemas)) {
      if (!isJsonObject(schema) || schema.oneOf !== undefined || schema.anyOf !== undefined) continue;
      const { discriminator } = schema;
      if (!isJsonObject(discriminator) || typeof discriminator.propertyName !== "string") continue;
      const own = `${SCHEMAS}${escapePointer(name)}`;
      const oneOf = (mapped(discriminator, schemas) ?? extending(own, schemas))
        .filter((reference) => reference !== own && isJsonObject(document.at(reference)))
        .map(($ref) => ({ $ref }));
      if (oneOf.length > 0) found.#extended.set(schema, { oneOf, discriminator });
    }
    return found.#extended.size === 0 ? undefined : found;
  }

  /** One of the schemas that extend a schema; undefined where none does. */
  of(schema: JsonObject): JsonObject | undefined {
    return this.#extended.get(schema);
  }
}

/** The references of a mapping, which also may be plain names; undefined without a mapping. */
function mapped({ mapping }: JsonObject, schemas: JsonObject): string[] | undefined {
  if (!isJsonObject(mapping)) return undefined;
  const references = Object.values(mapping).flatMap((to) => {
    if (typeof to !== "string") return [];
    return Object.hasOwn(schemas, to) ? `${SCHEMAS}${escapePointer(to)}` : to;
  });
  return references.length === 0 ? undefined : [...new Set(references)];
}

/** References to the schemas whose `allOf` names another one. */
const extending = (base: string, schemas: JsonObject): string[] =>
  Object.entries(schemas)
    .filter(
      ([, schema]) =>
        isJsonObject(schema) && list(schema.allOf).some((part) => isJsonObject(part) && part.$ref === base),
    )
    .map(([name]) => `${SCHEMAS}${escapePointer(name)}`);

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
