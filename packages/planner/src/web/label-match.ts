import type { Clause } from "@ape/catalog/goal/clause";
import { SPECIFIC_MEANINGS, STOP, VERB_CLASSES, VERB_MEANINGS } from "@ape/catalog/words/lexicon";
import { KIN, nounKinship, verbEntry } from "@ape/catalog/words/thesaurus";
import { meaningOf, phrased, stem } from "@ape/catalog/words/words";
import { isPlural } from "@ape/core/protocol/operations/path-words";

const ACCOUNT_VERBS = new Set(["~login", "~logout", "~register"]);

/** What counts for a verb of the same class: `Set up` for `create`. */
const SAME_CLASS = 0.6;
/** What is lost where a label has a noun that the clause does not name. */
const OTHER_NOUN = 0.5;

/**
 * How well a label's words do what a clause asks for: 1 for its verb or a synonym, less for a verb of the same class or
 * for the name of what its verb makes (`Make booking` for `reserve it`); 0 if there is no verb for it.
 * @param isLink a link leads to what it names, so that `My orders` orders nothing
 */
export function actSimilarity(label: string, clause: Clause, isLink: boolean): number {
  if (clause.lead === undefined) return 0;
  const words = phrased(label).split(" ");
  let verb = 0;
  let by = "";
  let hasVerb = false;
  for (const [index, word] of words.entries()) {
    if (word === "" || STOP.has(word)) continue;
    const isKnown = VERB_MEANINGS.has(meaningOf(word) ?? "");
    // `Edit profile`: what follows a verb is a noun, even if there is such a verb.
    // So is what the clause before was about: the link `Book` reserves nothing where a book was found.
    const isNoun = stem(word) !== clause.lead && ((hasVerb && !isKnown) || isCarried(stem(word), clause));
    hasVerb ||= isKnown;
    const value = verbValue(word, words[index + 1], clause, isLink, isNoun);
    if (value <= verb) continue;
    verb = value;
    by = word;
  }
  if (verb === 0) return 0;
  // `Make loan` adds no remark, although the remark is added to a loan.
  if (verb < 1 && clause.object.nouns.size > 0 && namesAside(words, by, clause)) return 0;
  const noun = nounValue(words, by, clause);
  return verb + (verb < 1 && noun < 0 ? noun - 0.05 : noun);
}

/** Whether a word is one of the clause before, which a pronoun of this one stands for. */
const isCarried = (word: string, { weights }: Clause): boolean => (weights.get(word) ?? 1) <= CARRIED;
const CARRIED = 0.25;

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
  if (isLink && isPlural(word) && word !== lead) return 0;
  const meaning = meaningOf(word);
  if (base === lead || (verb !== undefined && meaning === verb)) return 1;
  // `Register` creates nothing but an account.
  if (meaning !== undefined && ACCOUNT_VERBS.has(meaning)) return 0;
  const phrasal = verbEntry(base, next);
  const entry = phrasal ?? verbEntry(base);
  if (entry?.synsets.some((synset) => leadSynsets.has(synset)) === true) return 1;
  const kind = verb === undefined || SPECIFIC_MEANINGS.has(verb) ? undefined : VERB_CLASSES.get(verb);
  const own = VERB_CLASSES.get(phrasal?.meaning ?? meaning ?? entry?.meaning ?? "");
  if (!isNoun && kind !== undefined && kind !== "read" && kind === own) return SAME_CLASS;
  if (kind === "create" && word === "new") return SAME_CLASS;
  if (!isLink && kind === undefined && nounKinship(base, lead) >= KIN) return SAME_CLASS;
  return 0;
}

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
function nounValue(words: readonly string[], verb: string, { weights, object }: Clause): number {
  const nouns = nounsOf(words, verb);
  if (nouns.some((noun) => weights.has(noun))) return 1;
  const wanted = [...object.nouns.keys()];
  if (nouns.some((noun) => wanted.some((other) => nounKinship(noun, other) >= KIN))) return 0.7;
  return nouns.length === 0 || wanted.length === 0 ? 0 : -OTHER_NOUN;
}

/** Words of labels that name no thing. */
const PLAIN = new Set("now new my all item here".split(" "));
