import type { Clause } from "@ape/catalog/goal/clause";
import { SAYS_NO_KIND } from "@ape/catalog/goal/values/unoffered-option";
import { areKin } from "@ape/catalog/words/thesaurus";
import { stem, stemsOf } from "@ape/catalog/words/words";
import { asksWhat } from "../filling/stated-choices.ts";
import type { SeenField } from "../page-reader.ts";

/** `Book a cleaning job`: what is made, with one word before it. */
const MADE = /^\W*\p{L}+(?:\s+up)?\s+(?:an?|another)\s+(?:new\s+)?(\p{Ll}[\p{L}-]+)\s+(\p{Ll}[\p{L}-]+)/u;

/** The kind of what a clause makes, where the choice of kinds of a form has none that is called so. */
export function kindNotOffered(clause: Clause, field: SeenField): string | undefined {
  const [, kind = "", thing = ""] = clause.indefinite ? (MADE.exec(clause.text) ?? []) : [];
  const options = field.enum ?? [];
  const { nouns } = clause.object;
  if (nouns.get(stem(thing)) !== 1 || !nouns.has(stem(kind)) || SAYS_NO_KIND.test(kind)) return undefined;
  if (options.length < 2 || field.several || !asksWhat(field)) return undefined;
  // `A pearl necklace` is of no kind of pearls.
  const words = stemsOf(`${kind} ${thing}`);
  const isOffered = options.some((option) =>
    stemsOf(String(option)).some((one) => words.some((word) => one === word || areKin(one, word))),
  );
  return isOffered ? undefined : `${kind} ${thing}`;
}
