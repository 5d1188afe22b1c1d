import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { stem } from "@ape/catalog/words/words";

/** Where a thing is put, and what it is taken from: `to the tasting Winter cheeses`, `from Blue evening`. */
const PUT = /\b(?:to|onto|into)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;
const TAKEN = /\b(?:from|out of)\s+(?:(?:the|my|our)\s+)?((?:\p{Ll}[\p{L}-]*\s+){0,2})(?=\p{Lu})/u;

/** The name of the thing that a clause adds something to, or removes it from; undefined if it gives none. */
export function placeOf(clause: Clause): ThingName | undefined {
  const { verb, text } = clause;
  const found = verb === "~add" ? PUT.exec(text) : verb === "~remove" ? TAKEN.exec(text) : null;
  if (found === null) return undefined;
  const behind = text.slice(found.index + found[0].length);
  const name = nameAt(behind, true);
  if (name === undefined) return undefined;
  const nouns = (found[1] ?? "").split(/\s+/).filter((word) => word !== "");
  return { ...nameOf(name), whole: nameAt(behind) ?? name, nouns: nouns.map(stem) };
}
