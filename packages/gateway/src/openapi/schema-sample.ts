import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { entryNames } from "./entry-names.ts";
import { typeName } from "./field-bounds.ts";
import { requiredNames } from "./schema/dependents.ts";

const MAX_DEPTH = 4;
const MAX_ITEMS = 20;
const TEXT = "as agreed";

/**
 * A value that a schema allows, for what fields cannot describe: tuples and constants. Its own suggestion if it has one,
 * else the least that it requires.
 * @param flat flattens a schema
 */
export function sampleOf(
  schema: Json | undefined,
  flat: (schema: Json | undefined) => JsonObject,
  depth = 0,
): Json {
  const own = flat(schema);
  if (own.const !== undefined) return own.const;
  for (const given of [own.default, own.example]) if (given !== undefined) return given;
  for (const given of [own.examples, own.enum])
    if (Array.isArray(given) && given[0] !== undefined) return given[0];
  const type = typeName(own);
  if (type === "null") return null;
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return numberOf(own);
  if (depth >= MAX_DEPTH) return type === "array" ? [] : type === "object" ? {} : TEXT;
  if (type === "array") return itemsOf(own, (item) => sampleOf(item, flat, depth + 1));
  if (type !== "object") return TEXT;
  const sample: JsonObject = {};
  const properties = isJsonObject(own.properties) ? own.properties : {};
  for (const name of requiredNames(own)) sample[name] = sampleOf(properties[name], flat, depth + 1);
  addEntries(sample, own, (entry) => sampleOf(entry, flat, depth + 1));
  return sample;
}

const MAX_ENTRIES = 8;

/** Adds as many entries as a map needs, under names that its patterns allow. */
function addEntries(sample: JsonObject, own: JsonObject, made: (entry: Json | undefined) => Json): void {
  const least = typeof own.minProperties === "number" ? Math.min(own.minProperties, MAX_ENTRIES) : 0;
  if (Object.keys(sample).length >= least) return;
  const patterns = Object.entries(isJsonObject(own.patternProperties) ? own.patternProperties : {});
  const [pattern, schema] = patterns[0] ?? [];
  const names = entryNames(isJsonObject(own.propertyNames) ? own.propertyNames : {}, pattern);
  for (const name of names) {
    if (Object.keys(sample).length >= least) return;
    if (!Object.hasOwn(sample, name))
      sample[name] = made(schema ?? (isJsonObject(own.additionalProperties) ? own.additionalProperties : {}));
  }
}

/** The items of a tuple (`prefixItems`), and those beyond that the list needs. */
function itemsOf(own: JsonObject, item: (schema: Json | undefined) => Json): Json[] {
  const { prefixItems, minItems } = own;
  const items = (Array.isArray(prefixItems) ? prefixItems : []).slice(0, MAX_ITEMS).map(item);
  // One item shows what a list in a list holds.
  const shown = prefixItems === undefined && own.contains === undefined ? 1 : 0;
  const least = Math.min(typeof minItems === "number" ? minItems : shown, MAX_ITEMS);
  const { contains, minContains = 1 } = own;
  if (isJsonObject(contains) && typeof minContains === "number")
    for (let index = 0; index < Math.min(minContains, MAX_ITEMS); index += 1)
      items.push(item(isJsonObject(own.items) ? { allOf: [own.items, contains] } : contains));
  while (items.length < least && own.items !== false) items.push(item(own.items));
  return items;
}

function numberOf(own: JsonObject): number {
  const { minimum, exclusiveMinimum, maximum, multipleOf } = own;
  const step = typeof multipleOf === "number" && multipleOf > 0 ? multipleOf : 1;
  if (typeof exclusiveMinimum === "number") return exclusiveMinimum + step;
  if (typeof minimum === "number") return Math.ceil(minimum / step) * step;
  return typeof maximum === "number" && maximum < step ? maximum : step;
}
