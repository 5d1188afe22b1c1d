import { ApeError } from "@ape/core/lib/errors";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { yamlProblem } from "@ape/core/lib/yaml-problem";
import { parse } from "yaml";

const MAX_DEPTH = 400;
/** Maximum number of values of a document, with every YAML alias counted as often as it is used. */
const MAX_VALUES = 3_000_000;

/**
 * Reads YAML 1.2 (with merge keys) or JSON. Aliases share their value, so that a small text cannot fill the memory;
 * their expansion is bounded too, because later steps copy it.
 * @param source its path or URL, for messages
 * @throws ApeError SPEC_INVALID
 */
export function parseDocument(text: string, source: string): Json {
  let read: { root: unknown; json: boolean };
  try {
    read = parseText(text, source);
  } catch (cause) {
    const message = yamlProblem(cause);
    throw new ApeError("SPEC_INVALID", `${source} is neither YAML nor JSON: ${message}`, {
      cause,
      hint: "Correct the document at that place, or generate it again.",
    });
  }
  const { root, json } = read;
  const sizes = new Map<object, number>();
  measure(root, 0, sizes, source);
  return json ? (root as Json) : plain(root, new Map());
}

function parseText(text: string, source: string): { root: unknown; json: boolean } {
  if (/\.json$/i.test(source) || /^\s*[{[]/.test(text)) {
    try {
      return { root: JSON.parse(text) as unknown, json: true };
    } catch (thrown) {
      // A YAML document can begin with a brace too.
      if (/\.json$/i.test(source)) throw thrown;
    }
  }
  return { root: parse(text, { merge: true, maxAliasCount: -1, logLevel: "error" }), json: false };
}

/** The number of values in a tree; 0 marks a tree that is being counted. */
function measure(value: unknown, depth: number, sizes: Map<object, number>, source: string): number {
  if (typeof value !== "object" || value === null) return 1;
  const known = sizes.get(value);
  if (known === 0)
    throw new ApeError("SPEC_INVALID", `${source}: a YAML alias contains itself`, {
      hint: "Write a schema that contains itself with `$ref`.",
    });
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH)
    throw new ApeError("SPEC_INVALID", `${source} is nested more than ${MAX_DEPTH} levels deep`, {
      hint: "Move inner schemas to `components`, and refer to them with `$ref`.",
    });
  sizes.set(value, 0);
  let size = 1;
  for (const inner of Object.values(value)) {
    size += measure(inner, depth + 1, sizes, source);
    if (size > MAX_VALUES)
      throw new ApeError("SPEC_INVALID", `${source} has more than ${MAX_VALUES} values`, {
        hint: "YAML aliases count as often as they are used.",
      });
  }
  sizes.set(value, size);
  return size;
}

/** Converts values that JSON lacks: the dates, sets, maps and binaries of YAML 1.1 become texts, lists and objects. */
function plain(value: unknown, known: Map<object, Json>): Json {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value as Json;
  const before = known.get(value);
  if (before !== undefined) return before;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return plain([...value], known);
  if (value instanceof Map) return plain(Object.fromEntries(value), known);
  known.set(value, value as Json);
  const container = value as JsonObject;
  for (const [key, inner] of Object.entries(container))
    if (typeof inner === "object" || typeof inner === "bigint") container[key] = plain(inner, known);
  return container;
}
