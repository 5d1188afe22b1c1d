import type { Field } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";

/** What the properties of a body are completed with. */
export interface ObjectParts {
  inputs: readonly Field[];
  /** Whether a value was asked for, and has to stay. */
  isAsked(field: Field): boolean;
  /** A value for a property that nothing asks for. */
  valueFor(field: Field): Json;
}

/**
 * Completes the values of a body by what its objects demand beside single properties: those that come only with others, and
 * how many there are. Optional properties are added in the document's order, plain ones first; beyond the most that an object
 * may have, those that nothing asks for are left out.
 */
export function completeObjects(values: Map<Field, Json>, parts: ObjectParts): void {
  const body = parts.inputs.filter(({ in: place }) => place === "body");
  if (!body.some(demandsMore)) return;
  addCompanions(values, body, parts);
  for (const object of body) {
    const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = object;
    if (object.type !== "object" || !demandsMore(object)) continue;
    const own = body.filter((field) => isPropertyOf(field, object));
    const isSent = (field: Field): boolean =>
      [...values.keys()].some((one) => one === field || isWithin(one, field));
    if (own.length === 0 || (object.name !== "" && !isSent(object))) continue;
    let sent = own.filter(isSent);
    const free = own.filter((field) => field.form === undefined && !sent.includes(field));
    for (const field of [...free.filter(isPlain), ...free.filter((one) => !isPlain(one))]) {
      if (sent.length >= minProperties) break;
      addWhole(field, values, body, parts);
      addCompanions(values, body, parts);
      sent = own.filter(isSent);
    }
    for (const field of sent.toReversed()) {
      if (sent.length <= maxProperties) break;
      const whole = body.filter((one) => one === field || isWithin(one, field));
      if (field.required || whole.some(parts.isAsked)) continue;
      for (const one of whole) values.delete(one);
      sent = own.filter(isSent);
    }
  }
}

const demandsMore = ({ minProperties, maxProperties, onlyWith }: Field): boolean =>
  minProperties !== undefined || maxProperties !== undefined || onlyWith !== undefined;

/** Adds the properties that others are sent only with. */
function addCompanions(values: Map<Field, Json>, body: readonly Field[], parts: ObjectParts): void {
  // A map that grows is read to its end.
  for (const field of values.keys())
    for (const name of (field.in === "body" && field.onlyWith) || []) {
      const own = field.name.slice(0, field.name.length - field.leaf.length) + name;
      const other = body.find((one) => one.name === own);
      if (other !== undefined && !values.has(other)) addWhole(other, values, body, parts);
    }
}

/** Adds a value with all that it cannot do without. */
function addWhole(field: Field, values: Map<Field, Json>, body: readonly Field[], parts: ObjectParts): void {
  if (!values.has(field)) values.set(field, parts.valueFor(field));
  for (const inner of body)
    if (inner.required && (isPropertyOf(inner, field) || inner.name.startsWith(`${field.name}[]`)))
      addWhole(inner, values, body, parts);
}

const isWithin = (inner: Field, outer: Field): boolean =>
  inner.name.startsWith(`${outer.name}.`) || inner.name.startsWith(`${outer.name}[]`);

function isPropertyOf(field: Field, object: Field): boolean {
  if (field === object) return false;
  const rest = object.name === "" ? field.name : field.name.slice(object.name.length + 1);
  return (object.name === "" || field.name.startsWith(`${object.name}.`)) && !/[.[]/.test(rest);
}

const isPlain = ({ type }: Field): boolean => type !== "object" && type !== "array" && !type.endsWith("[]");
