import type { Clause } from "../../goal/clause.ts";
import { MEANINGS } from "../../words/lexicon.ts";
import { verbEntry } from "../../words/thesaurus.ts";
import { meaningOf, stem } from "../../words/words.ts";

/** Further verbs that name a meaning as plainly as those of the lexicon. */
const AS_PLAIN: Readonly<Record<string, string>> = {
  "~remove": "erase eliminate destroy abolish dispose revoke scrap purge",
  "~create": "compose found establish construct",
  "~update": "alter amend revise",
};
/** Verbs of the lexicon that have other senses first: what shares one of these has not their meaning. */
const LOOSE: ReadonlySet<string> = new Set(
  "get see check set clear empty drop put append place take choose pick post make book draft".split(" "),
);
/** Senses of a verb that people mean by it. */
const USUAL_SENSES = 2;

/** Meanings that make or remove something, or decide on it: a look does no harm, and a change is sent with values alone. */
const WEIGHTY: ReadonlySet<string> = new Set(["~create", "~remove", "~reserve", "~buy", "~confirm"]);

/** The usual synsets of the verbs that name a meaning plainly. */
const synsetsOfMeaning = new Map<string, ReadonlySet<string>>();

function plainSynsets(meaning: string): ReadonlySet<string> {
  let found = synsetsOfMeaning.get(meaning);
  if (found === undefined) {
    const words = MEANINGS.flatMap(([word, own]) => (own === meaning && !LOOSE.has(word) ? [word] : []));
    const all = [...words, ...(AS_PLAIN[meaning] ?? "").split(" ")];
    found = new Set(all.flatMap((word) => verbEntry(stem(word))?.synsets.slice(0, USUAL_SENSES) ?? []));
    synsetsOfMeaning.set(meaning, found);
  }
  return found;
}

/**
 * Whether a verb, given by its stem, is another word for a meaning of the lexicon rather than a way to do that: to erase is to
 * remove, but to clean, to prune or to dispatch is not, though each of them takes something away.
 */
export function isPlainly(lead: string, meaning: string): boolean {
  if (lead === meaning || meaningOf(lead) === meaning) return true;
  const synsets = verbEntry(lead)?.synsets.slice(0, USUAL_SENSES) ?? [];
  const plain = plainSynsets(meaning);
  return synsets.some((synset) => plain.has(synset));
}

const known = new WeakMap<Clause, Clause>();

/**
 * The clause without a meaning of its verb that only the thesaurus derives from what is done to a thing in that way: `paint the
 * well` creates nothing, `polish it` updates nothing. Computed once per clause.
 */
export function withPlainVerb(clause: Clause): Clause {
  let found = known.get(clause);
  if (found === undefined) {
    found = plainVerbOf(clause);
    known.set(clause, found);
  }
  return found;
}

function plainVerbOf(clause: Clause): Clause {
  const { verb, lead } = clause;
  if (verb === undefined || lead === undefined || lead.startsWith("~") || isPlainly(lead, verb))
    return clause;
  // What a phrase or what follows makes of a verb, `report a damage`, `leave a note`, no derivation does.
  if (verbEntry(lead)?.meaning !== verb || !WEIGHTY.has(verb)) return clause;
  const weights = new Map([...clause.weights].filter(([token]) => token !== verb)).set(lead, 2);
  return { ...clause, weights, verb: undefined, acts: true };
}
