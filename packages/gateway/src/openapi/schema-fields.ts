import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { withoutLongEnumeration } from "../long-enumeration.ts";
import { OpenApiDocument } from "./document.ts";
import { boundsOf, sizeOf, typeName } from "./field-bounds.ts";
import { type Brought, broughtBy, requiredNames } from "./schema/dependents.ts";
import { excludedNames, withoutExcluded } from "./schema/excluded-values.ts";
import { SchemaFlattener } from "./schema/flatten.ts";
import { formOf } from "./schema/schema-forms.ts";
import { Subtypes } from "./schema/subtypes.ts";
import { sampleOf } from "./schema-sample.ts";

const MAX_DEPTH = 4;
/** Of what a body cannot do without: each level is required by the one above. */
const MAX_REQUIRED_DEPTH = 12;
/** Maximum number of fields read of a schema, of which the most important {@link MAX_FIELDS} are kept. */
const MAX_READ = 300;
/** Fields of an operation. */
export const MAX_FIELDS = 60;

type Place = "body" | "answer";

/** A field that was found; described only if it is kept, because most fields of large schemas are not. */
interface FoundField {
  name: string;
  schema: JsonObject;
  required: boolean;
  onlyWith?: readonly string[];
  /** Order of importance: required fields of required parents first, outer ones before inner ones. */
  weight: number;
}

/** A property of a flattened schema. */
interface Property {
  name: string;
  schema: JsonObject;
  required: boolean;
  readOnly: boolean;
  writeOnly: boolean;
  /** Whether it has fields of its own. */
  inner: boolean;
  /** The number of parts of its dotted name. */
  parts: number;
  /** Names of optional properties that it brings with it. */
  onlyWith: readonly string[];
}

/** Reads the fields of schemas: nested ones with dotted names, list items as `[]`. Each schema is read once. */
export class SchemaFields {
  readonly #flattener: SchemaFlattener;
  /** Of bodies, which must be of one subtype; an answer may be of any. */
  readonly #bodyFlattener: SchemaFlattener;
  readonly #known: Record<Place, WeakMap<JsonObject, readonly ApiField[]>> = {
    body: new WeakMap(),
    answer: new WeakMap(),
  };

  readonly #properties: Record<Place, WeakMap<JsonObject, readonly Property[]>>;
  /** Choices of references by their text: many operations write out the same one. Undefined where identity matters. */
  readonly #choices: Map<string, JsonObject> | undefined;

  constructor(document: OpenApiDocument) {
    this.#flattener = new SchemaFlattener(document);
    const subtypes = Subtypes.in(document);
    this.#choices = subtypes === undefined ? new Map() : undefined;
    this.#bodyFlattener = subtypes === undefined ? this.#flattener : new SchemaFlattener(document, subtypes);
    this.#properties = { body: new WeakMap(), answer: new WeakMap() };
  }

  #flatterOf(where: ApiField["in"]): SchemaFlattener {
    return where === "body" ? this.#bodyFlattener : this.#flattener;
  }

  /** The composed schema in one piece, see {@link SchemaFlattener}. */
  flat(schema: Json | undefined): JsonObject {
    return this.#flattener.flat(schema);
  }

  /** The fields of a body or an answer, at most 60: required and outer ones before optional and inner ones. */
  of(where: Place, schema: Json | undefined): readonly ApiField[] {
    const flat = this.#flatterOf(where).flat(this.#sameChoice(schema));
    let fields = this.#known[where].get(flat);
    if (fields === undefined) {
      const read: FoundField[] = [];
      this.#walk(where, "", flat, read, 0, true, 0);
      fields = mostImportant(read).map(({ name, schema: own, required, onlyWith = [] }) =>
        onlyWith.length === 0
          ? this.field(where, name, own, required)
          : { ...this.field(where, name, own, required), onlyWith },
      );
      this.#known[where].set(flat, fields);
    }
    return fields;
  }

  /** A flattened schema of an input without what it excludes. */
  #allowed(where: ApiField["in"], schema: Json | undefined): JsonObject {
    const flattener = this.#flatterOf(where);
    return withoutExcluded(flattener.flat(schema), (excluded) => flattener.flat(excluded));
  }

  /** The first schema with the text of this one, if all that it says is which of some references hold. */
  #sameChoice(schema: Json | undefined): Json | undefined {
    if (this.#choices === undefined || !isJsonObject(schema) || !isChoiceOfReferences(schema)) return schema;
    const text = JSON.stringify(schema);
    const known = this.#choices.get(text);
    if (known === undefined) this.#choices.set(text, schema);
    return known ?? schema;
  }

  /** A field of a property, a parameter or an item; a list of plain values has the bounds of its items. */
  field(
    where: ApiField["in"],
    name: string,
    schema: Json | undefined,
    required: boolean,
    own: { description?: string; example?: Json | undefined } = {},
  ): ApiField {
    const flattener = this.#flatterOf(where);
    const flat = where === "answer" ? flattener.flat(schema) : this.#allowed(where, schema);
    const type = typeName(flat);
    const items = type === "array" ? flattener.flat(flat.items) : {};
    const isTuple = Array.isArray(flat.prefixItems);
    const isWhole = isTuple || flat.const !== undefined || flat.enum !== undefined;
    const listed = type === "array" && where !== "answer" && !isWhole && isPlain(items);
    const field: ApiField = {
      in: where,
      name,
      type: listed ? `${typeName(items)}[]` : type,
      required,
      description: own.description || text(flat.description),
      ...(listed ? boundsOf(items, where) : {}),
      ...boundsOf(flat, where),
    };
    const given = flat.default ?? own.example ?? flat.example ?? list(flat.examples)[0];
    // Fields do not describe the items of a tuple, nor lists in a list, nor the entries of a map.
    const isOpaque =
      isTuple ||
      (where === "body" &&
        (isListOfLists(type, items) ||
          needsEntries(flat) ||
          isListOfMaps(type, items) ||
          (isJsonObject(flat.contains) && itemsOf(flat) === flat.items)));
    const example = given === undefined && isOpaque ? sampleOf(flat, (one) => flattener.flat(one)) : given;
    if (where !== "answer" && example !== undefined) field.example = example;
    if (where === "body") Object.assign(field, formOf(flat));
    return withoutLongEnumeration(field);
  }

  /**
   * @param outer whether every parent of the fields is required
   * @param parts the number of names between the dots of the prefix
   */
  #walk(
    where: Place,
    prefix: string,
    schema: JsonObject,
    found: FoundField[],
    depth: number,
    outer: boolean,
    parts: number,
  ): void {
    const isDeep = depth > MAX_DEPTH;
    if (isDeep && !(where === "body" && outer && depth <= MAX_REQUIRED_DEPTH)) return;
    if (found.length >= MAX_READ) return;
    const type = typeName(schema);
    const isWholeBody = prefix === "" && where === "body";
    if (
      isWholeBody &&
      (isScalar(schema) || isGiven(schema) || Array.isArray(schema.prefixItems) || needsEntries(schema))
    ) {
      // A body that is a text, a number, a constant, a tuple or a map is one field without a name.
      found.push({ name: "", schema, required: true, weight: 0 });
      return;
    }
    if (type === "array" || isJsonObject(schema.items)) {
      if (Array.isArray(schema.prefixItems)) return;
      const items = this.#flatterOf(where).flat(where === "body" ? itemsOf(schema) : schema.items);
      if (isWholeBody && isListOfLists(type, items)) {
        found.push({ name: "", schema, required: true, weight: 0 });
        return;
      }
      if (isWholeBody && needsSeveral(schema)) found.push({ name: "", schema, required: true, weight: 0 });
      if (isWholeBody && isPlain(items) && Object.keys(items).length > 0)
        found.push({ name: "[]", schema: items, required: true, weight: 1 });
      else this.#walk(where, `${prefix}[]`, items, found, depth + 1, outer, Math.max(parts, 1));
      return;
    }
    const whole = isWholeBody ? wholeObject(this.#allowed(where, schema)) : undefined;
    if (whole !== undefined) found.push({ name: "", schema: whole, required: false, weight: 0 });
    for (const property of this.#propertiesOf(where, schema)) {
      if (where === "body" ? property.readOnly : property.writeOnly) continue;
      if (isDeep && !property.required) continue;
      // Of an answer the first form alone tells what to expect.
      if (where === "answer" && (formOf(property.schema).form ?? 1) > 1) continue;
      if (found.length >= MAX_READ) return;
      const { name, required, inner } = property;
      const path = prefix === "" ? name : `${prefix}.${name}`;
      const length = parts + property.parts;
      found.push({
        name: path,
        schema: property.schema,
        required,
        onlyWith: property.onlyWith,
        weight: (required && outer ? 0 : 10) + length,
      });
      if (inner) this.#walk(where, path, property.schema, found, depth + 1, outer && required, length);
    }
  }

  /** The properties of a flattened schema; read once, because cross-linked schemas are walked many times. */
  #propertiesOf(where: Place, schema: JsonObject): readonly Property[] {
    let properties = this.#properties[where].get(schema);
    if (properties === undefined) {
      const names = new Set(requiredNames(schema));
      const excluded = excludedNames(schema, (one) => this.#flatterOf(where).flat(one));
      const given = isJsonObject(schema.properties) ? schema.properties : {};
      const known = Object.entries(given);
      // What a body requires may have no schema.
      const brought = where === "body" ? broughtBy(schema, (one) => this.#flatterOf(where).flat(one)) : NONE;
      if (where === "body") {
        for (const { properties: more } of brought.values())
          for (const [name, raw] of more) if (!known.some(([one]) => one === name)) known.push([name, raw]);
        for (const name of names) if (!known.some(([one]) => one === name)) known.push([name, {}]);
      }
      // A property whose schema is `false` is never there.
      const isAllowed = ([name, raw]: (typeof known)[number]): boolean =>
        raw !== false && (where === "answer" || names.has(name) || !excluded.has(name));
      properties = known.filter(isAllowed).map(([name, raw]) => {
        const flat = this.#flatterOf(where).flat(raw);
        return {
          name,
          schema: flat,
          required: names.has(name),
          readOnly: flat.readOnly === true,
          writeOnly: flat.writeOnly === true,
          inner: isJsonObject(flat.properties) || isJsonObject(flat.items),
          parts: name.split(".").length,
          onlyWith: (brought.get(name)?.names ?? []).filter((other) => !names.has(other)),
        };
      });
      this.#properties[where].set(schema, properties);
    }
    return properties;
  }
}

const NONE: ReadonlyMap<string, Brought> = new Map();

/** Of an object with known properties how many it has, where its fields do not say it; undefined otherwise. */
function wholeObject(schema: JsonObject): JsonObject | undefined {
  const { properties } = schema;
  const size = sizeOf(schema);
  return isJsonObject(properties) && Object.keys(size).length > 0
    ? { type: "object", properties, ...size }
    : undefined;
}

const CHOICES = ["oneOf", "anyOf", "allOf"];
const isChoiceOfReferences = (schema: JsonObject): boolean =>
  Object.entries(schema).every(
    ([key, value]) =>
      CHOICES.includes(key) &&
      Array.isArray(value) &&
      value.every(
        (one) => isJsonObject(one) && typeof one.$ref === "string" && Object.keys(one).length === 1,
      ),
  );

/** The fields of a stand-alone JSON Schema, its local references resolved; one without a name is the whole value. */
export function schemaFieldsOf(where: Place, schema: JsonObject): readonly ApiField[] {
  return new SchemaFields(new OpenApiDocument(schema)).of(where, schema);
}

/** The first 60 fields in their order, with required and outer fields preferred. */
function mostImportant(fields: FoundField[]): readonly FoundField[] {
  if (fields.length <= MAX_FIELDS) return fields;
  const weights = fields.map(({ weight }) => weight).sort((one, other) => one - other);
  const limit = weights[MAX_FIELDS - 1] as number;
  let atLimit = MAX_FIELDS - weights.indexOf(limit);
  return fields.filter(({ weight }) => {
    if (weight !== limit) return weight < limit;
    atLimit -= 1;
    return atLimit >= 0;
  });
}

const isPlain = (schema: JsonObject): boolean => {
  const type = typeName(schema);
  return type !== "object" && type !== "array";
};

/** Whether a schema lists the values themselves, or allows null only. */
const isGiven = (schema: JsonObject): boolean =>
  schema.type === "null" ||
  ((schema.const !== undefined || schema.enum !== undefined) && !isJsonObject(schema.properties));

const isListOfLists = (type: string, items: JsonObject): boolean =>
  type === "array" && typeName(items) === "array";

/** Whether an object without known properties must have entries. */
const needsEntries = (schema: JsonObject): boolean =>
  typeName(schema) === "object" &&
  !isJsonObject(schema.properties) &&
  typeof schema.minProperties === "number" &&
  schema.minProperties > 0;

/** Whether a list has items that are objects without known properties, of which it has no fields. */
const isListOfMaps = (type: string, items: JsonObject): boolean =>
  type === "array" &&
  typeName(items) === "object" &&
  !isJsonObject(items.properties) &&
  !Array.isArray(items.required);

/** The items of a list: where it must hold an object of some kind, all of them are of it. */
const itemsOf = ({ items, contains }: JsonObject): Json | undefined =>
  isJsonObject(items) && isJsonObject(contains) && isJsonObject(contains.properties)
    ? { allOf: [items, contains] }
    : items;

/** Whether a list needs more than the one item that its fields describe. */
const needsSeveral = ({ minItems }: JsonObject): boolean => typeof minItems === "number" && minItems > 1;

const SCALARS: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean"]);

/** Whether a schema says that a value is a text, a number or a boolean. */
const isScalar = (schema: JsonObject): boolean =>
  SCALARS.has(typeName(schema)) && (schema.type !== undefined || schema.enum !== undefined);

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** A text in one line. */
export const text = (value: Json | undefined): string =>
  typeof value === "string" ? value.replaceAll(/\s+/g, " ").trim() : "";
