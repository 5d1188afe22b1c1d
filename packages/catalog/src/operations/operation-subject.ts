import { isMethod } from "@ape/core/protocol/operations/operation";
import { isPlural, lastPart, pathWords } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../goal/clause.ts";
import { VERB_CLASSES, VERB_MEANINGS, type VerbClass } from "../words/lexicon.ts";
import { objectPhrase } from "../words/object-phrase.ts";
import { verbEntry } from "../words/thesaurus.ts";
import { meaningOf, phrased, plain, stem, type WeightedTokens } from "../words/words.ts";
import { type Field, isReference } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";

/** What an operation acts on, and by which verbs. */
export interface OperationSubject {
  /** Stems of the nouns that name it: 1 for those of its own collection and the last noun of its summary. */
  nouns: WeightedTokens;
  /** All stems and meanings of its summary's first sentence and its path. */
  words: ReadonlySet<string>;
  /** Stem of the verb that its summary starts with. */
  verb: string | undefined;
  /** Stems of its verbs, those of actions in its path included, and the synsets of these. */
  verbs: ReadonlySet<string>;
  verbSynsets: ReadonlySet<string>;
  verbClass: VerbClass | undefined;
  /** Whether its path names what is done to an item: `POST /tickets/{id}/close`. */
  isAction: boolean;
  /** Stems of what the ids that a query or tool needs are of: `booking` of `bookingId`; a path says it for others. */
  actsOn: ReadonlySet<string>;
  /** Stems of the names of its inputs. */
  inputs: ReadonlySet<string>;
  /** Path of the collection that its own is nested in. */
  within: string | undefined;
  /** Path of the collection whose items it is about; empty for queries and tools. */
  collection: string;
}

const MODIFIER = 0.5;
/** Weight of a collection whose item an action is on: `tickets` of `/tickets/{id}/close`. */
export const ACTED_ON = 0.8;
const METHOD_CLASSES: Partial<Record<string, VerbClass>> = {
  GET: "read",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};
const known = new WeakMap<Operation, OperationSubject>();

/** The subject of an operation, computed once. */
export function subjectOf(operation: Operation): OperationSubject {
  let subject = known.get(operation);
  if (subject === undefined) {
    subject = read(operation);
    known.set(operation, subject);
  }
  return subject;
}

/** Whether a verb of an operation is a synonym of a clause's. */
export function hasSynonym({ leadSynsets }: Clause, { verbSynsets }: OperationSubject): boolean {
  for (const synset of leadSynsets) if (verbSynsets.has(synset)) return true;
  return false;
}

/** The nouns of a subject that name it, not only what it belongs to. */
export const ownNouns = ({ nouns }: OperationSubject): string[] =>
  [...nouns].flatMap(([noun, weight]) => (weight === 1 ? [noun] : []));

/** The collection that the last one of a path is nested in: `/owners` of `/owners/{id}/pets`. */
function withinOf(collection: string): string | undefined {
  const parts = collection.split("/");
  const at = parts.findLastIndex((part, index) => index < parts.length - 1 && part.includes("{"));
  return at <= 1 ? undefined : parts.slice(0, at).join("/");
}

const ARTICLES = new Set(["a", "an", "the", "one", "all"]);
const isAnyVerb = (word: string): boolean =>
  VERB_MEANINGS.has(meaningOf(word) ?? "") || verbEntry(stem(word))?.mostly === true;

function read(operation: Operation): OperationSubject {
  const { summary, path, call, method } = operation;
  const [first = ""] = summary.split(/[.;:](?=\s|$)/);
  const head = isMethod(call) ? first : `${first === "" ? path : first}`;
  const [start = "", next = ""] = phrased(head).split(" ");
  const opens = isAnyVerb(start) || (ARTICLES.has(next) && verbEntry(stem(start)) !== undefined);
  const verb = opens ? start : undefined;
  const nouns: WeightedTokens = new Map(objectPhrase(head, verb).nouns);
  const verbs = new Set(verb === undefined || verb.startsWith("~") ? [] : [stem(verb)]);
  let collection = "";
  let adds = false;
  let isAction = false;
  if (isMethod(call)) {
    const { collection: place, action } = pathWords(path);
    collection = place;
    isAction = action !== undefined && method === "POST";
    const name = lastPart(place);
    if (action !== undefined) {
      for (const word of plain(action).split(" ")) verbs.add(stem(word));
      addName(nouns, name, ACTED_ON);
      addName(nouns, action, MODIFIER);
    } else addName(nouns, name, 1);
    adds = method === "POST" && action === undefined && path.endsWith(place) && isPlural(name);
  }
  const verbSynsets = new Set([...verbs].flatMap((word) => verbEntry(word)?.synsets ?? []));
  return {
    nouns,
    words: new Set([...operation.head.keys(), ...plain(path).split(" ").map(stem)]),
    verb: verb === undefined ? undefined : stem(verb),
    verbs,
    verbSynsets,
    verbClass:
      classOf(operation, verb, next) ??
      (adds ? "create" : isMethod(call) ? METHOD_CLASSES[method] : undefined),
    isAction,
    actsOn: new Set(isMethod(call) ? [] : operation.inputs.flatMap(thingsOf)),
    within: withinOf(collection),
    inputs: new Set(operation.inputs.flatMap(({ leaf }) => plain(leaf).split(" ").map(stem))),
    collection,
  };
}

/** Stems of what an id is of. */
function thingsOf(field: Field): string[] {
  if (!field.required || !isReference(field)) return [];
  return plain(field.leaf)
    .split(" ")
    .flatMap((word) => (meaningOf(word) === "~id" ? [] : stem(word)));
}

/** The class of the verb that its summary starts with, `set up`; of any verb in it if it starts with none. */
function classOf({ verb }: Operation, start: string | undefined, next: string): VerbClass | undefined {
  const meaning =
    start === undefined
      ? verb
      : (verbEntry(stem(start), next)?.meaning ?? meaningOf(start) ?? verbEntry(stem(start))?.meaning);
  return meaning === undefined ? undefined : VERB_CLASSES.get(meaning);
}

/** Adds the words of a path segment, the last one with the given weight. */
function addName(nouns: WeightedTokens, name: string, weight: number): void {
  const words = plain(name.replace(/\.[a-z]+$/, ""))
    .split(" ")
    .filter((word) => word.length > 1);
  for (const [index, word] of words.entries()) {
    const own = index === words.length - 1 ? weight : weight * MODIFIER;
    if ((nouns.get(stem(word)) ?? 0) < own) nouns.set(stem(word), own);
  }
}
