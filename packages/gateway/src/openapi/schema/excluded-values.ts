import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { typeName } from "../field-bounds.ts";

/**
 * A flattened schema without the values that its `not` excludes (JSON Schema 2020-12, section 10.2.1.4), as what it says itself:
 * what is left of its values and types, the opposite bound, or an example of a number that is none of the excluded ones. Texts
 * are rarely one of a list by chance. Of several excluded schemas (`anyOf`), none may hold.
 * @param flat flattens a schema that is excluded
 */
export function withoutExcluded(
  schema: JsonObject,
  flat: (excluded: Json) => JsonObject = asObject,
): JsonObject {
  return excludedIn(schema, flat).reduce<JsonObject>(without, schema);
}

/** Whether everything that a `not` excludes is followed; `not` itself must be a schema. */
export function followsExcluded(not: JsonObject): boolean {
  return [not.anyOf ?? [not]].flat().every((one) => isJsonObject(one) && isFollowed(one));
}

/** Names of the properties that an object must not have. */
export function excludedNames(schema: JsonObject, flat: (excluded: Json) => JsonObject): ReadonlySet<Json> {
  const names = excludedIn(schema, flat).flatMap((excluded) =>
    soleKeyword(excluded) === "required" && Array.isArray(excluded.required) && excluded.required.length === 1
      ? excluded.required
      : [],
  );
  return new Set(names);
}

const asObject = (schema: Json): JsonObject => (isJsonObject(schema) ? schema : {});

/** The schemas of which a `not` lets none hold. */
export const excludedSchemas = (not: Json | undefined): Json[] =>
  isJsonObject(not) && Array.isArray(not.anyOf) && Object.keys(not).length === 1 ? not.anyOf : [not ?? {}];

const excludedIn = ({ not }: JsonObject, flat: (excluded: Json) => JsonObject): JsonObject[] =>
  isJsonObject(not) ? excludedSchemas(not).map(flat) : [];

/** The only keyword of a schema besides its type; undefined if there are several or none. */
function soleKeyword(schema: JsonObject): string | undefined {
  const keys = Object.keys(schema).filter((key) => key !== "type" && !SILENT.has(key));
  return keys.length === 1 ? keys[0] : undefined;
}

/** Keywords that exclude nothing. */
const SILENT = new Set(["title", "description", "$comment", "nullable"]);

/** What holds instead of a bound that must not: the opposite one, and how far it is from it. */
const OPPOSITES: Readonly<Record<string, readonly [bound: string, difference: number]>> = {
  minimum: ["exclusiveMaximum", 0],
  maximum: ["exclusiveMinimum", 0],
  exclusiveMinimum: ["maximum", 0],
  exclusiveMaximum: ["minimum", 0],
  minLength: ["maxLength", -1],
  maxLength: ["minLength", 1],
  minItems: ["maxItems", -1],
  maxItems: ["minItems", 1],
  minProperties: ["maxProperties", -1],
  maxProperties: ["minProperties", 1],
};

function isFollowed(excluded: JsonObject): boolean {
  const keyword = soleKeyword(excluded);
  if (keyword === undefined) return Object.keys(excluded).every((key) => key === "type" || SILENT.has(key));
  if (keyword === "required") return Array.isArray(excluded.required) && excluded.required.length === 1;
  return keyword === "const" || keyword === "enum" || keyword in OPPOSITES;
}

function without(schema: JsonObject, excluded: JsonObject): JsonObject {
  const keyword = soleKeyword(excluded);
  if (keyword === undefined) {
    const isType = excluded.type !== undefined && isFollowed(excluded);
    return isType ? withoutTypes(schema, [excluded.type ?? []].flat()) : schema;
  }
  // A bound of another type than the schema's excludes nothing.
  if (excluded.type !== undefined && ![excluded.type].flat().includes(typeName(schema))) return schema;
  if (keyword === "const") return withoutValues(schema, [excluded.const ?? null]);
  if (keyword === "enum") return Array.isArray(excluded.enum) ? withoutValues(schema, excluded.enum) : schema;
  const opposite = OPPOSITES[keyword];
  const limit = excluded[keyword];
  if (opposite === undefined || typeof limit !== "number") return schema;
  const [bound, difference] = opposite;
  const value = limit + difference;
  const own = schema[bound];
  if (typeof own === "number" && (/max/i.test(bound) ? own <= value : own >= value)) return schema;
  return value < 0 && difference !== 0 ? schema : { ...schema, [bound]: value };
}

function withoutValues(schema: JsonObject, excluded: readonly Json[]): JsonObject {
  if (excluded.length === 0) return schema;
  const isFree = (value: Json): boolean => !excluded.includes(value);
  const type = typeName(schema);
  if (excluded.every((value) => value === null)) return withoutTypes(schema, ["null"]);
  const values = Array.isArray(schema.enum) ? schema.enum : type === "boolean" ? [true, false] : undefined;
  if (values !== undefined) {
    const left = values.filter(isFree);
    return left.length === 0 ? schema : { ...schema, enum: left };
  }
  if (type !== "integer" && type !== "number") return schema;
  if (schema.default !== undefined || schema.example !== undefined) return schema;
  const step = typeof schema.multipleOf === "number" && schema.multipleOf > 0 ? schema.multipleOf : 1;
  const first = Math.ceil((typeof schema.minimum === "number" ? schema.minimum : 1) / step) * step;
  for (let value = first; value <= first + step * excluded.length; value += step)
    if (isFree(value)) return { ...schema, example: value };
  return schema;
}

const TYPES = ["string", "integer", "number", "boolean", "array", "object"];

/** A schema without values of some types: of one that allows any, the others are left. */
function withoutTypes(schema: JsonObject, types: readonly Json[]): JsonObject {
  const isFree = (type: Json): boolean =>
    !types.includes(type) && !(type === "integer" && types.includes("number"));
  const rest = isFree("null") ? schema : withoutNull(schema);
  if (Array.isArray(rest.enum)) {
    const values = rest.enum.filter((value) => isFree(typeOf(value)));
    return values.length === 0 ? rest : { ...rest, enum: values };
  }
  if (Array.isArray(rest.type)) {
    const left = rest.type.filter(isFree);
    return left.length === 0 || left.length === rest.type.length ? rest : { ...rest, type: left };
  }
  if (rest.type !== undefined || isFree(typeName(rest))) return rest;
  const left = TYPES.filter(isFree);
  return left.length === 0 ? rest : { ...rest, type: left };
}

function withoutNull(schema: JsonObject): JsonObject {
  if (schema.nullable !== true) return schema;
  const { nullable: _, ...rest } = schema;
  return rest;
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
