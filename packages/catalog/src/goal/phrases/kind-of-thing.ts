import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Json } from "@ape/core/lib/json";
import { type Field, isReference, isText } from "../../operations/field.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../../operations/operation-subject.ts";
import { NUMBERS, VERB_MEANINGS } from "../../words/lexicon.ts";
import { isKindOf, isKnownNoun, KIN, nounKinship } from "../../words/thesaurus.ts";
import { lastWord, meaningOf, plain, stem, stemsOf } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** Fields that say what kind of its thing one is, whatever the thing is. */
const KIND = /^(?:breed|species|variety|cultivar|kind)$/;
/** The same, by words that may mean something else: they take what is known to be a kind of the thing. */
const TYPE = /^(?:type|category|sort|class|genre|style|model)$/;
/** Verbs by which a thing that there is gets used: what they act on is no kind of what they make. */
const USING: ReadonlySet<string | undefined> = new Set(["~buy", "~reserve"]);

/** A kind of the thing that an operation makes, by which a clause calls it: `register a poodle` where dogs are registered. */
export interface NamedKind {
  /** As the clause says it: `golden retriever`. */
  said: string;
  /** Whether it is known, or looks, to be a kind of the thing. */
  isCertain: boolean;
  /** Whether it may be just another word for the thing: a memo for a note. */
  isSynonym: boolean;
}

/** The kind by which a clause calls what an operation makes; undefined where it uses the operation's own words. */
export function kindNamed(clause: Clause, operation: Operation): NamedKind | undefined {
  const { object, verb, active } = clause;
  const subject = subjectOf(operation);
  const own = ownNouns(subject);
  if (!active || object.refers || USING.has(verb) || subject.verbClass !== "create" || subject.isAction)
    return undefined;
  const [noun] = [...object.nouns].flatMap(([one, weight]) => (weight === 1 ? [one] : []));
  if (noun === undefined || noun.startsWith("~") || isOfLexicon(noun)) return undefined;
  if ([...object.nouns.keys()].some((one) => isMentioned(one, operation))) return undefined;
  const isCertain = own.some((name) => isKindOf(noun, name));
  if (!isCertain && isKnownNoun(noun)) return undefined;
  const said = phraseOf(noun, clause);
  // `Lend KG-204`: a part of a code is no kind.
  if (said === undefined || /ly$/.test(said) || isOfCode(said, clause)) return undefined;
  return { said, isCertain, isSynonym: own.some((name) => nounKinship(noun, name) >= KIN) };
}

const isOfCode = (said: string, { text }: Clause): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(said)}[-/.]?\\d`, "u").test(text);

/** Whether a noun has a meaning that any API has a word for: a customer, a product. */
const isOfLexicon = (noun: string): boolean => {
  const meaning = meaningOf(noun);
  return meaning !== undefined && !VERB_MEANINGS.has(meaning);
};

/** Whether an operation has a word in its summary, its path or its inputs: then it is no kind of anything. */
const isMentioned = (noun: string, operation: Operation): boolean =>
  operation.weights.has(noun) ||
  subjectOf(operation).nouns.has(noun) ||
  operation.inputs.some(
    ({ leaf, enum: options }) =>
      stemsOf(leaf).some((word) => nounKinship(noun, word) >= KIN) ||
      options?.some((option) => stemsOf(String(option)).includes(noun)) === true,
  );

/** The words of a kind, with those before it that are of its name: one of several is named as one. */
function phraseOf(noun: string, { text, object, amounts }: Clause): string | undefined {
  const words = text.split(/\s+/).map((word) => word.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, ""));
  const at = words.findIndex((word) => stem(plain(word)) === noun);
  if (at < 0) return undefined;
  const isSeveral = amounts.some(({ value, about }) => value > 1 && about.has(noun));
  const last = words[at] ?? "";
  let start = at;
  const isOfName = (word: string): boolean => object.nouns.has(stem(word)) && !(word in NUMBERS);
  while (start > 0 && isOfName(plain(words[start - 1] ?? ""))) start -= 1;
  return [...words.slice(start, at), isSeveral ? last.replace(/s$/, "") : last].join(" ");
}

/** Gives the kind that a clause names to the field for it. */
export function assignKind(clause: Clause, operation: Operation, constraints: Map<Field, Json>): void {
  const kind = operation.writes ? kindNamed(clause, operation) : undefined;
  if (kind === undefined) return;
  const open = operation.inputs.filter(
    (field) =>
      field.in === "body" &&
      isText(field) &&
      field.enum === undefined &&
      !isReference(field) &&
      !constraints.has(field),
  );
  const field =
    open.find((one) => KIND.test(lastWord(one.leaf))) ??
    (kind.isCertain ? open.find((one) => TYPE.test(lastWord(one.leaf))) : undefined);
  if (field !== undefined) constraints.set(field, kind.said);
}
