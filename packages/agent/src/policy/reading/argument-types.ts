import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber, numberFrom } from "@ape/core/lib/lossless-number";
import { describedTypes } from "@ape/core/protocol/fields/field-text";
import { jsonOf } from "./json-text.ts";

const MAX_DEPTH = 12;
/** Only what is written back identically: "007" and "1e3" may be texts. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Converts a value to the types of a schema where the conversion is lossless: a number in text, a number for text, a single
 * value for a list, an object in JSON text, null for an optional field. Returns any other value unchanged.
 * @param note called for each change
 */
export function fitToSchema(value: Json, schema: Json | undefined, note: () => void, depth = 0): Json {
  if (!isJsonObject(schema as Json) || depth > MAX_DEPTH) return value;
  const wanted = schema as JsonObject;
  const types = typesOf(wanted);
  if (types.length === 0) return value;
  const fitted = fit(value, types, note);
  if (Array.isArray(fitted)) {
    const { items } = wanted;
    return items === undefined ? fitted : fitted.map((item) => fitToSchema(item, items, note, depth + 1));
  }
  if (
    isJsonObject(fitted) &&
    (isJsonObject(wanted.properties as Json) || isJsonObject(wanted.additionalProperties as Json))
  )
    return fitProperties(fitted, wanted, note, depth);
  return fitted;
}

function fitProperties(value: JsonObject, schema: JsonObject, note: () => void, depth: number): JsonObject {
  const properties = (schema.properties ?? {}) as JsonObject;
  const others = isJsonObject(schema.additionalProperties as Json) ? schema.additionalProperties : undefined;
  const required = (schema.required ?? []) as readonly Json[];
  // Most arguments fit: nothing is copied before something changes.
  let changed: JsonObject | undefined;
  for (const name in value) {
    const inner = value[name] as Json;
    const own = Object.hasOwn(properties, name) ? properties[name] : others;
    if (inner === null && own !== undefined && !required.includes(name) && !allowsNull(own)) {
      note();
      changed ??= { ...value };
      delete changed[name];
      continue;
    }
    const fitted = fitToSchema(inner, own, note, depth + 1);
    if (fitted === inner) continue;
    changed ??= { ...value };
    // An own key `__proto__` stays one.
    Object.defineProperty(changed, name, {
      value: fitted,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return changed ?? value;
}

/** The types that a schema allows. Those that common servers of models do not accept in a schema are in its description. */
function typesOf(schema: JsonObject): readonly string[] {
  let types = knownTypes.get(schema);
  if (types === undefined) {
    types = readTypes(schema);
    knownTypes.set(schema, types);
  }
  return types;
}

const knownTypes = new WeakMap<JsonObject, readonly string[]>();

function readTypes({ type, description }: JsonObject): readonly string[] {
  const types = typeof type === "string" ? [type] : Array.isArray(type) ? (type as string[]) : [];
  return types.length === 0 ? [] : [...types, ...describedTypes(description)];
}

const allowsNull = (schema: Json): boolean =>
  !isJsonObject(schema) ||
  typesOf(schema).includes("null") ||
  typesOf(schema).length === 0 ||
  (Array.isArray(schema.enum) && schema.enum.includes(null));

function fit(value: Json, types: readonly string[], note: () => void): Json {
  // A server that takes one type has the model write a list as text where text is allowed too.
  if (typeof value === "string" && types.includes("string") && types.length > 1) {
    const inner = jsonIn(value);
    if (inner !== undefined && types.includes(typeOf(inner))) {
      note();
      return inner;
    }
  }
  if (types.includes(typeOf(value)) || (typeOf(value) === "integer" && types.includes("number")))
    return value;
  const fitted = converted(value, types);
  if (fitted === undefined) return value;
  note();
  return fitted;
}

function converted(value: Json, types: readonly string[]): Json | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    if (types.includes("integer") || types.includes("number")) {
      const number = numberFrom(text) as Json;
      if (
        PLAIN_NUMBER.test(text) &&
        String(number) === text &&
        (types.includes("number") || typeOf(number) === "integer")
      )
        return number;
    }
    if (types.includes("boolean") && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
    if (types.includes("object") || types.includes("array")) {
      const inner = jsonIn(text);
      if (inner !== undefined && types.includes(typeOf(inner))) return inner;
    }
  }
  if (types.includes("string") && (isNumber(value) || typeof value === "boolean")) return String(value);
  if (types.includes("array") && value !== null && !Array.isArray(value)) return [value];
  return undefined;
}

/** The object or list that a text holds as JSON. */
export function jsonIn(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text) || text.trimStart().startsWith("{{")) return undefined;
  return jsonOf(text);
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (isNumber(value)) return Number.isInteger(Number(value)) ? "integer" : "number";
  return typeof value;
}
