import type { Clause } from "@ape/catalog/goal/clause";
import type { Field } from "@ape/catalog/operations/field";
import { plain, stem } from "@ape/catalog/words/words";
import { isPlainIdName } from "@ape/core/protocol/id-name";

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
