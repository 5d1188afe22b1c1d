import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { choicesOf } from "./schema-forms.ts";

/** One `if` with what holds where it is met: the property that it looks at, and the values that meet it. */
interface Condition {
  property: string;
  values: readonly Json[];
  met: JsonObject;
  otherwise: JsonObject;
}

/** Whether a schema says something only under a condition, itself or in a part of its `allOf`. */
export const hasConditions = (schema: JsonObject): boolean => conditionsIn(schema).length > 0;

/**
 * A schema with `if`, `then` and `else` as choices of forms (JSON Schema 2020-12, section 10.2.2.1): one form for each
 * condition on the value of the same property, and one for its other values. `if` that asks only whether properties are
 * there becomes `dependentSchemas`. Other conditions are left out: a call that keeps none of them may be refused.
 * @param flat flattens a property
 */
export function conditionsAsChoices(
  schema: JsonObject,
  flat: (property: Json | undefined) => JsonObject,
): JsonObject {
  const conditions = conditionsIn(schema);
  const { if: _, then: __, else: ___, ...rest } = schema;
  const plain: JsonObject = { ...rest };
  if (Array.isArray(schema.allOf)) plain.allOf = schema.allOf.filter((part) => !isCondition(part));
  const present = conditions.flatMap(presenceOf);
  if (present.length > 0)
    plain.dependentSchemas = {
      ...schemaAt(schema, "dependentSchemas"),
      ...Object.fromEntries(present),
    };
  const byValue = conditions.flatMap((one) => valueConditionOf(one) ?? []);
  const [first] = byValue;
  if (first === undefined || schema.oneOf !== undefined || schema.anyOf !== undefined) return plain;
  const { property } = first;
  plain.anyOf = formsOf(
    byValue.filter((one) => one.property === property),
    flat(schemaAt(schema, "properties")[property]),
  );
  return plain;
}

const isCondition = (part: Json): part is JsonObject => isJsonObject(part) && isJsonObject(part.if);

function conditionsIn(schema: JsonObject): JsonObject[] {
  const parts = Array.isArray(schema.allOf) ? schema.allOf : [];
  return [schema, ...parts].filter(isCondition);
}

/** The forms of an object, that of the property's first value first: it is what a caller without a preference sends. */
function formsOf(conditions: readonly Condition[], property: JsonObject): JsonObject[] {
  const [first] = conditions as [Condition];
  const name = first.property;
  const known = valuesOf(property);
  const named = conditions.flatMap(({ values }) => values);
  const others = known?.filter((value) => !named.includes(value));
  const forms = conditions.map(({ values, met }) => formWith(name, { enum: [...values] }, met));
  if (others?.length === 0) return forms;
  const otherwise = conditions.length === 1 ? first.otherwise : {};
  const rest = formWith(name, others === undefined ? {} : { enum: others }, otherwise);
  const [begin] = known ?? [];
  const at = conditions.findIndex(({ values }) => begin !== undefined && values.includes(begin));
  if (at < 0) return [rest, ...forms];
  const [begins] = forms.splice(at, 1);
  return [begins as JsonObject, ...forms, rest];
}

function formWith(name: string, property: JsonObject, schema: JsonObject): JsonObject {
  return { ...schema, properties: { ...schemaAt(schema, "properties"), [name]: property } };
}

/** The values that a property can have; undefined where they are not listed. */
const valuesOf = (property: JsonObject): Json[] | undefined =>
  choicesOf(property) ?? (property.type === "boolean" ? [false, true] : undefined);

const schemaAt = (schema: JsonObject, key: string): JsonObject => {
  const part = schema[key];
  return isJsonObject(part) ? part : {};
};

function valueConditionOf(schema: JsonObject): Condition | undefined {
  const properties = Object.entries(schemaAt(schemaAt(schema, "if"), "properties"));
  const [[property, wanted] = ["", null]] = properties;
  const values = isJsonObject(wanted) ? choicesOf(wanted) : undefined;
  if (properties.length !== 1 || values === undefined) return undefined;
  return { property, values, met: schemaAt(schema, "then"), otherwise: schemaAt(schema, "else") };
}

/** `if` that asks whether one property is there, as an entry of `dependentSchemas`. */
function presenceOf(schema: JsonObject): [string, JsonObject][] {
  const asked = schemaAt(schema, "if");
  const { required } = asked;
  if (Object.keys(asked).length !== 1 || !Array.isArray(required) || required.length !== 1) return [];
  return [[String(required[0]), schemaAt(schema, "then")]];
}
