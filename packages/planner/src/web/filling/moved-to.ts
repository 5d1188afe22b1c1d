import type { Clause } from "@ape/catalog/goal/clause";
import { plain } from "@ape/catalog/words/words";
import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { SeenField } from "../page-reader.ts";

/** Fields of which a form has one for each end of a way. */
const OF_WAY = /\b(?:from|to|origin|source|destination|departure|arrival|start|end)\b/;

/** The option that a clause moves or changes something to, where it gives the one before, too: `from shelf A1 to shelf C2`. */
export function optionMovedTo(
  { enum: options = [], leaf, description }: SeenField,
  { text }: Clause,
): string | undefined {
  if (OF_WAY.test(plain(`${leaf} ${description}`))) return undefined;
  const behind = (prepositions: string): string[] =>
    options.filter(
      (option): option is string =>
        typeof option === "string" &&
        new RegExp(
          `\\b(?:${prepositions})\\s+(?:the\\s+)?(?:\\p{Ll}[\\p{L}-]*\\s+)?${escapeRegExp(option)}(?![\\p{L}\\p{N}])`,
          "iu",
        ).test(text),
    );
  const [to, ...others] = behind("to|into|onto");
  return to !== undefined && others.length === 0 && behind("from|off|out of").length > 0 ? to : undefined;
}
