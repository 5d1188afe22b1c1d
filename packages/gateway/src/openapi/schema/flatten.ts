import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { decodePercent } from "@ape/core/lib/percent";
import type { OpenApiDocument } from "../document.ts";
import { FILES_KEY } from "../external-references.ts";
import { typeName } from "../field-bounds.ts";
import { conditionsAsChoices, hasConditions } from "./conditions.ts";
import { dependentOf } from "./dependents.ts";
import { excludedSchemas } from "./excluded-values.ts";
import { withForms } from "./schema-forms.ts";
import type { Subtypes } from "./subtypes.ts";

const COMPOSITION = ["$ref", "allOf", "oneOf", "anyOf"] as const;

/** Schemas within one another whose properties are flattened with them: each takes several frames of the stack. */
const MAX_OPEN = 200;
/** Schemas within one another at all; one further within counts as one that contains itself. */
const MAX_DEPTH = 400;

/**
 * Flattens composed schemas: all parts of `allOf` merged, of `oneOf` and `anyOf` the first that is not null taken, with
 * the further types of the others and the properties of other objects, see {@link withForms}. Conditions become such choices, see
 * {@link conditionsAsChoices}. Each schema is flattened once; one that contains itself contributes only what it says beside its
 * composition there, so that every schema ends.
 */
export class SchemaFlattener {
  readonly #document: OpenApiDocument;
  readonly #subtypes: Subtypes | undefined;
  readonly #flat = new WeakMap<JsonObject, JsonObject>();
  readonly #open = new Set<JsonObject>();
  readonly #bases = new Set<JsonObject>();

  /** @param subtypes schemas that extend one with a discriminator, as whose forms they are taken */
  constructor(document: OpenApiDocument, subtypes?: Subtypes) {
    this.#document = document;
    this.#subtypes = subtypes;
  }

  flat(schema: Json | undefined): JsonObject {
    if (!isJsonObject(schema)) return {};
    const extended = this.#subtypes?.of(schema);
    if (extended !== undefined && !this.#bases.has(schema))
      return this.#asBase(schema, () => this.flat(extended));
    if (
      COMPOSITION.every((key) => schema[key] === undefined) &&
      schema.if === undefined &&
      dependentOf(schema).length === 0
    )
      return schema;
    const known = this.#flat.get(schema);
    if (known !== undefined) return known;
    if (this.#open.has(schema) || this.#open.size > MAX_DEPTH) return ownOf(schema);
    this.#open.add(schema);
    try {
      const flat = this.#merge(schema);
      this.#flat.set(schema, flat);
      return flat;
    } finally {
      this.#open.delete(schema);
    }
  }

  /** Within a subtype, the schema that it extends stands for itself. */
  #asBase(schema: Json | undefined, flatten: () => JsonObject): JsonObject {
    const target =
      isJsonObject(schema) && typeof schema.$ref === "string" ? this.#document.at(schema.$ref) : schema;
    if (!isJsonObject(target) || this.#subtypes?.of(target) === undefined || this.#bases.has(target))
      return flatten();
    this.#bases.add(target);
    try {
      return flatten();
    } finally {
      this.#bases.delete(target);
    }
  }

  #merge(given: JsonObject): JsonObject {
    const schema = hasConditions(given) ? conditionsAsChoices(given, (one) => this.flat(one)) : given;
    const own = ownOf(schema);
    const parts: JsonObject[] = [];
    if (typeof schema.$ref === "string") {
      const target = this.flat(this.#document.at(schema.$ref));
      if (Object.keys(own).length === 0 && Object.keys(schema).length === 1) return target;
      parts.push(target);
    }
    for (const part of list(schema.allOf)) parts.push(this.#asBase(part, () => this.flat(part)));
    const choices = [...list(schema.oneOf), ...list(schema.anyOf)];
    const real = choices.filter((choice) => !isNull(choice));
    const [choice] = real;
    if (choice !== undefined) parts.push(this.#chosen(schema, choice));
    const merged = parts.reduceRight<JsonObject>((over, part) => combine(part, over), own);
    for (const part of dependentOf(merged)) Object.assign(merged, combine(merged, this.flat(part)));
    if (real.length < choices.length) merged.nullable = true;
    if (real.length < 2) return merged;
    const forms = real.map((one) => this.#chosen(schema, one));
    const types = [...new Set(forms.flatMap(typesOf))];
    if (types.length > 1 && own.type === undefined) merged.type = types;
    return withForms(merged, forms, (property) => this.#propertyOfForm(property));
  }

  /**
   * A property of a form, flattened. Forms can lead to one another by their properties over the whole document: far within,
   * only what lists values is flattened, and anything else when it is read.
   */
  #propertyOfForm(property: Json | undefined): JsonObject {
    if (!isJsonObject(property)) return {};
    if (this.#open.size > MAX_OPEN && !this.#listsValues(property, new Set())) return property;
    return this.flat(property);
  }

  #listsValues(schema: Json | undefined, seen: Set<JsonObject>): boolean {
    if (!isJsonObject(schema) || seen.has(schema)) return false;
    seen.add(schema);
    if (schema.enum !== undefined || schema.const !== undefined) return true;
    const parts = [schema.allOf, schema.oneOf, schema.anyOf].flatMap(list);
    if (typeof schema.$ref === "string") parts.push(this.#document.at(schema.$ref) ?? {});
    return parts.some((part) => this.#listsValues(part, seen));
  }

  /** A choice with its value of the discriminator (OpenAPI 3.1, "Discriminator Object"). */
  #chosen({ discriminator }: JsonObject, choice: Json): JsonObject {
    const flat = this.flat(choice);
    const name = isJsonObject(discriminator) ? discriminator.propertyName : undefined;
    if (typeof name !== "string" || !isJsonObject(choice) || typeof choice.$ref !== "string") return flat;
    const { $ref } = choice;
    const schemaName = schemaNameOf($ref);
    const mapping =
      isJsonObject(discriminator) && isJsonObject(discriminator.mapping) ? discriminator.mapping : {};
    const mapped = Object.entries(mapping).find(([, to]) => to === $ref || to === schemaName)?.[0];
    const properties = isJsonObject(flat.properties) ? flat.properties : {};
    const property = this.flat(properties[name]);
    if (property.enum !== undefined || property.const !== undefined) return flat;
    const named = { ...property, enum: [mapped ?? schemaName] };
    return { ...flat, properties: { ...properties, [name]: named } };
  }
}

/** The name that a reference gives to a schema: its last key, and for a whole file the file's name. */
function schemaNameOf($ref: string): string {
  const last = $ref.slice($ref.lastIndexOf("/") + 1);
  if ($ref !== `#/${FILES_KEY}/${last}`) return last;
  const path = decodePercent(last).replaceAll("~1", "/").replaceAll("~0", "~");
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:ya?ml|json)$/i, "");
}

/** The types of one choice of several. */
function typesOf(schema: JsonObject): Json[] {
  if (Array.isArray(schema.type)) return schema.type;
  const known = ["type", "properties", "additionalProperties", "items", "enum", "const"];
  return known.some((key) => schema[key] !== undefined) ? [typeName(schema)] : [];
}

/** Combines two schemas that both hold; if they contradict one another, the second wins. */
function combine(one: JsonObject, other: JsonObject): JsonObject {
  const combined = { ...one, ...other };
  if (isJsonObject(one.properties) && isJsonObject(other.properties)) {
    const properties: JsonObject = { ...one.properties };
    for (const [name, property] of Object.entries(other.properties)) {
      const before = Object.hasOwn(properties, name) ? properties[name] : undefined;
      properties[name] =
        before === undefined || before === property || !isJsonObject(before) || !isJsonObject(property)
          ? property
          : { allOf: [before, property] };
    }
    combined.properties = properties;
  }
  if (Array.isArray(one.required) && Array.isArray(other.required))
    combined.required = [...new Set([...one.required, ...other.required])];
  if (Array.isArray(one.enum) && Array.isArray(other.enum)) {
    const both = one.enum.filter((value) => (other.enum as Json[]).includes(value));
    if (both.length > 0) combined.enum = both;
  }
  if (one.not !== undefined && other.not !== undefined && one.not !== other.not)
    combined.not = { anyOf: [one, other].flatMap(({ not }) => excludedSchemas(not)) };
  for (const [key, stricter] of BOUNDS) {
    const [own, also] = [one[key], other[key]];
    if (typeof own === "number" && typeof also === "number") combined[key] = stricter(own, also);
  }
  return combined;
}

/** Bounds of which both hold, so that the stricter one counts. */
const BOUNDS = [
  ...["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"].map(
    (key) => [key, Math.max] as const,
  ),
  ...["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"].map(
    (key) => [key, Math.min] as const,
  ),
];

function ownOf(schema: JsonObject): JsonObject {
  const own = { ...schema };
  for (const key of COMPOSITION) delete own[key];
  return own;
}

const isNull = (schema: Json): boolean =>
  isJsonObject(schema) &&
  (schema.type === "null" ||
    schema.const === null ||
    (Array.isArray(schema.enum) && schema.enum.every((one) => one === null)));
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
