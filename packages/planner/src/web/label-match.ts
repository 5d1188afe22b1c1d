import { type Clause, FILLERS } from "@ape/catalog/goal/clause";
import { SPECIFIC_MEANINGS, STOP, VERB_CLASSES, VERB_MEANINGS } from "@ape/catalog/words/lexicon";
import { areKin, KIN, nounKinship, verbEntry, verbOfNoun } from "@ape/catalog/words/thesaurus";
import { meaningOf, phrased, plain, stem, stemsOf, weightedTokens } from "@ape/catalog/words/words";
import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { isPlural } from "@ape/core/protocol/operations/path-words";
import { isOfEnding } from "./clauses/removal.ts";

const ACCOUNT_VERBS = new Set(["~login", "~logout", "~register"]);

/** What counts for a verb of the same class: `Set up` for `create`. */
export const SAME_CLASS = 0.6;
/** What is lost where a label has a noun that the clause does not name. */
const OTHER_NOUN = 0.5;

/** Whether a label is a thing with its number: no verb before one, as in `Approve 17`. */
function isNumberedThing(label: string): boolean {
  const word = NUMBERED.exec(label.trim())?.[1];
  return word !== undefined && verbEntry(stem(plain(word)))?.mostly !== true;
}
const NUMBERED = /^(\p{L}+)\s+(?:no\.? ?|#)?\d+$/u;

/**
 * How well a label's words do what a clause asks for: 1 for its verb or a synonym, less for a verb of the same class or
 * for the name of what its verb makes (`Make booking` for `reserve it`); 0 if there is no verb for it.
 * @param isLink a link leads to what it names, so that `My orders` orders nothing
 */
export function actSimilarity(label: string, clause: Clause, isLink: boolean): number {
  // `Order 17` is an order, and orders nothing.
  if (clause.lead === undefined || (isLink && isNumberedThing(label))) return 0;
  const words = phrased(label).split(" ");
  let verb = 0;
  let by = "";
  let hasVerb = false;
  let hasNoun = false;
  for (const [index, word] of words.entries()) {
    if (word === "" || STOP.has(word)) continue;
    const isKnown = VERB_MEANINGS.has(meaningOf(word) ?? "");
    // `Edit profile`: what follows a verb is a noun, even if there is such a verb.
    // So is what the clause before was about: the link `Book` reserves nothing where a book was found.
    const isNoun = stem(word) !== clause.lead && ((hasVerb && !isKnown) || isCarried(stem(word), clause));
    hasVerb ||= isKnown;
    const value = verbValue(word, particleIn(words, index), clause, isLink, isNoun || hasNoun);
    // What stands behind a noun commands nothing: `Lost and found`.
    hasNoun ||= !isKnown && value === 0 && !FILLERS.has(word);
    if (value <= verb) continue;
    verb = value;
    by = word;
  }
  if (verb === 0 || goesElsewhere(label, clause) || turnsBack(words, by, clause)) return 0;
  // `Delete` takes nothing out of another thing.
  if (DESTROYS.test(by) && OUT_OF.test(clause.text)) return 0;
  // `Cancel this hire` hires nothing.
  if (meaningOf(by) !== "~remove" && removesUnwanted(label, clause)) return 0;
  // `Make loan` adds no remark, although the remark is added to a loan.
  const isOwnWord = verb === 1 && stem(by) === clause.lead;
  if (!isOwnWord && clause.object.nouns.size > 0 && namesAside(words, by, clause)) return 0;
  const noun = nounValue(words, by, clause);
  // `Send review` paints no wall: verbs that make or change anything say nothing without their noun.
  if (noun < 0 && isGeneral(meaningOf(by)) && !areTexts(words, by, clause)) return 0;
  // `Subscribe` makes no meeting: a verb of its own says more than that something is made.
  const isOfClassAlone =
    verb < 1 && classOf(clause) !== undefined && by !== "new" && meaningOf(by) === undefined;
  if (isOfClassAlone && noun <= 0) return 0;
  // `Post tip` brings no cake, although the verbs are kin.
  if (verb < 1 && classOf(clause) === undefined && noun < 0) return 0;
  return verb + (verb < 1 && noun < 0 ? noun - 0.05 : noun);
}

/** The particle of a phrasal verb of a label: right behind it, or behind what it acts on, as in `Bring it back`. */
const particleIn = (words: readonly string[], at: number): string | undefined => {
  const base = stem(words[at] ?? "");
  const behind = words.slice(at + 1);
  return behind.find((word) => verbEntry(base, word) !== undefined) ?? behind[0];
};

/** Whether a label has the verb of a clause with the opposite particle: `Turn on` for `turn off`. */
function turnsBack(words: readonly string[], verb: string, { text, lead }: Clause): boolean {
  if (stem(verb) !== lead) return false;
  const particle = directionIn(words, verb);
  const said = phrased(text).split(" ");
  const wanted = directionIn(said, said.find((word) => stem(word) === lead) ?? "");
  return particle !== undefined && wanted !== undefined && OPPOSITES.get(particle) === wanted;
}
const OPPOSITES: ReadonlyMap<string, string> = new Map(
  [
    ["on", "off"],
    ["in", "out"],
    ["up", "down"],
  ].flatMap(([one = "", other = ""]) => [
    [one, other],
    [other, one],
  ]),
);
/** The particle right behind a verb, or at the end. */
const directionIn = (words: readonly string[], verb: string): string | undefined =>
  [words[words.indexOf(verb) + 1], words.at(-1)].find((word) => OPPOSITES.has(word ?? ""));

/** Whether a word is one of the clause before, which a pronoun of this one stands for. */
const isCarried = (word: string, { weights }: Clause): boolean => (weights.get(word) ?? 1) <= CARRIED;
const CARRIED = 0.25;

/** Whether a label and a clause are about texts: a note, a comment and a message are taken for one another. */
const areTexts = (words: readonly string[], verb: string, { object }: Clause): boolean =>
  nounsOf(words, verb).some((noun) => TEXTS.has(noun)) &&
  [...object.nouns.keys()].some((noun) => TEXTS.has(noun));
/** Stems of nouns for what a person writes. */
export const TEXTS: ReadonlySet<string> = new Set("comment message note remark".split(" ").map(stem));

/** Whether a label has the verb of a clause, and the noun of something else: `Add note` for `add a comment`. */
export function namesOther(label: string, clause: Clause): boolean {
  const words = phrased(label).split(" ");
  const verbs = words.filter((word) => word === clause.lead || VERB_MEANINGS.has(meaningOf(word) ?? ""));
  return nounValue(words, verbs[0] ?? "", clause) < 0;
}

const isGeneral = (meaning: string | undefined): boolean =>
  meaning !== undefined && VERB_CLASSES.has(meaning) && !SPECIFIC_MEANINGS.has(meaning);

/** What a link says of a thing's state: `Order 17 (confirmed)`. */
const STATE = /\p{L}{2}ed$/u;

/** How well a word is the verb of a clause. */
function verbValue(
  word: string,
  next: string | undefined,
  clause: Clause,
  isLink: boolean,
  isNoun: boolean,
): number {
  const { lead = "", verb, leadSynsets } = clause;
  const base = word.startsWith("~") ? word : stem(word);
  if (isLink && ((isPlural(word) && word !== lead) || STATE.test(word))) return 0;
  const meaning = meaningOf(word);
  if (base === lead || (verb !== undefined && meaning === verb)) return 1;
  // `Register` creates nothing but an account.
  if (meaning !== undefined && ACCOUNT_VERBS.has(meaning)) return 0;
  const phrasal = next === undefined ? undefined : verbEntry(base, next);
  const entry = phrasal ?? verbEntry(base);
  const kind = classOf(clause);
  // `Profile` names a thing, although there is such a verb.
  const told = entry?.mostly === true && isEnding(entry.meaning, base) ? entry.meaning : undefined;
  const own = VERB_CLASSES.get(phrasal?.meaning ?? meaning ?? told ?? "");
  // `Edit` deletes nothing, although a sense of it does.
  const isOpposed = kind !== undefined && own !== undefined && kind !== own;
  if (!isNoun && !isOpposed && entry?.synsets.some((synset) => leadSynsets.has(synset)) === true) return 1;
  // `Hire` makes nothing but a hire.
  const isOwn = meaning === undefined || !SPECIFIC_MEANINGS.has(meaning) || namesMeaning(clause, meaning);
  if (!isNoun && isOwn && kind !== undefined && kind !== "read" && kind === own) return SAME_CLASS;
  if (kind === "create" && word === "new") return SAME_CLASS;
  if (!isLink && kind === undefined && nounKinship(base, lead) >= KIN) return SAME_CLASS;
  return 0;
}

/** Whether a verb puts an end to a thing, if its meaning is to remove: the link `Harvest board` deletes nothing. */
const isEnding = (meaning: string | undefined, base: string): boolean =>
  meaning !== "~remove" || isOfEnding(base);

/** Whether a clause has a noun of a verb's meaning: the booking of `make a booking` is one of `Reserve`. */
const namesMeaning = ({ object }: Clause, meaning: string): boolean =>
  [...object.nouns.keys()].some((noun) => meaningOf(noun) === meaning);

/** What a clause does to its thing; one without a verb of the lexicon that says a state changes it: `mark it as returned`. */
const classOf = (clause: Clause): string | undefined =>
  clause.verb === undefined
    ? setsState(clause)
      ? "update"
      : undefined
    : SPECIFIC_MEANINGS.has(clause.verb)
      ? undefined
      : VERB_CLASSES.get(clause.verb);

/** Whether a label begins with a verb of the class that a clause has: `Add a pet` for `register a dog`. */
export function hasClassOf(label: string, clause: Clause): boolean {
  const own = VERB_CLASSES.get(meaningOf(phrased(label).split(" ")[0] ?? "") ?? "");
  return own !== undefined && own === classOf(clause);
}

/** Whether a clause says which state it wants: `mark it as returned`, `set the lamp to on`. */
export const setsState = ({ text, wanted, acts, verb }: Clause): boolean =>
  (acts || verb === "~update") &&
  wanted !== undefined &&
  new RegExp(`\\b(?:as|to)\\s+${escapeRegExp(wanted.word)}\\b`, "iu").test(text);

/** Whether a label takes something away that a clause does not want to be gone: `Delete` for `mark it as returned`. */
export const removesUnwanted = (label: string, { verb, lead = "" }: Clause): boolean =>
  verb !== "~remove" && !isOfEnding(lead) && meaningsOf(label).has("~remove");

/**
 * Whether a label begins with a verb that makes or removes something where a clause does not: `Release` for `move my booking`. What
 * it makes itself may have any button.
 */
export function doesOther(label: string, clause: Clause): boolean {
  const first = phrased(label).split(" ")[0] ?? "";
  const entry = verbEntry(stem(first));
  const kind = VERB_CLASSES.get(
    meaningOf(first) ?? (entry?.mostly === true ? entry.meaning : undefined) ?? "",
  );
  if (kind !== "create" && kind !== "delete") return false;
  const makes = clause.indefinite || classOf(clause) === "create" || SPECIFIC_MEANINGS.has(clause.verb ?? "");
  return (kind === "delete" || !makes) && actSimilarity(label, clause, true) === 0;
}

/** Whether a label begins with a verb that says nothing of what is made, as `Send` and `Write` do not. */
export const isGeneralLabel = (label: string): boolean =>
  isGeneral(meaningOf(phrased(label).split(" ")[0] ?? ""));

/** The meanings of the lexicon that the words of a label have. */
export const meaningsOf = (label: string): ReadonlySet<string | undefined> =>
  new Set(phrased(label).split(" ").map(meaningOf));

/** Whether a label only puts a thing aside for buying it later: `Add to basket`. */
export function fillsBasket(label: string): boolean {
  const meanings = meaningsOf(label);
  return meanings.has("~cart") && (meanings.has("~add") || meanings.has("~create"));
}

const DESTROYS = /^(?:delete|destroy|discard|erase|scrap|throw)/i;
const OUT_OF = /\b(?:out of|off) (?:the|my|your|its|this|that)\b/i;

/** Whether a label puts a thing elsewhere than a clause does: `Add to basket` for `add it to the wish list`. */
function goesElsewhere(label: string, clause: Clause): boolean {
  const [place, wanted] = [placeIn(label), placeIn(clause.text)];
  if (place.length === 0 || wanted.length === 0) return false;
  return !place.some((one) => wanted.some((other) => areKin(one, other)));
}

const PLACE = /\b(?:in|on)?to\s+(?:the |my |your |our |an? )?([\p{L}-]+(?:\s[\p{L}-]+)?)/iu;
const placeIn = (text: string): string[] =>
  (PLACE.exec(text)?.[1] ?? "")
    .split(/\s+/)
    .filter((word) => word !== "" && !STOP.has(word.toLowerCase()))
    .map((word) => meaningOf(word) ?? stem(word.toLowerCase()));

/** Whether a label names only what a clause mentions beside the thing that its verb acts on. */
function namesAside(words: readonly string[], verb: string, { weights, object }: Clause): boolean {
  const nouns = nounsOf(words, verb);
  return (
    nouns.some((noun) => weights.has(noun)) &&
    !nouns.some((noun) => [...object.nouns.keys()].some((other) => nounKinship(noun, other) >= KIN))
  );
}

const nounsOf = (words: readonly string[], verb: string): string[] =>
  words.flatMap((word) =>
    word === "" || word === verb || STOP.has(word) || word.startsWith("~") || PLAIN.has(word)
      ? []
      : [stem(word)],
  );

/** What the nouns of a label add, or take where they are of something else. */
function nounValue(words: readonly string[], verb: string, { weights, object, text }: Clause): number {
  const nouns = nounsOf(words, verb);
  if (nouns.some((noun) => weights.has(noun))) return 1;
  const wanted = [...object.nouns.keys()];
  if (nouns.some((noun) => wanted.some((other) => nounKinship(noun, other) >= KIN))) return 0.7;
  // `Send message` puts nothing into the basket.
  return nouns.length === 0 || (wanted.length === 0 && placeIn(text).length === 0) ? 0 : -OTHER_NOUN;
}

/** Words of labels that name no thing. */
const PLAIN = new Set("now new my all item here yes no ok okay really please".split(" "));

/** Whether two labels name the same: `Give feedback` and `Send feedback`. */
export function namesSameThing(one: string, other: string): boolean {
  const own = nouns(one);
  return [...nouns(other)].some((noun) => own.has(noun));
}

/** The nouns of a text. */
export function nouns(text: string): Set<string> {
  return new Set([...weightedTokens(text).keys()].filter((token) => !VERB_MEANINGS.has(token)));
}

/** Whether a label has the goal's own verb: `Publish` goes on with nothing that `Create episode` has made. */
export const saysLead = (label: string, { lead }: Clause): boolean =>
  stemsOf(label).some((word) => word === lead || verbOfNoun(word) === lead);

/** Whether a label begins with the goal's own verb: `Release` for `release it`. */
export const leadsWithLead = (label: string, { lead }: Clause): boolean => stemsOf(label)[0] === lead;

/**
 * Whether a label does what a clause asks for only by a synonym, where the lexicon knows the clause's own verb: `Release` for `publish
 * it` is a guess.
 */
export const saysSynonym = (label: string, { verb, acts, lead = "" }: Clause): boolean => {
  const meaning = meaningOf(lead);
  if (verb !== undefined || !acts || meaning === undefined) return false;
  return !stemsOf(label).some((word) => word === lead) && !meaningsOf(label).has(meaning);
};
