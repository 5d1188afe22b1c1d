import { matchName, type NameMatch, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { isAt } from "@ape/catalog/goal/times/days-of-choice";
import { type Field, isNameText, isNumeric, isText } from "@ape/catalog/operations/field";
import { isNumberWord } from "@ape/catalog/operations/item-identifier";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { ownNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { lastWord, plain } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import type { ListChoice } from "../../goal/plan.ts";
import { itemFields, readItem } from "../response-values.ts";
import { matchOfNumber } from "./numbered-item.ts";

/** Whether an item is about all the things whose numbers a goal gives. */
export const hasNumbers = (item: Json, { numbers = [] }: ListChoice, operation: Operation): boolean =>
  numbers.every((thing) => matchOfNumber(item, thing, operation) > 0);

/** Fields that say something of a thing in prose, and are no name of it. */
const PROSE =
  /\b(?:descriptions?|notes?|comments?|remarks?|summary|message|body|content|details?|reasons?|bio)$/;

/** Whether a list shows by what its things are called: without that nothing says that a name is none of them. */
export const showsNames = (listing: Operation | undefined): boolean =>
  listing?.list?.fields.some(
    (field) => isNameText(field) || isNumberWord(lastWord(field.leaf)) || isKindText(field),
  ) === true;

/** Whether a text says of which kind a thing is, by which people call it: the model of a car, the sort of a cheese. */
const isKindText = (field: Field): boolean =>
  isText(field) && field.enum === undefined && KIND.test(plain(field.leaf));
const KIND = /\b(?:sort|kind|type|model|make|brand|species|breed|variety)$/;

/** How well an item is what a choice is called, by its best field, or by another name that may be meant. */
export function matchOfItem(item: Json, choice: ListChoice, operation: Operation): NameMatch {
  const { called } = choice;
  if (called === undefined) return 0;
  if (called.numbered !== undefined) return matchOfNumber(item, called.numbered, operation);
  const { point } = called;
  if (point !== undefined) return daysOf(item).some((value) => isAt(value, point)) ? 3 : 0;
  const others = (called.or ?? []).map((text) => ({ ...called, text, whole: text }));
  return Math.max(
    ...[called, ...others].map((one) => matchOfName(item, one, choice, operation)),
  ) as NameMatch;
}

function matchOfName(
  item: Json,
  called: ThingName,
  { clauses }: ListChoice,
  operation: Operation,
): NameMatch {
  const fields = itemFields(operation);
  const said = clauses.map(({ said: own }) => own).join(" ");
  const nouns = ownNouns(subjectOf(operation));
  const isCommon = (word: string): boolean => nouns.includes(word) || called.nouns.includes(word);
  const isNumber = /^\d+$/.test(called.text);
  let best: NameMatch = 0;
  const names: string[] = [];
  for (const field of fields) {
    const isOfThing = isNumberWord(lastWord(field.leaf)) || isNameText(field);
    if (isNumber ? !isOfThing : !(isText(field) || (isOfThing && isNumeric(field)))) continue;
    if (PROSE.test(plain(field.leaf)) && !isNameText(field)) continue;
    const value = readItem(item, field, fields);
    if (value === undefined || value === null || isComposite(value)) continue;
    const text = String(value);
    if (/\bname$/.test(plain(field.leaf))) names.push(text);
    const match = matchName(text, called, said, isCommon);
    if (match > best) best = match;
  }
  // What no document describes may show the name in any of its texts.
  if (fields.some(({ assumed }) => assumed === true))
    for (const text of isNumber ? [] : ownTexts(item)) {
      const match = matchName(text, called, said, isCommon);
      if (match > best) best = match;
    }
  // First and last name are in fields of their own.
  const whole = names.length > 1 ? matchName(names.join(" "), called, said, isCommon) : 0;
  return whole > best ? whole : best;
}

/** The days and times that an item shows, where no document says which of its fields are. */
export const daysOf = (item: Json): Json[] =>
  isJsonObject(item)
    ? Object.entries(item).flatMap(([name, value]) =>
        typeof value === "string" && POINT.test(value) && !OF_RECORD.test(name) ? value : [],
      )
    : [];
const POINT = /^(?:\d{4}-\d\d-\d\d|\d\d:\d\d)/;
/** Names of days on which something was written down. */
const OF_RECORD = /creat|updat|modif|chang|regist/i;

/** The texts of an item that may be a name of it, or of what it is about. */
const ownTexts = (item: Json): string[] =>
  isJsonObject(item)
    ? Object.entries(item).flatMap(([key, value]) =>
        typeof value === "string" && !PROSE.test(plain(key)) ? value : [],
      )
    : [];

/** Of items that are called so, those that match best. */
export function bestCalled(items: Json[], choice: ListChoice, operation: Operation): Json[] {
  if (choice.called === undefined) return items;
  const matches = items.map((item) => matchOfItem(item, choice, operation));
  const most = Math.max(...matches);
  return items.filter((_, at) => matches[at] === most);
}
