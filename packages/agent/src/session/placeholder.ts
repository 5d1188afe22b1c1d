import type { Json, JsonObject } from "@ape/core/lib/json";
import { LosslessNumber } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";

/** Any name is valid: columns and fields may have spaces, dots or dollars in theirs. */
const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The real value behind a name, or undefined. */
export type ReadValue = (name: string) => string | undefined;

/** The values of placeholders in a call. */
export interface PlaceholderValues {
  read: ReadValue;
  /** One sentence for the model: why a name cannot be filled in. */
  explain(name: string): string;
}

/** A text or JSON value with its placeholders filled in, and the names that have no value. */
export interface FillResult<T> {
  value: T;
  unknown: string[];
}

/** Fills `{{name}}` in every string of a value. Returns a value without placeholders as it is, not copied. */
export function fillPlaceholders<T extends Json>(value: T, read: ReadValue): FillResult<T> {
  const unknown: string[] = [];
  return { value: fill(value, read, unknown) as T, unknown };
}

function fill(value: Json, read: ReadValue, unknown: string[]): Json {
  if (typeof value === "string") {
    if (!value.includes("{{")) return value;
    return value.replaceAll(PLACEHOLDER, (whole, name: string) => {
      const found = read(name);
      if (found === undefined) unknown.push(name);
      return found ?? whole;
    });
  }
  if (typeof value !== "object" || value === null || value instanceof LosslessNumber) return value;
  if (Array.isArray(value)) {
    let list: Json[] | undefined;
    for (let i = 0; i < value.length; i += 1) {
      const item = value[i] ?? null;
      const filled = fill(item, read, unknown);
      if (filled === item) continue;
      list ??= [...value];
      list[i] = filled;
    }
    return list ?? value;
  }
  let object: JsonObject | undefined;
  for (const key in value) {
    const item = value[key] ?? null;
    const filled = fill(item, read, unknown);
    if (filled === item) continue;
    object ??= { ...value };
    object[key] = filled;
  }
  return object ?? value;
}

/**
 * Fills the placeholders of a path. A value stays within its segment (`a/b` becomes `a%2Fb`); a value that is a path
 * itself, such as a link to a next page, is used unchanged at the beginning of a path.
 */
export function fillPath(path: string, read: ReadValue): FillResult<string> {
  const unknown: string[] = [];
  if (!path.includes("{{")) return { value: path, unknown };
  const value = path.replaceAll(PLACEHOLDER, (whole, name: string, offset: number) => {
    const found = read(name);
    if (found === undefined) unknown.push(name);
    if (found === undefined) return whole;
    const begins = offset === 0 || (found.startsWith("/") && !"/?&=".includes(path.charAt(offset - 1)));
    return begins ? found : encodeSegment(found);
  });
  return { value, unknown };
}
