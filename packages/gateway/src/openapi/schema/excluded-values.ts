import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { typeName } from "../field-bounds.ts";

/**
 * A flattened schema without the values that its `not` lists (JSON Schema 2020-12, section 10.2.1.4): what is left of its
 * own, or an example of a number that is none of them. Texts are rarely one of a list by chance.
 */
export function withoutExcluded(schema: JsonObject): JsonObject {
  const excluded = isJsonObject(schema.not) ? valuesOf(schema.not) : [];
  if (excluded.length === 0) return schema;
  const isFree = (value: Json): boolean => !excluded.includes(value);
  const type = typeName(schema);
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

/** The values that a schema names and says nothing more of. */
function valuesOf(schema: JsonObject): readonly Json[] {
  const { const: only, enum: several } = schema;
  const keys = Object.keys(schema).filter((key) => key !== "type");
  if (keys.length !== 1) return [];
  if (keys[0] === "const") return [only ?? null];
  return keys[0] === "enum" && Array.isArray(several) ? several : [];
}
