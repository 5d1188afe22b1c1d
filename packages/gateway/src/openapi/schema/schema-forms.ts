import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";

/** Forms of one object that are told apart. */
const MAX_FORMS = 8;
/** Keywords of a flattened property: the form that it belongs to, and whether that form needs it. */
const FORM = "x-ape-form";
const NEEDED = "x-ape-form-needed";
/** Keyword of a flattened property whose value tells the forms apart: the form of each of its values. */
const CHOOSES = "x-ape-form-chosen";

/** The form that a flattened property belongs to, or chooses, as {@link withForms} noted it. */
export function formOf(schema: JsonObject): Pick<ApiField, "form" | "neededInForm" | "choosesForm"> {
  const chosen = schema[CHOOSES];
  if (Array.isArray(chosen)) return { choosesForm: chosen as number[] };
  const form = schema[FORM];
  if (typeof form !== "number") return {};
  return schema[NEEDED] === true ? { form, neededInForm: true } : { form };
}

/**
 * An object that has one of several forms (`oneOf`, `anyOf`) with the properties of all. Those that only some forms have or
 * need say so; the first form is the one that `required` is of.
 * @param schema the object with its first form merged into it
 * @param forms the flattened forms, the first one first
 * @param flat flattens a property
 */
export function withForms(
  schema: JsonObject,
  forms: readonly JsonObject[],
  flat: (property: Json | undefined) => JsonObject,
): JsonObject {
  const first = forms[0];
  const known = forms.slice(0, MAX_FORMS);
  if (first === undefined || known.length < 2 || !known.every(isObjectForm)) return schema;
  const properties: JsonObject = { ...propertiesOf(schema) };
  const always = requiredOf(schema);
  const names = new Set([
    ...known.flatMap((form) => [...Object.keys(propertiesOf(form)), ...requiredOf(form)]),
  ]);
  for (const name of names) {
    const owners = known.filter((form) => Object.hasOwn(propertiesOf(form), name));
    const needing = known.filter((form) => requiredOf(form).has(name));
    const [owner] = owners;
    if (!Object.hasOwn(properties, name) && owner === undefined) continue;
    const alternatives = owners.map((form) => flat(propertiesOf(form)[name]));
    const own = Object.hasOwn(properties, name) ? flat(properties[name]) : (alternatives[0] as JsonObject);
    const property = alternatives.reduce(withChoices, own);
    const chosen =
      owners.length === known.length ? formsChosen(choicesOf(property), alternatives) : undefined;
    if (chosen !== undefined) {
      properties[name] = { ...property, [CHOOSES]: chosen };
      continue;
    }
    const ofAll =
      owners.length === known.length || (Object.hasOwn(properties, name) && !owners.includes(first));
    const needed = always.has(name) && !requiredOf(first).has(name) ? known : needing;
    if (ofAll && (needed.length === 0 || needed.length === known.length)) {
      properties[name] = property;
      continue;
    }
    const form = needing[0] ?? owner ?? first;
    properties[name] = {
      ...property,
      [FORM]: known.indexOf(form) + 1,
      ...(needing.length > 0 ? { [NEEDED]: true } : {}),
    };
  }
  return { ...schema, properties };
}

/** A property of two forms: the values of both, as those of a discriminator. */
function withChoices(one: JsonObject, other: JsonObject): JsonObject {
  const choices = [choicesOf(one), choicesOf(other)];
  if (choices.some((list) => list === undefined)) return one;
  const { const: _, ...rest } = one;
  return { ...rest, enum: [...new Set(choices.flatMap((list) => list ?? []))] };
}

/** The form that each value of a property is of; undefined where one is of none or of several, or a form takes any value. */
function formsChosen(
  values: readonly Json[] | undefined,
  forms: readonly JsonObject[],
): number[] | undefined {
  const lists = forms.flatMap((form) => {
    const list = choicesOf(form);
    return list === undefined ? [] : [list];
  });
  if (lists.length < forms.length) return undefined;
  const chosen = values?.map((value) => {
    const [form, other] = lists.flatMap((list, at) => (list.includes(value) ? [at + 1] : []));
    return other === undefined ? form : undefined;
  });
  return chosen?.every((form) => form !== undefined) === true ? chosen : undefined;
}

/** The values that a schema lists; undefined where it lists none. */
export const choicesOf = (schema: JsonObject): Json[] | undefined =>
  Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? undefined : [schema.const];

const isObjectForm = (schema: JsonObject): boolean =>
  isJsonObject(schema.properties) || Array.isArray(schema.required);

const propertiesOf = ({ properties }: JsonObject): JsonObject => (isJsonObject(properties) ? properties : {});

const requiredOf = ({ required }: JsonObject): ReadonlySet<string> =>
  new Set(Array.isArray(required) ? required.filter((name) => typeof name === "string") : []);
