import type { NumberedThing } from "@ape/catalog/goal/phrases/numbered-thing";
import type { NameMatch } from "@ape/catalog/goal/phrases/thing-name";
import { isNumberWord } from "@ape/catalog/operations/item-identifier";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import { isJsonObject, type Json } from "@ape/core/lib/json";

/**
 * How well an item has a number that a goal gives: 3 as the number that people see of it, 2 as its id, 1 as the digits of its code.
 * Of `the reservation of table 7` it is the number of what the noun says, which the item shows: `table: 7`.
 */
export function matchOfNumber(item: Json, thing: NumberedThing, listing: Operation): NameMatch {
  if (!isJsonObject(item)) return String(item) === thing.number ? 2 : 0;
  return isOwnNumber(thing, listing) ? ownMatch(item, thing, listing) : partMatch(item, thing);
}

/** Whether a number is that of the things that are listed, and not of something that they are about. */
export function isOwnNumber({ noun }: NumberedThing, listing: Operation): boolean {
  if (noun === "") return true;
  return resultNouns(subjectOf(listing)).some((own) => areKin(own, noun));
}

function ownMatch(item: Record<string, Json>, thing: NumberedThing, listing: Operation): NameMatch {
  const nouns = [thing.noun, ...resultNouns(subjectOf(listing))];
  let best: NameMatch = 0;
  const take = (match: NameMatch): void => {
    if (match > best) best = match;
  };
  for (const [key, value] of Object.entries(item)) {
    if (typeof value === "object") continue;
    const words = plain(key).split(" ");
    const last = words.at(-1) ?? "";
    if (/^(?:name|title|label)$/.test(last)) take(isNameWith(String(value), thing) ? 3 : 0);
    const isOwn = words.slice(0, -1).every((word) => nouns.includes(stem(word)));
    if (!isNumberWord(last) || !isOwn) continue;
    if (/^(?:id|uuid|guid)$/.test(last)) take(String(value) === thing.number ? 2 : 0);
    else if (!thing.isId)
      take(String(value) === thing.number ? 3 : hasDigits(String(value), thing.number) ? 1 : 0);
  }
  return best;
}

/** Whether a thing is called by its noun and a number: `Table 7`. */
const isNameWith = (text: string, { said, number, isId }: NumberedThing): boolean =>
  !isId && (plain(text) === plain(said) || plain(text) === number);

/** Whether a code has no other digits than those of a number: `ORD-0042` for 42. */
const hasDigits = (code: string, number: string): boolean =>
  /^\D*0*(\d+)\D*$/.exec(code)?.[1] === number && code.length <= number.length + LONGEST_PREFIX;
const LONGEST_PREFIX = 8;

/** Whether an item shows the number of something that it is about: `table: 7`, `tableNo: 7`, `table: {id: 7}`. */
function partMatch(item: Record<string, Json>, { noun, number, said }: NumberedThing): NameMatch {
  const isNumber = (value: Json | undefined): boolean =>
    value !== undefined &&
    typeof value !== "object" &&
    (String(value) === number || plain(String(value)) === plain(said));
  for (const [key, value] of Object.entries(item)) {
    const words = plain(key).split(" ");
    const thing = words.length > 1 && isNumberWord(words.at(-1) ?? "") ? words.at(-2) : words.at(-1);
    if (thing === undefined || stem(thing) !== noun) continue;
    if (isNumber(value)) return 3;
    if (!isJsonObject(value)) continue;
    for (const [inner, own] of Object.entries(value))
      if (/^(?:id|number|no|nr|code|name)$/.test(plain(inner)) && isNumber(own)) return 3;
  }
  return 0;
}
