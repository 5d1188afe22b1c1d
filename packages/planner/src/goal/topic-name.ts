import type { Clause } from "@ape/catalog/goal/clause";
import { numberedThings } from "@ape/catalog/goal/phrases/numbered-thing";
import { isKindFor, plainNameOf } from "@ape/catalog/goal/phrases/plain-name";
import { nameOf, nameOfNumber, type ThingName, thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { isCondition } from "@ape/catalog/goal/things/sought-text";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { codeAt } from "@ape/catalog/goal/values/written-code";
import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { VERB_CLASSES } from "@ape/catalog/words/lexicon";
import { stem } from "@ape/catalog/words/words";
import { isOwnNumber } from "../choice/by-name/numbered-item.ts";

const REFERS = /\b(?:it|its|them|their)\b/i;

/** Whether a clause is a condition of a thing with a name: `if the hive Birch is sealed`. */
const isNamedCondition = (clause: Clause): boolean => isCondition(clause) && thingNamed(clause) !== undefined;

/** The earlier clause that says which thing `it` or `its` of a clause is; undefined where that one makes something. */
export function topicOf({ text, another }: Clause, earlier: readonly Clause[]): Clause | undefined {
  if (another || !REFERS.test(text)) return undefined;
  const about = earlier.findLast(
    (one) => (one.object.nouns.size > 0 && !one.object.refers) || isNamedCondition(one),
  );
  const isMade = about?.indefinite === true || VERB_CLASSES.get(about?.verb ?? "") === "create";
  return isMade ? undefined : about;
}

/**
 * What an earlier clause calls the thing that `it` or `its` is: no other one will do, whether something served that clause or not.
 * Undefined where that clause makes something, or says of none which one it is.
 * @param listing what lists the things that are chosen from
 */
export function nameOfTopic(
  clause: Clause,
  earlier: readonly Clause[],
  listing: Operation | undefined,
  catalog: OperationCatalog,
): ThingName | undefined {
  const same = sameThing(clause, earlier);
  if (same !== undefined) return same;
  const about = topicOf(clause, earlier);
  if (about === undefined || (!about.active && !isNamedCondition(about))) return undefined;
  const number = numberedThings(about).find((one) => listing !== undefined && isOwnNumber(one, listing));
  if (number !== undefined) return nameOfNumber(number);
  const name = thingNamed(about);
  if (name !== undefined) return name;
  const plain = plainNameOf(about, catalog);
  return plain === undefined || (listing !== undefined && isKindFor(plain, listing)) ? undefined : plain;
}

const THAT = /\b(?:that|this|the same|the said)\s+(\p{Ll}[\p{Ll}-]+)/giu;

/** What an earlier clause calls the thing that a clause means by `that lift`: `the fault of the lift TK-310/2`. */
export function sameThing({ text }: Clause, earlier: readonly Clause[]): ThingName | undefined {
  const nouns = Array.from(text.matchAll(THAT), ([, noun = ""]) => noun);
  for (const noun of nouns)
    for (const one of earlier.toReversed()) {
      const number = numberedThings(one).find((thing) => thing.noun === stem(noun));
      if (number !== undefined) return nameOfNumber(number);
      const [, behind] = new RegExp(`\\b${noun}\\s+(?=(\\p{Lu}.*))`, "u").exec(one.text) ?? [];
      const name = behind === undefined ? undefined : (codeAt(behind) ?? nameAt(behind, true));
      if (name !== undefined) return { ...nameOf(name), nouns: [stem(noun)] };
    }
  return undefined;
}
