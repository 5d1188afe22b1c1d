import type { Clause } from "@ape/catalog/goal/clause";
import { FULL_NAME, isFullName } from "@ape/catalog/goal/things/full-name";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { STOP } from "@ape/catalog/words/lexicon";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import { actSimilarity, nouns } from "../label-match.ts";
import type { SeenField } from "../page-reader.ts";

/** Labels of fields for what a thing is, and for where it is. */
const KIND = /\b(?:what|item|thing|object|article|product|kind|type|species|breed|variety)\b/;
const WHERE = /\b(?:where|place|location|spot|area|found at|seen at)\b/;
const wordsOf = ({ leaf, description }: SeenField): string => plain(`${leaf} ${description}`);
export const asksWhere = (field: SeenField): boolean => WHERE.test(wordsOf(field));
export const asksWhat = (field: SeenField): boolean => !asksWhere(field) && KIND.test(wordsOf(field));
/** What is made or changed, up to the words that say more of it. */
const THING =
  /\b(?:[Aa]n?|[Aa]nother|[Tt]he|some|my|our)\s+((?:[\p{L}-]+\s+){0,2}?[\p{L}-]+)(?=\s+(?:in|at|on|from|with|for|of|to|by|that|which|who|found|seen|called|named|under|over|because|and|it|its|they|he|she|we|my)\b|\s+\p{Lu}|[,.]|\s*$)/gu;
/** What is to be done with a name: `Algol` of `to observe Algol`. */
const DONE_TO = /\bto\s+\p{Ll}+\s+(\p{Lu}[\p{L}\p{N}'’-]*)/gu;
const PLACE = /\b(?:in|at|near|on)\s+(?:the |an? )?([\p{Ll}][\p{L}-]*(?:\s[\p{Ll}][\p{L}-]*)?)\s*$/u;
const MOST_WORDS = 4;

/**
 * Whether a clause says that a box is to be ticked: it has the words of its label, `with packing service`. False where it says
 * that it is not to be; undefined where it says nothing of it.
 */
export function isTicked({ leaf, description }: SeenField, { text }: Clause): boolean | undefined {
  const said = stemsOf(text);
  for (const name of [description, leaf]) {
    const words = stemsOf(name).filter((word) => !STOP.has(word) && word.length > 2);
    if (words.length === 0 || words.length > MOST_WORDS) continue;
    const places = words.map((word) => said.indexOf(word));
    if (places.includes(-1)) continue;
    return !NEGATED.test(said.slice(0, Math.min(...places)).join(" "));
  }
  return undefined;
}
const NEGATED = /\b(?:without|no|not|never)(?: (?!and\b|but\b|with\b|or\b)\S+){0,2}$/;

/**
 * What a clause says without quotation marks for a field that asks what something is or where: `umbrella` and `tram` of
 * `report an umbrella found in the tram`. A noun that the page is about says neither.
 * @param subject what the form is about: its label, the title of its page
 */
export function saidFor(
  { leaf, description }: SeenField,
  { text, names }: Clause,
  subject: string,
): string | undefined {
  const asks = plain(`${leaf} ${description}`);
  if (WHERE.test(asks)) return PLACE.exec(text.trim())?.[1];
  if (!KIND.test(asks)) return undefined;
  const own = [...nouns(subject)];
  return [...text.matchAll(THING), ...text.matchAll(DONE_TO)]
    .map((match) => withWholeName(match[1] ?? "", text.slice(match.index + match[0].length)))
    .find((thing) => {
      const head = stem(thing.toLowerCase().split(/\s+/).at(-1) ?? "");
      const isName = names.some((name) => thing.includes(name.text));
      return head !== "" && !isName && !own.some((noun) => areKin(noun, head));
    });
}

/** A thing with the words in capitals that go on behind it: `Veil Nebula` of `the Veil` before ` Nebula with three observers`. */
function withWholeName(thing: string, behind: string): string {
  const last = thing.split(/\s+/).at(-1) ?? "";
  if (!/^\p{Lu}/u.test(last) || !/^\s+\p{Lu}/u.test(behind)) return thing;
  return thing.slice(0, thing.length - last.length) + (nameAt(last + behind, true) ?? last);
}

/** What the one is called for whom a form is sent: `my name is Greta`, or a person behind a comma, `, Ola Berg, ola@example.org`. */
export function personSaid({ text }: Clause): string | undefined {
  const behind = MY_NAME.exec(text)?.[1] ?? PERSON.exec(text)?.[1];
  return behind === undefined ? undefined : nameAt(behind, true);
}
const MY_NAME = /\bmy name is (\p{Lu}.*)$/u;
const PERSON = new RegExp(`,\\s(${FULL_NAME})(?=,|\\s*$)`, "u");

/** Whether a field asks for the name of the one who sends it. */
export const asksName = ({ leaf, description }: SeenField): boolean =>
  [leaf, description].some((words) => /^(?:your |full |whole |contact )*name$/.test(plain(words)));

/** For whom something new is made, where a form asks for a name and not for that of its sender: `a visit for Nora Pell`. */
export const personFor = ({ description }: SeenField, { names, indefinite }: Clause): string | undefined =>
  names.find(
    ({ text, preposition, named }) =>
      preposition === "for" &&
      (named === true || (indefinite && !/^your\b/i.test(description) && isFullName(text))),
  )?.text;

/** Stems of verbs and nouns for what is said. */
const SAYS: ReadonlySet<string> = new Set(
  (
    "report say tell write note mention complain explain state claim inform announce remark comment warn reply answer ask " +
    "feedback message review complaint question notice"
  )
    .split(" ")
    .map(stem),
);
/** What is said: a sentence, and none of `the boat that we bought`. */
const SAID =
  /\bthat\s+((?:an?|the|my|our|its|his|her|their|this|these|it|there|we|i|you|he|she|they|all|no|some)\s.+?)\s*(?=,\s|\s+as\s+an?\s|$)/i;

/** The same of what has a name: `that Rex limps`. */
const SAID_OF_NAME = /\bthat\s+(\p{Lu}[\p{L}'’-]*\s.+?)\s*(?=,\s|\s+as\s+an?\s|$)/u;

/** The sentence that a clause wants to be said: `the rudder is loose` of `report on the Pike that the rudder is loose`. */
export const sentenceSaid = ({ lead = "", object, written }: Clause): string | undefined =>
  [lead, ...object.nouns.keys()].some((word) => SAYS.has(word))
    ? (SAID.exec(written) ?? SAID_OF_NAME.exec(written))?.[1]
    : undefined;

/** `monthly` of `once a month`. */
const howOften = (text: string): string[] =>
  Array.from(text.matchAll(EVERY), ([, unit = ""]) => `${unit.toLowerCase().replace(/^day$/, "dai")}ly`);
const EVERY = /\b(?:once an?|per|every|each)\s+(hour|day|week|month|quarter|year)\b/gi;

/** An option for nothing: `No glaze`. */
const NONE = /^\s*(?:no|none|without)\b/i;
const WITHOUT = /\b(?:no|without|not|none)\b/i;

/** Words that a clause has of each option alone, and of no other option; of an option for nothing, where it wants nothing. */
function ownWords(options: readonly string[], { text }: Clause): number[] {
  const said = new Set([...stemsOf(text), ...howOften(text).map(stem)]);
  const isMeant = (option: string): boolean => !NONE.test(option) || WITHOUT.test(text);
  const words = options.map(
    (option) =>
      new Set(
        stemsOf(option.replace(/\([^)]*\)|[$€£]\s?\d+/g, " ")).filter(
          (word) => word.length > 2 && !STOP.has(word),
        ),
      ),
  );
  return words.map((own, at) =>
    !isMeant(options[at] ?? "")
      ? 0
      : [...own].filter(
          (word) => said.has(word) && !words.some((other, index) => index !== at && other.has(word)),
        ).length,
  );
}

/** Whether a clause has a word of an option: `monthly` of `once a month`. */
export const saysOption = (option: string, clause: Clause): boolean =>
  ownWords([option], clause).some((count) => count > 0);

/**
 * The options of a choice that a clause names by words that no other option has: `By courier (€9)` of `by courier`, `Raku
 * firing, 980 °C` of `into the raku firing`; all of them where several can be chosen, else the only one.
 */
export function optionsSaid({ enum: options = [], several }: SeenField, clause: Clause): string[] {
  const texts = options.filter((option): option is string => typeof option === "string");
  const counts = ownWords(texts, clause);
  if (several) return texts.filter((_, at) => (counts[at] ?? 0) > 0);
  const best = withMost(texts, counts);
  return best.length > 0 || counts.some((count) => count > 0)
    ? best
    : withMost(texts, wordsSaid(texts, clause), 1);
}

/** The only text with the most of something, if it has more than `least`. */
function withMost(texts: readonly string[], counts: readonly number[], least = 0): string[] {
  const most = Math.max(least, ...counts);
  const best = texts.filter((_, at) => counts[at] === most);
  return most > least && best.length === 1 ? best : [];
}

/** How many of a clause's words each option has, where others have some of them: `Ulm - Bonn` of `from Ulm to Bonn` beside `Ulm - Trier`. */
function wordsSaid(options: readonly string[], { text }: Clause): number[] {
  const said = new Set(stemsOf(text));
  return options.map(
    (option) =>
      new Set(stemsOf(option).filter((word) => word.length > 2 && !STOP.has(word) && said.has(word))).size,
  );
}

/**
 * The answer to a question with yes and no: what the clause says of it (`has no tattoo`); yes to what a page asks before the
 * clause is done (`Yes, cancel it`, `Are you sure?`).
 * @param isAsked whether the page is about what the clause does
 */
export function yesOrNo(field: SeenField, clause: Clause, isAsked: boolean): string | undefined {
  const texts = (field.enum ?? []).filter((option): option is string => typeof option === "string");
  const yes = texts.find((option) => YES.test(option));
  const no = texts.find((option) => NO.test(option));
  if (yes === undefined || no === undefined || texts.length !== 2) return undefined;
  const isSure = SURE.test(plain(`${field.leaf} ${field.description}`));
  if ((isAsked && isSure) || actSimilarity(yes, clause, false) > 0) return yes;
  const said = isTicked(field, clause);
  return said === undefined ? undefined : said ? yes : no;
}
const SURE = /\b(?:sure|confirm\w*|really|agree\w*|certain|proceed|continue)\b/;
const YES = /^(?:yes|ja|oui|s[ií]|sim|tak)\b/i;
const NO = /^(?:no|nein|non|nie|não)\b/i;
