import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber, numberFrom, parseJson, writeJson } from "@ape/core/lib/lossless-number";

/** A kind of repair of a value that has another type than its schema. */
export type CoercionKind = "type" | "single_item" | "json_text";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;

/**
 * A value in the type that its schema asks for, where that loses nothing: `"5"` for a number, 5 for a text, one item for
 * a list, JSON as text for an object or list. Every other value stays as it is.
 * @param note called with the kind of each repair
 */
export function coerceToSchema(
  value: Json,
  schema: Json | undefined,
  note: (kind: CoercionKind) => void,
): Json {
  if (!isJsonObject(schema) || value === null) return value;
  const types = typesOf(schema);
  if (types.size === 0) return value;
  const fitting = convert(value, types, schema, note);
  if (Array.isArray(fitting)) return fitting.map((item) => coerceToSchema(item, schema.items, note));
  if (!isJsonObject(fitting)) return fitting;
  const { properties, additionalProperties } = schema;
  const known = isJsonObject(properties) ? properties : {};
  return Object.fromEntries(
    Object.entries(fitting).map(([name, inner]) => [
      name,
      coerceToSchema(inner, Object.hasOwn(known, name) ? known[name] : additionalProperties, note),
    ]),
  );
}

function typesOf({ type }: JsonObject): ReadonlySet<string> {
  if (typeof type === "string") return new Set([type]);
  return new Set(Array.isArray(type) ? type.filter((one) => typeof one === "string") : []);
}

function convert(
  value: Json,
  types: ReadonlySet<string>,
  schema: JsonObject,
  note: (kind: CoercionKind) => void,
): Json {
  if (fits(value, types)) return value;
  if (typeof value === "string") {
    const text = value.trim();
    const numeric = types.has("number") ? NUMBER.test(text) : types.has("integer") && INTEGER.test(text);
    const truth = types.has("boolean") && (text === "true" || text === "false");
    if (numeric || truth) {
      note("type");
      return numeric ? (numberFrom(text) as Json) : text === "true";
    }
    const parsed = compositeOf(text);
    if (parsed !== undefined && fits(parsed, types)) {
      note("json_text");
      return parsed;
    }
  } else if (types.has("string") && (isNumber(value) || typeof value === "boolean")) {
    note("type");
    return writeJson(value);
  }
  if (types.has("array") && !Array.isArray(value)) {
    const items = schema.items;
    const item = coerceToSchema(value, items, () => undefined);
    if (isJsonObject(items) && typesOf(items).size > 0 && !fits(item, typesOf(items))) return value;
    note("single_item");
    return [value];
  }
  return value;
}

function fits(value: Json, types: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return types.has("array");
  if (isNumber(value)) return types.has("number") || (types.has("integer") && INTEGER.test(writeJson(value)));
  if (isJsonObject(value)) return types.has("object");
  return types.has(value === null ? "null" : typeof value);
}

/** The object or list that a text holds as JSON. */
export function compositeOf(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text) || /^\s*\{\{/.test(text)) return undefined;
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}
