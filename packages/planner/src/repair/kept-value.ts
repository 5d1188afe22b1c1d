import type { Json } from "@ape/core/lib/json";

/**
 * Whether a value is still what the goal states: `Night crew 3f` for `Night crew`, `ann.3f@b.example` for `ann@b.example`, the same
 * number with other digits behind its point. Any other value would do something that the goal does not ask for.
 */
export function keepsValue(stated: Json, value: Json | undefined): boolean {
  if (value === undefined) return false;
  if (typeof stated !== "string") return Number(value) === Number(stated);
  if (stated === "") return true;
  const [name = "", host] = stated.split("@", 2);
  const text = String(value);
  return host === undefined ? text.includes(stated) : text.startsWith(name) && text.endsWith(`@${host}`);
}
