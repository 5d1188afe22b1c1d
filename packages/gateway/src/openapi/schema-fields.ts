import type { ApiField } from "@ape/core/api";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import { OpenApiDocument } from "./document.ts";
import { boundsOf, typeName } from "./field-bounds.ts";
import { SchemaFlattener } from "./flatten.ts";

const MAX_DEPTH = 4;
/** Fields that are read of a schema, of which the most important {@link MAX_FIELDS} are kept. */
const MAX_READ = 300;
/** Fields of an operation. */
export const MAX_FIELDS = 60;

type Place = "body" | "answer";

/** Reads the fields of schemas: nested ones with dotted names, list items as `[]`. Each schema is read once. */
export class SchemaFields {
  readonly #flattener: SchemaFlattener;
  readonly #known: Record<Place, WeakMap<JsonObject, readonly ApiField[]>> = {
    body: new WeakMap(),
    answer: new WeakMap(),
  };

  constructor(document: OpenApiDocument) {
    this.#flattener = new SchemaFlattener(document);
  }

  /** The composed schema in one piece, see {@link SchemaFlattener}. */
  flat(schema: Json | undefined): JsonObject {
    return this.#flattener.flat(schema);
  }

  /** The fields of a body or an answer, at most 60: required and outer ones before optional and inner ones. */
  of(where: Place, schema: Json | undefined): readonly ApiField[] {
    const flat = this.flat(schema);
    let fields = this.#known[where].get(flat);
    if (fields === undefined) {
      const read: ApiField[] = [];
      this.#walk(where, "", flat, read, 0);
      fields = mostImportant(read);
      this.#known[where].set(flat, fields);
    }
    return fields;
  }

  /** A field of a property, a parameter or an item; a list of plain values has the bounds of its items. */
  field(
    where: ApiField["in"],
    name: string,
    schema: Json | undefined,
    required: boolean,
    own: { description?: string; example?: Json | undefined } = {},
  ): ApiField {
    const flat = this.flat(schema);
    const type = typeName(flat);
    const items = type === "array" ? this.flat(flat.items) : {};
    const listed = type === "array" && where !== "answer" && isPlain(items);
    const field: ApiField = {
      in: where,
      name,
      type: listed ? `${typeName(items)}[]` : type,
      required,
      description: own.description || text(flat.description),
      ...(listed ? boundsOf(items, where) : {}),
      ...boundsOf(flat, where),
    };
    const example = flat.default ?? own.example ?? flat.example ?? list(flat.examples)[0];
    if (where !== "answer" && example !== undefined) field.example = example;
    return field;
  }

  #walk(where: Place, prefix: string, schema: JsonObject, fields: ApiField[], depth: number): void {
    if (depth > MAX_DEPTH || fields.length >= MAX_READ) return;
    if (typeName(schema) === "array" || isJsonObject(schema.items)) {
      const items = this.flat(schema.items);
      if (prefix === "" && where === "body" && isPlain(items) && Object.keys(items).length > 0)
        fields.push(this.field(where, "[]", items, true));
      else this.#walk(where, `${prefix}[]`, items, fields, depth + 1);
      return;
    }
    const required = list(schema.required);
    for (const [name, raw] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
      const property = this.flat(raw);
      if (where === "body" ? property.readOnly === true : property.writeOnly === true) continue;
      if (fields.length >= MAX_READ) return;
      const path = prefix === "" ? name : `${prefix}.${name}`;
      fields.push(this.field(where, path, property, required.includes(name)));
      if (isJsonObject(property.properties) || isJsonObject(property.items))
        this.#walk(where, path, property, fields, depth + 1);
    }
  }
}

/** The fields of a JSON Schema that stands alone, its local references followed. */
export function fieldsOf(where: Place, schema: JsonObject): readonly ApiField[] {
  return new SchemaFields(new OpenApiDocument(schema)).of(where, schema);
}

/** The first 60 fields in their order, but for those that required and outer fields take the place of. */
function mostImportant(fields: ApiField[]): readonly ApiField[] {
  if (fields.length <= MAX_FIELDS) return fields;
  const needed = new Set(fields.filter(({ required }) => required).map(({ name }) => name));
  const weight = ({ name, required }: ApiField): number => {
    const parts = name.split(".");
    const outer = parts.slice(0, -1).every((_, index) => {
      const parent = parts
        .slice(0, index + 1)
        .join(".")
        .replace(/(?:\[\])+$/, "");
      return parent === "" || needed.has(parent);
    });
    return (required && outer ? 0 : 10) + parts.length;
  };
  const kept = new Set(
    fields
      .map((field, index) => ({ field, index, weight: weight(field) }))
      .sort((one, other) => one.weight - other.weight || one.index - other.index)
      .slice(0, MAX_FIELDS)
      .map(({ field }) => field),
  );
  return fields.filter((field) => kept.has(field));
}

const isPlain = (schema: JsonObject): boolean => {
  const type = typeName(schema);
  return type !== "object" && type !== "array";
};

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** A text in one line. */
export const text = (value: Json | undefined): string =>
  typeof value === "string" ? value.replaceAll(/\s+/g, " ").trim() : "";
