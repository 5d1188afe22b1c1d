import type { Json, JsonObject } from "../../lib/json.ts";
import type { ApiField } from "./api-field.ts";
import {
  type FieldTraits,
  saysLittleMore,
  saysNoMore,
  saysPaging,
  shorten,
  writeTraits,
} from "./field-text.ts";

/** A value that fields with dotted names describe: `lines[].id` is a property of the items of `lines`. */
export interface FieldNode {
  field: ApiField | undefined;
  properties: Map<string, FieldNode>;
  items: FieldNode | undefined;
}

const node = (): FieldNode => ({ field: undefined, properties: new Map(), items: undefined });

/**
 * Rebuilds nested values from dotted names. The root has the outer fields as properties, or items if the whole value is
 * a list (`[].id`). A dot divides a name only if the text before it is a field itself.
 */
export function fieldTree(fields: readonly ApiField[]): FieldNode {
  const root = node();
  const names = new Set(fields.map(({ name }) => name));
  for (const field of fields) {
    let at = root;
    let prefix = "";
    let rest = field.name;
    while (rest !== "") {
      if (rest.startsWith("[]")) {
        at.items ??= node();
        at = at.items;
        prefix += "[]";
        rest = rest.slice(2);
        continue;
      }
      const dot = rest.startsWith(".") && prefix !== "" ? "." : "";
      rest = rest.slice(dot.length);
      const head = headOf(rest, prefix + dot, names);
      prefix += dot + head;
      rest = rest.slice(head.length);
      let next = at.properties.get(head);
      if (next === undefined) {
        next = node();
        at.properties.set(head, next);
      }
      at = next;
    }
    at.field = field;
  }
  return root;
}

/** The name of the outermost property in the rest of a name. */
function headOf(rest: string, prefix: string, names: ReadonlySet<string>): string {
  for (let end = 1; end < rest.length; end += 1) {
    const next = rest[end];
    if ((next === "." || rest.startsWith("[]", end)) && names.has(prefix + rest.slice(0, end)))
      return rest.slice(0, end);
  }
  return rest;
}

const TYPES: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean", "object", "array"]);
/** The formats that OpenAI's structured outputs accept. */
const FORMATS: ReadonlySet<string> = new Set(
  "date-time time date duration email hostname ipv4 ipv6 uuid".split(" "),
);
/** Formats that only describe how a number is stored. */
const STORAGE: ReadonlySet<string> = new Set(["int32", "int64", "float", "double"]);
const MAX_DESCRIPTION = 80;

/**
 * The properties of a node as JSON Schema, and which of them are required. Only keywords are used that the common servers
 * of models accept (type, properties, required, additionalProperties, items, enum of texts, format, minimum, maximum,
 * minLength, maxLength, minItems, maxItems); what else a field allows is said at the end of its description, `<above 0>`.
 */
export function objectSchema({ properties }: FieldNode): { properties: JsonObject; required: string[] } {
  const schemas: JsonObject = {};
  const required: string[] = [];
  for (const [name, child] of properties) {
    schemas[name] = nodeSchema(child);
    if (child.field?.required === true && child.field.form === undefined) required.push(name);
  }
  return { properties: schemas, required };
}

/** The JSON Schema of a value. */
export function nodeSchema(from: FieldNode): JsonObject {
  const { field, items, properties } = from;
  if (properties.size > 0) {
    const schema: JsonObject = { type: "object", ...described(field, typeTraits(field)) };
    const inner = objectSchema(from);
    schema.properties = inner.properties;
    if (inner.required.length > 0) schema.required = inner.required;
    schema.additionalProperties = false;
    return schema;
  }
  if (items !== undefined) {
    const schema: JsonObject = {
      type: "array",
      ...described(field, typeTraits(field)),
      items: nodeSchema(items),
    };
    for (const key of ["minItems", "maxItems"] as const)
      if (field?.[key] !== undefined) schema[key] = field[key];
    return schema;
  }
  return field === undefined ? {} : plainSchema(field);
}

/** What an object or a list allows besides its own schema. */
function typeTraits(field: ApiField | undefined): FieldTraits {
  const { nullable, also, form, neededInForm, uniqueItems, minProperties, maxProperties, onlyWith } =
    field ?? {};
  return {
    ...(uniqueItems === undefined ? {} : { uniqueItems }),
    ...(minProperties === undefined ? {} : { minProperties }),
    ...(maxProperties === undefined ? {} : { maxProperties }),
    ...(onlyWith === undefined ? {} : { onlyWith }),
    ...(nullable === undefined ? {} : { nullable }),
    ...(also === undefined ? {} : { also }),
    ...(form === undefined ? {} : { form }),
    ...(neededInForm === undefined ? {} : { neededInForm }),
  };
}

/** Of fields, which are shared by the operations that use one schema; each definition gets a copy. */
const plainSchemas = new WeakMap<ApiField, JsonObject>();

function plainSchema(field: ApiField): JsonObject {
  let schema = plainSchemas.get(field);
  if (schema === undefined) {
    schema = readPlainSchema(field);
    plainSchemas.set(field, schema);
  }
  return { ...schema };
}

function readPlainSchema(field: ApiField): JsonObject {
  const listed = field.type.endsWith("[]");
  const type = listed ? field.type.slice(0, -2) : field.type;
  const untyped = field.also?.includes("any") === true;
  const value: JsonObject = TYPES.has(type) && !untyped ? { type } : {};
  const rest: FieldTraits = { ...field };
  const take = (key: keyof FieldTraits, into: JsonObject): void => {
    if (field[key] === undefined) return;
    into[key] = field[key] as Json;
    delete rest[key];
  };
  const choices = field.nullable === true ? field.enum?.filter((choice) => choice !== null) : field.enum;
  if (type === "string" && choices?.length && choices.every((choice) => typeof choice === "string")) {
    value.enum = [...choices];
    delete rest.enum;
  }
  if (type === "string" && FORMATS.has(field.format ?? "")) take("format", value);
  if (type === "integer" || type === "number")
    for (const key of ["minimum", "maximum"] as const) take(key, value);
  if (type === "string") for (const key of ["minLength", "maxLength"] as const) take(key, value);
  // OpenAI and Azure refuse a list without a schema of its items, and with it every call.
  if (value.type === "array") value.items = {};
  const schema: JsonObject = listed ? { type: "array", items: value } : value;
  if (listed) for (const key of ["minItems", "maxItems"] as const) take(key, schema);
  return { ...schema, ...described(field, rest) };
}

/** Description of a field: what its name does not say, and what it allows beyond its schema. */
function described(field: ApiField | undefined, traits: FieldTraits = {}): { description?: string } {
  if (field === undefined) return {};
  const leaf = leafOf(field.name);
  const plain =
    saysNoMore(field.description, leaf) ||
    saysLittleMore(field.description, leaf) ||
    saysPaging(field.description, leaf, [field.minimum, field.maximum, field.example]);
  const words = plain ? "" : shorten(field.description, MAX_DESCRIPTION);
  const rest = { ...traits };
  if (STORAGE.has(rest.format ?? "")) delete rest.format;
  if (rest.also?.includes("any") === true) {
    delete rest.also;
    delete rest.nullable;
  }
  if (field.minimum !== undefined && field.maximum !== undefined) delete rest.example;
  if (/e-?mail/i.test(leaf)) delete rest.example;
  const more = writeTraits(rest);
  const said = more.length === 0 ? words : `${words} <${more.join("; ")}>`.trimStart();
  return said === "" ? {} : { description: said };
}

const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
