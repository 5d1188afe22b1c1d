import type { Json, JsonObject } from "@ape/core/json";

const PLACEHOLDER = /\{\{\s*([\w.[\]-]+)\s*\}\}/g;

/** A text or a JSON value with its placeholders filled in, and the names that nobody knows. */
export interface Filled<T> {
  value: T;
  unknown: string[];
}

/** Fills `{{name}}` in every string of a value. Most values have none and are handed back as they are. */
export function fillPlaceholders<T extends Json>(
  value: T,
  read: (name: string) => string | undefined,
): Filled<T> {
  const unknown: string[] = [];
  return { value: fill(value, read, unknown) as T, unknown };
}

function fill(value: Json, read: (name: string) => string | undefined, unknown: string[]): Json {
  if (typeof value === "string") {
    if (!value.includes("{{")) return value;
    return value.replaceAll(PLACEHOLDER, (whole, name: string) => {
      const found = read(name);
      if (found === undefined) unknown.push(name);
      return found ?? whole;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, read, unknown));
  if (typeof value !== "object" || value === null) return value;
  const filled: JsonObject = {};
  for (const key of Object.keys(value)) filled[key] = fill(value[key] ?? null, read, unknown);
  return filled;
}
