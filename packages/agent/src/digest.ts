import type { Json, JsonObject } from "@ape/core/json";
import type { Body } from "@ape/core/tool-call";

/** Longest text of a digest, in characters. */
export const MAX_DIGEST = 4_000;

interface Bounds {
  items: number;
  keys: number;
  string: number;
  name: number;
  nodes: number;
}

/**
 * Tried one after another until the digest is short enough: long texts are shortened before anything is left out,
 * because ids, names, prices and links are short. The last one is below {@link MAX_DIGEST} whatever it is given.
 */
const TIGHTER: readonly Bounds[] = [
  { items: 12, keys: 40, string: 240, name: 80, nodes: 400 },
  { items: 12, keys: 40, string: 80, name: 80, nodes: 400 },
  { items: 12, keys: 24, string: 48, name: 48, nodes: 200 },
  { items: 6, keys: 16, string: 48, name: 48, nodes: 80 },
  { items: 4, keys: 8, string: 48, name: 40, nodes: 12 },
];
const MAX_DEPTH = 6;
const MAX_TEXT = 960;

/** An answer's body as the model sees it: the value, and its JSON text. */
export interface Digest {
  json: Json;
  text: string;
}

/**
 * An answer's body as the model sees it, at most {@link MAX_DIGEST} characters: lists are cut to their first items with
 * a last item `... N more`, long texts to their beginning. The work is bounded, whatever the body's size.
 */
export function digestBody(body: Body): Digest {
  switch (body.kind) {
    case "json":
      return digestJson(body.json);
    case "text": {
      const digest = told(cutText(body.text, MAX_TEXT));
      return digest.text.length <= MAX_DIGEST ? digest : told(cutText(body.text, MAX_TEXT / 4));
    }
    case "binary":
      return told(`${body.bytes} bytes of binary data`);
    case "empty":
      return { json: null, text: "null" };
  }
}

/** The digest of a JSON value. */
export function digestJson(value: Json): Digest {
  let digest: Digest = { json: null, text: "null" };
  for (const bounds of TIGHTER) {
    digest = told(cutJson(value, bounds, { left: bounds.nodes }, 0));
    if (digest.text.length <= MAX_DIGEST) break;
  }
  return digest;
}

const told = (json: Json): Digest => ({ json, text: JSON.stringify(json) });

function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}... ${text.length - limit} more characters`;
}

function cutJson(value: Json, bounds: Bounds, budget: { left: number }, depth: number): Json {
  budget.left -= 1;
  if (typeof value === "string") return cutText(value, bounds.string);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const kept: Json[] = [];
    if (depth < MAX_DEPTH)
      for (const item of value) {
        if (kept.length >= bounds.items || budget.left <= 0) break;
        kept.push(cutJson(item, bounds, budget, depth + 1));
      }
    if (kept.length < value.length) kept.push(`... ${value.length - kept.length} more`);
    return kept;
  }
  const object: JsonObject = {};
  let count = 0;
  for (const key in value) {
    if (count >= bounds.keys || budget.left <= 0 || depth >= MAX_DEPTH) {
      object["..."] = "more fields";
      break;
    }
    const name = key.length > bounds.name ? key.slice(0, bounds.name) : key;
    if (name === "__proto__") continue;
    object[name] = cutJson(value[key] ?? null, bounds, budget, depth + 1);
    count += 1;
  }
  return object;
}
