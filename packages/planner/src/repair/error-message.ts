import type { Field } from "@ape/catalog/operations/field";
import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import { textsIn } from "../choice/response-values.ts";

/** The message of an error body about an input, or undefined if it does not mention the input. */
export function errorMessageFor(body: Json | undefined, field: Field): string | undefined {
  const own = complaintIn(body, field, 5);
  if (own !== undefined) return own;
  const text = textsIn(body);
  return new RegExp(`(?:^|[^\\w])${escapeRegExp(field.leaf)}(?:[^\\w]|$)`).test(text) ? text : undefined;
}

function complaintIn(body: Json | undefined, field: Field, depth: number): string | undefined {
  if (depth === 0 || !isComposite(body)) return undefined;
  if (Array.isArray(body)) {
    for (const item of body) {
      const found =
        isJsonObject(item) && names(item, field) ? textsIn(item) : complaintIn(item, field, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [name, value] of Object.entries(body)) {
    if (name === field.leaf || name === field.name) return textsIn(value);
    const found = complaintIn(value, field, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether a value of an error is the input's name: `{field: "days"}`, `{loc: ["body", "days"]}`, `{pointer: "/days"}`.
 */
function names(error: Record<string, Json>, field: Field): boolean {
  return Object.values(error).some((value) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return typeof last === "string" && (last === field.name || last.split(/[./]/).at(-1) === field.leaf);
  });
}
