import { isComposite, isJsonObject, type Json, type JsonObject } from "../lib/json.ts";

/** Fewest objects in a list for which naming their fields once takes less text. */
const FEWEST_ROWS = 3;
const FIELDS = "fields";
const ROWS = "rows";

/**
 * Writes each list of objects with the same fields as a table, `{"fields": [names], "rows": [values of each object]}`, so that
 * the names stand once. A last text that says how the list was cut stays as the last row.
 * @returns undefined if no list can be written so, or if the value has such an object of its own
 */
export function tableLists(json: Json): Json | undefined {
  const found = { tables: 0, own: false };
  const tabled = tabledValue(json, found);
  return found.tables === 0 || found.own ? undefined : tabled;
}

/** Reads {@link tableLists} back. */
export function readTables(json: Json): Json {
  if (Array.isArray(json)) return json.map(readTables);
  if (!isJsonObject(json)) return json;
  if (isTable(json)) {
    const names = json[FIELDS] as string[];
    return (json[ROWS] as Json[]).map((row) => {
      if (!Array.isArray(row)) return row;
      const object: JsonObject = {};
      for (const [at, name] of names.entries()) object[name] = readTables(row[at] ?? null);
      return object;
    });
  }
  const read: JsonObject = {};
  for (const name in json) read[name] = readTables(json[name] ?? null);
  return read;
}

/** @returns the value itself where nothing in it is written as a table */
function tabledValue(json: Json, found: { tables: number; own: boolean }): Json {
  if (!isComposite(json)) return json;
  if (Array.isArray(json)) {
    const names = commonFields(json);
    if (names !== undefined) {
      found.tables += 1;
      return { [FIELDS]: names, [ROWS]: json.map((item) => rowOf(item, found)) };
    }
    return listWithTables(json, found);
  }
  found.own ||= isTable(json);
  return objectWithTables(json, found);
}

/** The values of an object; what is no object stays. */
function rowOf(item: Json, found: { tables: number; own: boolean }): Json {
  return isJsonObject(item) ? listWithTables(Object.values(item), found) : item;
}

/** A list with the values in it as they are written. */
function listWithTables(json: Json[], found: { tables: number; own: boolean }): Json[] {
  let written = json;
  for (let at = 0; at < json.length; at += 1) {
    const value = json[at] as Json;
    const tabled = tabledValue(value, found);
    if (tabled === value) continue;
    if (written === json) written = [...json];
    written[at] = tabled;
  }
  return written;
}

/** An object with the values in it as they are written. */
function objectWithTables(json: JsonObject, found: { tables: number; own: boolean }): JsonObject {
  let written = json;
  for (const key in json) {
    const value = json[key] as Json;
    const tabled = tabledValue(value, found);
    if (tabled === value) continue;
    if (written === json) written = { ...json };
    written[key] = tabled;
  }
  return written;
}

/** The fields that every object of a list has, in one order; undefined if the list is short, or holds something else. */
function commonFields(list: readonly Json[]): string[] | undefined {
  const count = typeof list.at(-1) === "string" ? list.length - 1 : list.length;
  const [first] = list;
  if (count < FEWEST_ROWS || !isJsonObject(first)) return undefined;
  const names = Object.keys(first);
  if (names.length === 0) return undefined;
  for (let at = 1; at < count; at += 1) {
    const item = list[at];
    if (!isJsonObject(item)) return undefined;
    let next = 0;
    for (const name in item) {
      if (name !== names[next]) return undefined;
      next += 1;
    }
    if (next !== names.length) return undefined;
  }
  return names;
}

function isTable(json: JsonObject): boolean {
  return Array.isArray(json[FIELDS]) && Array.isArray(json[ROWS]) && Object.keys(json).length === 2;
}
