import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { isJsonObject } from "../lib/json.ts";
import { maskUrl } from "./base-url.ts";

/** An error in a configuration, and its place. */
export interface ConfigIssue {
  path: readonly PropertyKey[];
  message: string;
  /** The offending key, if the key itself is wrong. */
  key?: string;
  /** What the offending key should most likely be. */
  fix?: string;
}

type Raw = z.core.$ZodIssue;

/**
 * Converts schema issues to sentences. Of a union's branches it shows the one that matches furthest: the others are not
 * what the author meant.
 */
export function toIssues(
  raw: readonly Raw[],
  schema: unknown,
  value: unknown,
  base: readonly PropertyKey[] = [],
): ConfigIssue[] {
  return raw.flatMap((issue): ConfigIssue[] => {
    const path = [...base, ...issue.path];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const known = keysAt(schema, path, value);
        const near = nearest(key, known);
        const free = near !== undefined && !hasKey(valueAt(value, path), near);
        return { path, key, message: unknownKey(key, known), ...(free ? { fix: near } : {}) };
      });
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const strange = strangeKeys(schema, path, value);
      if (strange.length > 0) return strange;
      const best = bestBranch(issue.errors);
      const choice = choiceOf(issue.errors);
      if (choice === undefined) return toIssues(best, schema, value, path);
      const near = best.map((one) => meant(one, valueAt(value, path))).join("");
      return [{ path, message: `${choice} is expected${offending(value, path)}${near}` }];
    }
    if (issue.code === "invalid_key")
      // The value that is under a wrong key has nothing to do with it.
      return [{ path, message: `${sentence(issue)}, not the key "${String(path.at(-1)).slice(0, 60)}"` }];
    return [
      { path, message: `${sentence(issue)}${offending(value, path)}${meant(issue, valueAt(value, path))}` },
    ];
  });
}

const hasKey = (value: unknown, key: string): boolean => isJsonObject(value) && Object.hasOwn(value, key);

/** What a type is called by those who write configurations. */
const TYPES: Readonly<Record<string, string>> = {
  record: "a map",
  object: "a map",
  array: "a list",
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
};

const sizeOf = (origin: string): string =>
  origin === "number" || origin === "int" ? "a number" : origin === "string" ? "a text" : "a list";

function sentence(issue: Raw): string {
  if (issue.code === "invalid_type" && /^Invalid input/.test(issue.message))
    return `${TYPES[issue.expected] ?? issue.expected} is expected`;
  if (issue.code === "invalid_value" && /^Invalid /.test(issue.message))
    return `${issue.values.length > 1 ? "one of " : ""}${issue.values.map((v) => String(v)).join(", ")} is expected`;
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  if (issue.code === "too_small" && /^Too small/.test(issue.message))
    return `${sizeOf(issue.origin)} ${issue.inclusive === false ? "above" : "of at least"} ${issue.minimum} is expected`;
  if (issue.code === "too_big" && /^Too big/.test(issue.message))
    return `${sizeOf(issue.origin)} ${issue.inclusive === false ? "below" : "of at most"} ${issue.maximum} is expected`;
  return issue.message;
}

/**
 * All branches of a union, if each is one value or one type and none fits: `auto or a number`. A value of a right type
 * that is out of bounds has an issue of its own.
 */
function choiceOf(branches: readonly (readonly Raw[])[]): string | undefined {
  const words = branches.map(([issue, ...more]) => {
    if (issue === undefined || more.length > 0 || issue.path.length > 0 || !/^Invalid /.test(issue.message))
      return undefined;
    if (issue.code === "invalid_type") return TYPES[issue.expected] ?? issue.expected;
    return issue.code === "invalid_value" ? issue.values.map(String).join(", ") : undefined;
  });
  return words.includes(undefined) ? undefined : [...new Set(words)].join(" or ");
}

/** The one of the allowed values that a misspelt one represents. */
function meant(issue: Raw, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  const near = nearest(value, issue.values.map(String));
  if (near === undefined) return "";
  return near === value ? `: leave out the quotes` : `; did you mean "${near}"?`;
}

function offending(root: unknown, path: readonly PropertyKey[]): string {
  const value = valueAt(root, path);
  if (value === undefined) return ", but nothing is there";
  // JSON has no infinity.
  const isPlain = typeof value !== "number" || Number.isFinite(value);
  const text = isPlain ? JSON.stringify(typeof value === "string" ? maskUrl(value) : value) : String(value);
  return `, not ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}

function bestBranch(branches: readonly (readonly Raw[])[]): readonly Raw[] {
  const score = (branch: readonly Raw[]): number => {
    const depth = Math.max(...branch.map((issue) => issue.path.length));
    const alien = branch.some((issue) => issue.code === "invalid_type" && issue.path.length === 0);
    return depth * 10 - branch.length - (alien ? 100 : 0);
  };
  return branches.reduce((best, branch) => (score(branch) > score(best) ? branch : best));
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** "unknown key", with the most similar valid one if there is one. */
function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `unknown key "${key}"; did you mean "${near}"?`;
  return `unknown key "${key}"${known.length > 0 ? `; known here: ${known.join(", ")}` : ""}`;
}

/** The word of a list that is most similar to a misspelt one; undefined if none is. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(word, [...known]);
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(2, Math.floor(near.length / 3))
    ? near
    : undefined;
}

/**
 * The keys of a map that no alternative has, if none of its keys belongs to one: then no alternative matches better
 * than another.
 */
function strangeKeys(schema: unknown, path: readonly PropertyKey[], value: unknown): ConfigIssue[] {
  const here = valueAt(value, path);
  if (!isJsonObject(here)) return [];
  const known = [...new Set(alternativesAt(schema, path).flat())];
  const own = Object.keys(here);
  if (known.length === 0 || own.some((key) => known.includes(key))) return [];
  return own.slice(0, 3).map((key) => ({ path, key, message: unknownKey(key, known) }));
}

/** The keys that a JSON Schema allows at a path; of alternatives, those that match the value's own keys best. */
function keysAt(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  const here = valueAt(value, path);
  const own = isJsonObject(here) ? Object.keys(here) : [];
  const candidates = alternativesAt(schema, path);
  const fit = (keys: readonly string[]): number => own.filter((key) => keys.includes(key)).length;
  return candidates.reduce((best, keys) => (fit(keys) > fit(best) ? keys : best), candidates[0] ?? []);
}

/** The keys of each alternative at a path. */
function alternativesAt(schema: unknown, path: readonly PropertyKey[]): string[][] {
  let at: unknown = schema;
  for (const key of path)
    at = branches(at)
      .map((branch) => step(branch, key))
      .find((next) => next !== undefined);
  return branches(at).map((branch) =>
    isJsonObject(branch) && isJsonObject(branch.properties) ? Object.keys(branch.properties) : [],
  );
}

function branches(schema: unknown): unknown[] {
  if (!isJsonObject(schema)) return [];
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(branches) : [schema];
}

function step(schema: unknown, key: PropertyKey): unknown {
  if (!isJsonObject(schema)) return undefined;
  if (typeof key === "number") return schema.items;
  const { properties, additionalProperties } = schema;
  if (isJsonObject(properties) && Object.hasOwn(properties, String(key))) return properties[String(key)];
  return isJsonObject(additionalProperties) ? additionalProperties : undefined;
}
