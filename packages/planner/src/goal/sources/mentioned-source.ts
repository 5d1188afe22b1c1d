import type { Clause } from "@ape/catalog/goal/clause";
import type { Field } from "@ape/catalog/operations/field";
import type { Source } from "@ape/catalog/operations/operation-catalog";
import { plain, stem } from "@ape/catalog/words/words";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isOwnId } from "../source-merit.ts";

/** `Move her to a lane` says of no lane that it is hers. */
const BELONGS =
  /\b(?:its|their|his|whose|her(?!\s+(?:to|from|in|into|on|onto|at|off|out|up|down|and|or|for|with|by|as|again)\b|\s*(?:[.,;]|$)))\b/i;

/**
 * Whether a clause names something that only the source has: the author in `follow its author`, for `author.username`.
 */
export function isMentioned(clause: Clause | undefined, input: Field, source: Field): boolean {
  if (clause === undefined || !BELONGS.test(clause.text)) return false;
  // `Feed its tank`, for the `tank.id` of a fish.
  const owner = stem(
    plain(
      source.name
        .split(/\.|\[\]/)
        .filter((part) => part !== "")
        .at(-2) ?? "",
    ),
  );
  if (isPlainIdName(source.leaf) && clause.object.nouns.has(owner) && input.nameTokens.has(owner))
    return true;
  for (const token of source.nameTokens.keys())
    if (!input.nameTokens.has(token) && (clause.weights.get(token) ?? 0) >= 1) return true;
  return false;
}

/**
 * Whether a source is what other things show of theirs, where a list has the things themselves whose id an input takes: a tool is
 * transferred to no depot in which a tool is, unless the clause says so.
 */
export function isOfOthers(input: Field, { listed, operation }: Source, sources: readonly Source[]): boolean {
  if (input.in !== "body" || !listed || isOwnId(input, operation)) return false;
  return sources.some(
    (other) =>
      other.listed &&
      !other.operation.writes &&
      isOwnId(input, other.operation) &&
      !other.operation.inputs.some(({ required }) => required),
  );
}
