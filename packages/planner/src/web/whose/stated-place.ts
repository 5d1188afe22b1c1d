import type { Clause } from "@ape/catalog/goal/clause";
import { nameBegun, type ThingName } from "@ape/catalog/goal/phrases/thing-name";

/** Where a thing is put, and what it is taken from: `to the tasting Winter cheeses`, `from Blue evening`. */
const PUT = /\b(?:to|onto|into)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;
const TAKEN = /\b(?:from|out of)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;

/** The name of the thing that a clause adds something to, or removes it from; undefined if it gives none. */
export function placeOf(clause: Clause): ThingName | undefined {
  const { verb, text } = clause;
  const found = verb === "~add" ? PUT.exec(text) : verb === "~remove" ? TAKEN.exec(text) : null;
  if (found === null) return undefined;
  return nameBegun(text.slice(found.index + found[0].length), (found[1] ?? "").split(/\s+/));
}
