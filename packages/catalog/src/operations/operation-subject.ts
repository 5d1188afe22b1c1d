import { isMethod } from "@ape/core/protocol/operations/operation";
import { isPlural, lastPart, pathWords } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../goal/clause.ts";
import { VERB_CLASSES, type VerbClass } from "../words/lexicon.ts";
import { objectPhrase } from "../words/object-phrase.ts";
import { isInSynset, verbOfNoun } from "../words/thesaurus.ts";
import { meaningOf, plain, stem, stemsOf, type WeightedTokens } from "../words/words.ts";
import { type Field, isReference } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";
import { verbsOf } from "./operation-verb.ts";
import { resultTypeNoun } from "./result-type.ts";

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

/**
 * Whether a verb of an operation is a synonym of a clause's. It never decides what is done to a thing: a meter `registers`
 * what it shows, but `register for a course` shows none.
 */
export function hasSynonym(
  { leadSynsets, verb }: Clause,
  { verbSynsets, verbClass }: OperationSubject,
): boolean {
  // `Record a payment` shows none, although a meter records what it shows; who starts the trip does not `get` it.
  if (verb === undefined && verbClass === "read") return false;
  const wanted = verb === undefined ? undefined : VERB_CLASSES.get(verb);
  const isOther = wanted !== undefined && verbClass !== undefined && wanted !== verbClass;
  if (isOther && (OPPOSED.has(wanted) || OPPOSED.has(verbClass))) return false;
  for (const synset of leadSynsets) if (verbSynsets.has(synset)) return true;
  return false;
}

/** What a verb that does something else is no synonym of. */
const OPPOSED: ReadonlySet<VerbClass> = new Set(["read", "delete"]);

/** Stems of what the results of an operation are called: by its path, or without one by its name. */
export const resultNouns = (subject: OperationSubject): string[] =>
  subject.collection === "" ? ownNouns(subject) : stemsOf(lastPart(subject.collection));

/** Whether an operation makes such a thing: the `booking` of `reserveTrip`, the `order` of `buyPlant`. */
export function isMadeBy(thing: string, operation: Operation): boolean {
  const { verbs, verbSynsets } = subjectOf(operation);
  const verb = verbOfNoun(thing);
  if (resultTypeNoun(operation) === thing) return true;
  return verbs.has(verb) || isInSynset(verb, verbSynsets) || (operation.verb === "~buy" && isPurchase(thing));
}

/** Whether an operation logs in or out: a `session` is no consultation. */
export const isOfSessions = ({ login, verb }: Operation): boolean => login || verb === "~logout";

/** Whether a noun, given by its stem, is what buying makes: an `order`. */
export const isPurchase = (noun: string): boolean => PURCHASES.has(meaningOf(noun) ?? "");
const PURCHASES: ReadonlySet<string> = new Set(["~order", "~buy"]);

/** The nouns of a subject that name it, not only what it belongs to. */
export const ownNouns = ({ nouns }: OperationSubject): string[] =>
  [...nouns].flatMap(([noun, weight]) => (weight === 1 ? [noun] : []));

/** The collection that the last one of a path is nested in: `/owners` of `/owners/{id}/pets`. */
function withinOf(collection: string): string | undefined {
  const parts = collection.split("/");
  const at = parts.findLastIndex((part, index) => index < parts.length - 1 && part.includes("{"));
  return at <= 1 ? undefined : parts.slice(0, at).join("/");
}

function read(operation: Operation): OperationSubject {
  const { summary, path, call, method } = operation;
  const [first = ""] = summary.split(/[.;:](?=\s|$)/);
  const isPath = isMethod(call);
  const head = isPath || first !== "" ? first : path;
  const { collection, action } = isPath ? pathWords(path) : { collection: "", action: undefined };
  const verbs = verbsOf(operation, head, action);
  const nouns: WeightedTokens = new Map(objectPhrase(head, verbs.opening).nouns);
  const name = lastPart(collection);
  if (isPath) addName(nouns, name, action === undefined ? 1 : ACTED_ON);
  if (action !== undefined) addName(nouns, action, MODIFIER);
  const actsOn = new Set(isPath ? [] : operation.inputs.flatMap(thingsOf));
  const returned = call === "mutation" ? resultTypeNoun(operation) : undefined;
  if (returned !== undefined && !actsOn.has(returned)) nouns.set(returned, 1);
  const adds =
    isPath && method === "POST" && action === undefined && path.endsWith(collection) && isPlural(name);
  return {
    nouns,
    words: new Set([...operation.head.keys(), ...stemsOf(path)]),
    verb: verbs.opening === undefined ? undefined : stem(verbs.opening),
    verbs: verbs.stems,
    verbSynsets: verbs.synsets,
    verbClass: verbs.verbClass ?? (adds ? "create" : isPath ? METHOD_CLASSES[method] : undefined),
    isAction: action !== undefined && method === "POST",
    actsOn,
    within: withinOf(collection),
    inputs: new Set(operation.inputs.flatMap(({ leaf }) => stemsOf(leaf))),
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

/** Whether an operation removes something, by its method or by its words. */
export const isRemoval = (operation: Operation | undefined): boolean =>
  operation !== undefined && (operation.method === "DELETE" || subjectOf(operation).verbClass === "delete");
