import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { isIdName, isPlainIdName, withoutIdSuffix } from "@ape/core/protocol/id-name";
import { isMethod, operationShape } from "@ape/core/protocol/operations/operation";
import { isByOptionalId } from "../operations/by-optional-id.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { catalogOf } from "../operations/shared-catalog.ts";
import { VERB_MEANINGS } from "../words/lexicon.ts";
import {
  addTokens,
  InverseDocumentFrequency,
  lastWord,
  stem,
  type WeightedTokens,
  weightedTokens,
} from "../words/words.ts";

/** An operation of a document, indexed for search. */
export interface IndexedOperation {
  /** Position among all operations of all targets. */
  readonly index: number;
  readonly target: string;
  readonly source: ApiOperation;
  readonly read: Operation;
  /** Its names: its summary's first sentence, its id and the last words of its path. */
  readonly head: WeightedTokens;
  /** All of its words, weighted by their position. */
  readonly weights: WeightedTokens;
  /** Stems of the last word of its path, or of the name of a query or tool: what it lists or creates. */
  readonly subject: string;
  /** Its path without a format suffix and without the names of parameters. */
  readonly shape: string;
  /** Whether it is about what belongs to the calling user: `/me/albums`, `/user/repos`. */
  readonly own: boolean;
}

/** Values of an enumeration that count as words of its operation. */
const MAX_ENUM = 24;
/** Minimum length of the common beginning, and minimum share of the longer stem, for two stems of one family. */
const SHARED_START = 6;
const SHARED_PART = 0.7;
/** Maximum number of operations of one list that count as related. */
const MAX_RELATIVES = 24;
const OWN = /\/(?:me|my|self|mine|user|current|account|authenticated)(?:\/|$)/;

const fixedSegments = (path: string): string[] =>
  path.split("/").filter((part) => part !== "" && !part.includes("{"));

/** The stem of a name's last word: `line_items` and `lineItem` are both about an item. */
const subjectOf = (name: string): string => stem(lastWord(name.replace(/\.[a-z]+$/, "")));

/**
 * The operations of several targets, indexed by the words by which a goal finds them. Built once for all goals of a
 * run.
 */
export class OperationIndex {
  readonly operations: readonly IndexedOperation[];
  readonly words = new InverseDocumentFrequency();
  readonly catalog: OperationCatalog;
  readonly #byKey = new Map<string, IndexedOperation>();
  readonly #readsOf = new Map<string, IndexedOperation[]>();
  readonly #named = new Set<string>();
  readonly #producers = new Map<IndexedOperation, readonly IndexedOperation[]>();
  #readsWith: ReadonlyMap<string, readonly IndexedOperation[]> | undefined;
  readonly #relatives = new Map<IndexedOperation, readonly IndexedOperation[]>();

  /** Takes linear time in the fields of the documents: about a second for 1,500 operations. */
  constructor(apis: readonly ApiDescription[]) {
    this.catalog = catalogOf(apis);
    const sources = apis.flatMap(({ target, operations }) =>
      operations.map((operation) => ({ target, operation })),
    );
    this.operations = sources.map(({ target, operation }, index) =>
      indexed(target, operation, this.catalog.operations[index] as Operation, index),
    );
    for (const operation of this.operations) {
      this.words.add(operation.weights);
      for (const token of operation.head.keys()) this.#named.add(token);
      this.#byKey.set(keyOf(operation.target, operation.source.method, operation.source.path), operation);
      if (operation.read.writes || operation.subject === "") continue;
      const known = this.#readsOf.get(operation.subject);
      if (known === undefined) this.#readsOf.set(operation.subject, [operation]);
      else known.push(operation);
    }
  }

  /** The operation that logs in to a target. */
  login(target: string): IndexedOperation | undefined {
    const login = this.catalog.login(target);
    return login === undefined ? undefined : this.#byKey.get(keyOf(target, login.call, login.path));
  }

  /**
   * Reads whose answers hold the ids that an operation needs for its path and its required body fields: the list at the
   * path before a parameter, else the list named like the parameter.
   */
  producersOf(operation: IndexedOperation): readonly IndexedOperation[] {
    let found = this.#producers.get(operation);
    if (found === undefined) {
      found = [...new Set(this.#findProducers(operation))].filter((one) => one !== operation);
      this.#producers.set(operation, found);
    }
    return found;
  }

  *#findProducers(operation: IndexedOperation): Generator<IndexedOperation> {
    const { source, target } = operation;
    if (isMethod(source.method)) {
      const parts = source.path.split("/");
      for (let at = parts.length - 1; at > 0; at -= 1) {
        const name = /\{([^}]+)\}/.exec(parts[at] ?? "")?.[1];
        if (name === undefined) continue;
        const above = parts.slice(0, at).join("/");
        const producer =
          this.#byKey.get(keyOf(target, "GET", above)) ??
          this.#listOf(target, name, parts[at - 1] ?? "") ??
          this.#byKey.get(keyOf(target, "POST", above));
        if (producer !== undefined) yield producer;
      }
    }
    for (const { in: where, name, required } of source.fields) {
      const leaf = name.split(/\.|\[\]/).findLast((part) => part !== "") ?? name;
      if (where !== "body" || !required || !(isIdName(leaf, true) || this.#readsOf.has(subjectOf(leaf))))
        continue;
      const producer = this.#listOf(target, leaf, "") ?? this.#listWith(target, leaf);
      if (producer !== undefined) yield producer;
    }
  }

  /**
   * Other operations on the things that an operation is about: those of its path, those of the list that its last
   * parameter comes from, and those directly below an item. None if there are too many to be related.
   */
  relativesOf(operation: IndexedOperation): readonly IndexedOperation[] {
    let found = this.#relatives.get(operation);
    if (found === undefined) {
      found = collectionsOf(operation).flatMap((collection) => {
        const members = this.operations.filter(
          (one) => one.target === operation.target && belongsTo(one, collection),
        );
        return members.length > MAX_RELATIVES ? [] : members.filter((one) => one !== operation);
      });
      this.#relatives.set(operation, found);
    }
    return found;
  }

  /** For each target the read that lists what a stem names and needs the fewest ids. */
  listsOf(subject: string): readonly IndexedOperation[] {
    const reads = this.#readsOf.get(subject) ?? [];
    return [...new Set(reads.map(({ target }) => target))].flatMap(
      (target) =>
        reads.filter((one) => one.target === target).sort((one, two) => needs(one) - needs(two))[0] ?? [],
    );
  }

  /** Whether a word is in some operation's name. */
  names(word: string): boolean {
    return this.#named.has(stem(word));
  }

  /**
   * Words of operations' names with the same beginning as a stem that none of them has: `contributor` for `contribut`.
   */
  related(token: string): readonly string[] {
    if (token.length < SHARED_START || this.#named.has(token)) return [];
    return [...this.#named].filter((name) => {
      const shorter = Math.min(name.length, token.length);
      let same = 0;
      while (same < shorter && name[same] === token[same]) same += 1;
      return same >= SHARED_START && same >= SHARED_PART * Math.max(name.length, token.length);
    });
  }

  /** The read that lists things with a field of the very name of an id, such as `productVariantId`, and needs the fewest ids. */
  #listWith(target: string, leaf: string): IndexedOperation | undefined {
    this.#readsWith ??= readsByIdName(this.operations);
    return this.#readsWith
      .get(leaf)
      ?.filter((one) => one.target === target)
      .sort((one, two) => needs(one) - needs(two))[0];
  }

  /** The read that lists what an id identifies, the one with the shortest path first. */
  #listOf(target: string, name: string, before: string): IndexedOperation | undefined {
    for (const subject of [subjectOf(withoutIdSuffix(name)), subjectOf(before)]) {
      const best = this.listsOf(subject).find((one) => one.target === target);
      if (best !== undefined) return best;
    }
    return undefined;
  }
}

/**
 * Number of values that have to be known before an operation can be called: path parameters and other required inputs.
 */
const needs = ({ source, read }: IndexedOperation): number =>
  10 * (source.path.split("{").length - 1) +
  read.inputs.filter(({ required, in: where }) => required && where !== "path").length +
  (isByOptionalId(read) ? 1 : 0) +
  fixedSegments(source.path).length;

/** Reads by the names of ids in the lists that they answer; a plain `id` is left out. */
function readsByIdName(operations: readonly IndexedOperation[]): Map<string, IndexedOperation[]> {
  const found = new Map<string, IndexedOperation[]>();
  for (const operation of operations) {
    if (operation.read.writes) continue;
    for (const { name, leaf } of operation.read.answers) {
      if (!name.includes("[]") || !isIdName(leaf) || isPlainIdName(leaf)) continue;
      const known = found.get(leaf);
      if (known === undefined) found.set(leaf, [operation]);
      else if (known.at(-1) !== operation) known.push(operation);
    }
  }
  return found;
}

/** A path without its format suffix, its parameters without their names. */
const shapeOf = (path: string): string => withoutFormat(path).replaceAll(/\{[^}]+\}/g, "{}");

/**
 * The shapes of the paths of related lists for an HTTP operation: its own path, and the one before its last parameter.
 */
function collectionsOf({ source, shape }: IndexedOperation): string[] {
  if (!isMethod(source.method)) return [];
  const before = shape.lastIndexOf("/{}");
  const lists = shape.endsWith("/{}") ? [] : [shape];
  if (before > 0) lists.push(shape.slice(0, before));
  return lists.filter((list) => list !== "" && list !== "/");
}

/** Whether an operation is on a list, on an item of it, or on what is directly below an item. */
function belongsTo({ shape }: IndexedOperation, list: string): boolean {
  return (
    shape === list || (shape.startsWith(`${list}/`) && shape.slice(list.length + 1).split("/").length <= 2)
  );
}

/** Makes paths equal that differ in the names of parameters, or in `.json` at the end. */
const keyOf = (target: string, method: string, path: string): string =>
  `${target} ${operationShape(`${method} ${withoutFormat(path)}`)}`;

const withoutFormat = (path: string): string => path.replace(/^(\/.*)\.[a-z]{2,5}$/, "$1");

function indexed(target: string, source: ApiOperation, read: Operation, index: number): IndexedOperation {
  const fixed = fixedSegments(source.path);
  const last = fixed.at(-1) ?? "";
  const [first = ""] = source.summary.split(/[.;:](?=\s|$)/);
  const head = weightedTokens(first);
  if (source.id !== undefined) addTokens(head, source.id, first === "" ? 1 : 0.6);
  addTokens(head, last, 0.9);
  const weights: WeightedTokens = new Map(head);
  addTokens(weights, source.summary, 0.4);
  addTokens(weights, fixed.slice(0, -1).join(" "), 0.5);
  for (const field of read.inputs) {
    addTokens(addTokens(weights, field.leaf, 0.25), field.description, 0.12);
    for (const value of field.enum?.slice(0, MAX_ENUM) ?? [])
      if (typeof value === "string") addTokens(weights, value, 0.3);
  }
  for (const field of read.answers) addTokens(weights, field.leaf, 0.08);
  for (const token of head.keys()) if (/^\d+$/.test(token)) head.delete(token);
  return {
    index,
    target,
    source,
    read,
    head,
    weights,
    subject: subjectOf(last),
    shape: shapeOf(source.path),
    own: OWN.test(source.path),
  };
}

/** Whether a token is a verb of the lexicon. */
export const isVerbToken = (token: string): boolean => VERB_MEANINGS.has(token);
