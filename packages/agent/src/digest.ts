import type { Json, JsonObject } from "@ape/core/json";
import type { Body } from "@ape/core/tool-call";

/** Bounds of a digest: about 4 KB of text. */
const MAX_ITEMS = 12;
const MAX_KEYS = 40;
const MAX_DEPTH = 6;
const MAX_STRING = 240;
const MAX_NODES = 400;

/**
 * An answer's body as the model sees it: lists are cut to their first items with a last item `... N more`, long
 * texts to their beginning. Ids, names, prices and links are short and stay whole. The work is bounded, whatever the
 * body's size.
 */
export function digestBody(body: Body): Json {
  switch (body.kind) {
    case "json":
      return cutJson(body.json, { left: MAX_NODES }, 0);
    case "text":
      return cutText(body.text, 4 * MAX_STRING);
    case "binary":
      return `${body.bytes} bytes of binary data`;
    case "empty":
      return null;
  }
}

function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}... ${text.length - limit} more characters`;
}

function cutJson(value: Json, budget: { left: number }, depth: number): Json {
  budget.left -= 1;
  if (typeof value === "string") return cutText(value, MAX_STRING);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH || budget.left <= 0)
    return Array.isArray(value) ? [`... ${value.length} more`] : "...";
  if (Array.isArray(value)) {
    const kept: Json[] = [];
    for (const item of value) {
      if (kept.length >= MAX_ITEMS || budget.left <= 0) break;
      kept.push(cutJson(item, budget, depth + 1));
    }
    if (kept.length < value.length) kept.push(`... ${value.length - kept.length} more`);
    return kept;
  }
  const object: JsonObject = {};
  let count = 0;
  for (const key in value) {
    if (count >= MAX_KEYS) break;
    object[key.length > 80 ? key.slice(0, 80) : key] = cutJson(value[key] ?? null, budget, depth + 1);
    count += 1;
  }
  return object;
}

/** A digest with every token shown as its placeholder. */
export function hideTokens(digest: Json, nameOf: (value: string) => string | undefined): Json {
  if (typeof digest === "string") {
    const name = nameOf(digest);
    return name === undefined ? digest : `{{${name}}}`;
  }
  if (Array.isArray(digest)) return digest.map((item) => hideTokens(item, nameOf));
  if (typeof digest !== "object" || digest === null) return digest;
  const hidden: JsonObject = {};
  for (const key in digest) hidden[key] = hideTokens(digest[key] ?? null, nameOf);
  return hidden;
}
