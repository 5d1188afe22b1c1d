import { VERB_CLASSES, type VerbClass } from "../words/lexicon.ts";
import { type VerbEntry, verbEntry } from "../words/thesaurus.ts";
import { isMostlyVerb } from "../words/verb-words.ts";
import { meaningOf, phrased, plain, stem } from "../words/words.ts";
import type { Operation } from "./operation-catalog.ts";

/** By which verbs an operation acts. */
export interface OperationVerbs {
  /** The word that its summary or its name starts with, if that is a verb. */
  opening: string | undefined;
  /** Stems of its verbs, those of the action in its path included. */
  stems: ReadonlySet<string>;
  /** The synsets of these. */
  synsets: ReadonlySet<string>;
  /** What its verb does to a thing; undefined if that has no class. */
  verbClass: VerbClass | undefined;
}

/** What undoes something, as `unstar` does, which no dictionary has. */
const UNDOING = /^(?:un|de|dis)(?=\w{3})/;
const ARTICLES = new Set(["a", "an", "the", "one", "all"]);
const READS: ReadonlySet<string> = new Set(["GET", "query"]);

/**
 * Reads the verbs of an operation.
 * @param head what its summary says first, or its name
 * @param action what its path does to an item: `call-off` of `/bookings/{id}/call-off`
 */
export function verbsOf(operation: Operation, head: string, action: string | undefined): OperationVerbs {
  const spoken = phrased(head).split(" ");
  const opening = openingVerb(spoken, operation);
  const done = action === undefined ? [] : plain(action).split(" ");
  const acting = phrasalVerb(done) !== undefined ? done : opening === undefined ? [] : spoken;
  const stems = new Set(opening === undefined || opening.startsWith("~") ? [] : [stem(opening)]);
  for (const word of done) stems.add(stem(word));
  const entries = phrasalVerb(acting) ?? [...stems].map((word) => verbEntry(word));
  return {
    opening,
    stems,
    synsets: new Set([entries].flat().flatMap((entry) => entry?.synsets ?? [])),
    verbClass: classOf(operation, acting),
  };
}

/** The word that a head starts with, if it is a verb: no noun such as `paintings`, or `painting` alone. */
function openingVerb(words: readonly string[], { call }: Operation): string | undefined {
  const [start = "", next = ""] = words;
  if (/ings$/.test(start) || (/ing$/.test(start) && next === "")) return undefined;
  // A query of one word is named after what it returns, `implements` and `show` as well.
  if (call === "query" && next === "" && meaningOf(start) !== "~find") return undefined;
  // `Planned rehearsals` says which ones are listed.
  if (READS.has(call) && next !== "" && /ed$/.test(start) && stem(start) !== start && !ARTICLES.has(next))
    return undefined;
  const isKnown = (verbEntry(stem(start)) ?? verbEntry(stem(start.replace(UNDOING, "")))) !== undefined;
  const opens =
    isMostlyVerb(start) ||
    (ARTICLES.has(next) && isKnown) ||
    // `orderMeal` orders a meal; `orderCreate` creates an order.
    (call === "mutation" && isKnown && next !== "" && !isMostlyVerb(words.at(-1) ?? ""));
  return opens ? start : undefined;
}

/** What the thesaurus says of a verb with its particle: `call off`. */
const phrasalVerb = ([verb = "", particle = ""]: readonly string[]): VerbEntry | undefined =>
  particle === "" ? undefined : verbEntry(stem(verb), particle);

/** The class of the verb that words start with, `set up`; without such words that of any verb in the summary. */
function classOf({ call, verb }: Operation, acting: readonly string[]): VerbClass | undefined {
  if (READS.has(call)) return "read";
  if (call === "DELETE") return "delete";
  const [start] = acting;
  const meaning =
    start === undefined
      ? verb
      : (phrasalVerb(acting)?.meaning ?? meaningOf(start) ?? verbEntry(stem(start))?.meaning);
  return meaning === undefined ? undefined : VERB_CLASSES.get(meaning);
}
