import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";

/** What a property of an object brings with it. */
export interface Brought {
  /** Names of properties that have to be there where it is. */
  names: readonly string[];
  /** Schemas of properties that only it brings. */
  properties: ReadonlyMap<string, Json>;
}

/**
 * The names that an object must have, and those that these bring with them (JSON Schema 2020-12, validation, section
 * 6.5.4).
 */
export function requiredNames(schema: JsonObject): string[] {
  return withDependents(list(schema.required), schema);
}

/** The schemas that hold because of the names that an object must have (JSON Schema 2020-12, section 10.2.2.4). */
export function dependentOf(schema: JsonObject): Json[] {
  return requiredNames(schema).flatMap((name) => dependentSchema(schema, name) ?? []);
}

/** What the optional properties of an object bring with them, by their names. */
export function broughtBy(
  schema: JsonObject,
  flat: (schema: Json) => JsonObject,
): ReadonlyMap<string, Brought> {
  const brought = new Map<string, Brought>();
  const names = KEYWORDS.flatMap((key) => (isJsonObject(schema[key]) ? Object.keys(schema[key]) : []));
  for (const name of new Set(names)) {
    const dependent = dependentSchema(schema, name);
    const more = dependent === undefined ? {} : flat(dependent);
    const others = new Set([...withDependents([name], schema), ...requiredNames(more)]);
    others.delete(name);
    const properties = isJsonObject(more.properties) ? Object.entries(more.properties) : [];
    brought.set(name, { names: [...others], properties: new Map(properties) });
  }
  return brought;
}

/** `dependencies` is what the other two were before, as MCP servers and older documents write them. */
const KEYWORDS = ["dependentRequired", "dependentSchemas", "dependencies"] as const;

function withDependents(given: readonly Json[], schema: JsonObject): string[] {
  const names = new Set(given.filter((name) => typeof name === "string"));
  const dependents = [schema.dependentRequired, schema.dependencies].filter(isJsonObject);
  if (dependents.length === 0) return [...names];
  // A set that grows is read to its end.
  for (const name of names)
    for (const dependent of dependents)
      if (Object.hasOwn(dependent, name))
        for (const other of list(dependent[name])) if (typeof other === "string") names.add(other);
  return [...names];
}

function dependentSchema(schema: JsonObject, name: string): Json | undefined {
  for (const key of ["dependentSchemas", "dependencies"] as const) {
    const dependent = schema[key];
    if (!isJsonObject(dependent) || !Object.hasOwn(dependent, name)) continue;
    if (!Array.isArray(dependent[name])) return dependent[name];
  }
  return undefined;
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
