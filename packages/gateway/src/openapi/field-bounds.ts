import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { requiredNames } from "./schema/dependents.ts";

/** A longer pattern is of no use in a prompt. */
const MAX_PATTERN = 300;

type Bounds = Omit<ApiField, "in" | "name" | "type" | "required" | "description" | "example">;

/**
 * The constraints of a flattened schema (JSON Schema 2020-12, validation, section 6). Exclusive bounds are also read in
 * the boolean form of OpenAPI 3.0. For an answer, only those that identify its fields.
 */
export function boundsOf(schema: JsonObject, where: ApiField["in"]): Bounds {
  const bounds: Bounds = {};
  const number = (key: string): number | undefined =>
    typeof schema[key] === "number" && Number.isFinite(schema[key]) ? schema[key] : undefined;
  if (typeof schema.format === "string") bounds.format = schema.format;
  else if (holdsFile(schema)) bounds.format = "binary";
  else if (/^base64/i.test(String(schema.contentEncoding ?? ""))) bounds.format = "byte";
  if (schema.const !== undefined) bounds.enum = [schema.const];
  else if (Array.isArray(schema.enum) && schema.enum.length > 0) bounds.enum = schema.enum;
  else if (schema.type === "null") bounds.enum = [null];
  readRange(schema, bounds, number);
  if (where === "answer") {
    delete bounds.exclusiveMinimum;
    delete bounds.exclusiveMaximum;
    return bounds;
  }
  const multipleOf = number("multipleOf");
  if (multipleOf !== undefined && multipleOf > 0) bounds.multipleOf = multipleOf;
  for (const key of ["minLength", "maxLength", "minItems", "maxItems"] as const) {
    const value = number(key);
    if (value !== undefined && value >= 0 && !(key.startsWith("min") && value === 0)) bounds[key] = value;
  }
  Object.assign(bounds, sizeOf(schema));
  const { pattern } = schema;
  if (typeof pattern === "string" && pattern !== "" && pattern.length <= MAX_PATTERN)
    bounds.pattern = pattern;
  if (schema.uniqueItems === true) bounds.uniqueItems = true;
  if (isNullable(schema)) bounds.nullable = true;
  const also = furtherTypes(schema);
  if (also.length > 0) bounds.also = also;
  return bounds;
}

function readRange(schema: JsonObject, bounds: Bounds, number: (key: string) => number | undefined): void {
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const value = number(bound);
    const limit = schema[exclusive] === true ? value : number(exclusive);
    if (limit !== undefined) bounds[exclusive] = limit;
    if (value !== undefined && schema[exclusive] !== true) bounds[bound] = value;
  }
}

/** How many properties an object may have, where it does not follow from which it must and may have. */
export function sizeOf(schema: JsonObject): Pick<ApiField, "minProperties" | "maxProperties"> {
  const { minProperties: least, maxProperties: most, properties } = schema;
  const known = isJsonObject(properties) ? Object.keys(properties).length : Number.POSITIVE_INFINITY;
  return {
    ...(typeof least === "number" && least > requiredNames(schema).length ? { minProperties: least } : {}),
    ...(typeof most === "number" && most < known ? { maxProperties: most } : {}),
  };
}

/**
 * Whether a schema is that of bytes as OpenAPI 3.1 writes it: a media type that is no text, without an encoding ("Working
 * with Binary Data").
 */
const holdsFile = ({ contentMediaType, contentEncoding }: JsonObject): boolean =>
  typeof contentMediaType === "string" &&
  contentEncoding === undefined &&
  !/^text\/(?!csv)|[/+](?:json|xml|yaml)\b/i.test(contentMediaType);

const isNullable = ({ nullable, type }: JsonObject): boolean =>
  nullable === true || (Array.isArray(type) && type.includes("null"));

/** The types that a schema allows besides {@link typeName}; `any` where nothing tells its type. */
function furtherTypes(schema: JsonObject): string[] {
  const { type, properties, additionalProperties, items } = schema;
  if (Array.isArray(type)) {
    const own = typeName(schema);
    return type.flatMap((one) => (typeof one === "string" && one !== "null" && one !== own ? [one] : []));
  }
  const told = [type, properties, additionalProperties, items, schema.enum, schema.const];
  const bounded = TYPED_KEYWORDS.some((key) => schema[key] !== undefined);
  return bounded || told.some((one) => one !== undefined) ? [] : ["any"];
}

/** Keywords that are of use with one type only. */
const TYPED_KEYWORDS = [
  "format",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "multipleOf",
  "default",
  "example",
  "contentMediaType",
  "contentEncoding",
] as const;

/** The JSON type of a flattened schema; inferred from its other keywords if it has none. */
export function typeName(schema: JsonObject): string {
  const types = Array.isArray(schema.type) ? schema.type.filter((type) => type !== "null") : [schema.type];
  const [type] = types;
  if (typeof type === "string") return type;
  if (isJsonObject(schema.properties) || isJsonObject(schema.additionalProperties)) return "object";
  if (isJsonObject(schema.items) || Array.isArray(schema.prefixItems)) return "array";
  const sample: Json | undefined = (Array.isArray(schema.enum) ? schema.enum[0] : undefined) ?? schema.const;
  if (sample === undefined || sample === null) return "string";
  return Array.isArray(sample) ? "array" : typeof sample;
}
