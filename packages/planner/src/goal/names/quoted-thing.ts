import type { Clause } from "@ape/catalog/goal/clause";
import { type Field, isReference } from "@ape/catalog/operations/field";
import { plain, stem } from "@ape/catalog/words/words";

/** The last word before a quotation mark, where it is that of a thing that something is for, in or of. */
const NOUN =
  /\b(?:for|to|with|by|from|at|in|of|on|under)\s+(?:the\s+)?(?:\p{Ll}[\p{Ll}-]*\s+)?(\p{Ll}[\p{Ll}-]*)\s*$/u;

/** The quoted name right behind the noun of what a field takes the id of: `book the mixer for the recipe "Plum cake"`. */
export function quotedThing(
  field: Field,
  { labels, quoted }: Pick<Clause, "labels" | "quoted">,
): string | undefined {
  if (!isReference(field) && field.in !== "path") return undefined;
  const at = labels.findIndex((label) => {
    const noun = NOUN.exec(label)?.[1];
    return noun !== undefined && field.nameTokens.has(stem(plain(noun)));
  });
  const text = quoted[at];
  return text === undefined || text.includes("{{") ? undefined : text;
}
