import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { clausesOf } from "../goal/clause.ts";
import { stem, type WeightedTokens } from "../words/words.ts";
import { condense } from "./condense.ts";
import { type IndexedOperation, OperationIndex } from "./operation-index.ts";
import { type Query, searchOperations } from "./operation-search.ts";

export interface SelectionOptions {
  /** Tokens that the operations may take together, a token being four bytes of JSON. */
  maxTokens: number;
  /** Tokens that an operation takes in a request. */
  costOf(operation: ApiOperation, api: ApiDescription): number;
}

/** The operations that a model is shown for a goal. */
export interface Selection {
  /** The documents with the selected operations only, in the document's order. */
  readonly apis: readonly ApiDescription[];
  /** Operations selected and in all. */
  readonly selected: number;
  readonly total: number;
  /** Tokens of the selected operations. */
  readonly tokens: number;
  /** Tokens that all operations would take. */
  readonly allTokens: number;
}

/** Ranks that are looked at of each clause: further operations only make a prompt longer. */
const MAX_RANK = 12;
/** Best operations of a clause whose ids are looked for. */
const CLOSED_RANKS = 3;
const MAX_PRODUCERS = 3;
/** The lists of what a clause names come after its so many best operations. */
const LISTS_AFTER = 1;
/** An operation of a rank takes at most this part of the budget: those that are likely needed are shown with more fields. */
const SHARES = [15, 20, 24];
const LEAST_SHARES = 36;

/** Prepares a selection for documents that many goals share. */
export function prepareSelection(apis: readonly ApiDescription[]): OperationIndex {
  return new OperationIndex(apis);
}

/**
 * Selects operations for a goal by the words of its prompt alone, in turn for each of its clauses, with the login and the
 * reads that give the ids that a selected operation needs, until the budget is used up. All operations where they fit.
 * Deterministic. Longer than the share of the budget that one operation may have, an operation is condensed.
 */
export function selectOperations(
  prompt: string,
  apis: readonly ApiDescription[],
  options: SelectionOptions,
  index?: OperationIndex,
): Selection {
  const costs = new Map<ApiOperation, number>();
  let allTokens = 0;
  for (const api of apis)
    for (const operation of api.operations) {
      const cost = options.costOf(operation, api);
      costs.set(operation, cost);
      allTokens += cost;
    }
  const total = costs.size;
  if (allTokens <= options.maxTokens) return { apis, selected: total, total, tokens: allTokens, allTokens };
  const { chosen, tokens } = pick(prompt, apis, options, index ?? prepareSelection(apis));
  const selected = apis.map((api) => ({
    ...api,
    operations: api.operations.flatMap((operation) => chosen.get(operation) ?? []),
  }));
  return { apis: selected, selected: chosen.size, total, tokens, allTokens };
}

const MAKES =
  /^(?:please )?(?:open|start|set up|launch|deploy|provision|register|write|make|create|add|book|reserve)s?\b/i;
const OWN = /\b(?:my|mine|I)\b/;
/** Words that may open a clause: the first of the goal, and those behind a comma, `and` or `then`. */
const OPENERS = /(?:^|[,;.:]\s*|\b(?:and|then|to)\s+)([\p{L}-]+)/giu;

interface Ranking {
  operations: readonly IndexedOperation[];
  /** What its words name. */
  subjects: readonly string[];
}

/** Ranked operations of each clause of a goal, the clauses in order and the whole goal last. */
function rankedByClause(
  prompt: string,
  index: OperationIndex,
): { rankings: readonly Ranking[]; words: WeightedTokens } {
  const verbs = new Set(index.catalog.verbs);
  for (const [, word = ""] of prompt.matchAll(OPENERS)) if (index.names(word)) verbs.add(stem(word));
  const clauses = clausesOf(prompt, verbs);
  for (const { weights } of clauses)
    for (const [token, weight] of [...weights])
      for (const other of index.related(token)) weights.set(other, Math.max(weight, weights.get(other) ?? 0));
  const active = clauses.filter((clause) => clause.active);
  const used = active.length > 0 ? active : clauses;
  const words: WeightedTokens = new Map();
  for (const { weights } of clauses)
    for (const [token, weight] of weights)
      words.set(token, Math.max(words.get(token) ?? 0, Math.min(1, weight)));
  const queries: Query[] = used.map((clause) => ({
    ...clause,
    makes: MAKES.test(clause.text),
    own: OWN.test(clause.text),
  }));
  if (used.length > 1)
    queries.push({
      weights: words,
      verb: undefined,
      acts: false,
      plural: false,
      makes: false,
      own: OWN.test(prompt),
    });
  const rankings = queries.map((query) => ({
    operations: searchOperations(query, words, index).slice(0, MAX_RANK),
    subjects: [...query.weights].flatMap(([token, weight]) => (weight >= 0.5 ? [token] : [])),
  }));
  return { rankings, words };
}

function pick(
  prompt: string,
  apis: readonly ApiDescription[],
  { maxTokens, costOf }: SelectionOptions,
  index: OperationIndex,
): { chosen: ReadonlyMap<ApiOperation, ApiOperation>; tokens: number } {
  const byTarget = new Map(apis.map((api) => [api.target, api]));
  const chosen = new Map<ApiOperation, ApiOperation>();
  const seen = new Set<IndexedOperation>();
  const { rankings, words } = rankedByClause(prompt, index);
  let tokens = 0;
  const add = (operation: IndexedOperation, rank: number): void => {
    if (seen.has(operation)) return;
    seen.add(operation);
    const api = byTarget.get(operation.target);
    if (api === undefined) return;
    const price = (one: ApiOperation): number => costOf(one, api);
    const most = maxTokens / (SHARES[rank] ?? LEAST_SHARES);
    const shown = condense(operation.source, words, most, price);
    const cost = price(shown);
    if (tokens + cost > maxTokens) return;
    tokens += cost;
    chosen.set(operation.source, shown);
    if (!operation.source.secured) return;
    const login = index.login(operation.target);
    if (login !== undefined) add(login, 0);
  };
  for (let rank = 0; rank < MAX_RANK; rank += 1)
    for (const { operations, subjects } of rankings) {
      const operation = operations[rank];
      if (operation !== undefined) add(operation, rank);
      if (operation !== undefined && rank < CLOSED_RANKS)
        for (const producer of index.producersOf(operation).slice(0, MAX_PRODUCERS)) add(producer, rank + 1);
      if (rank === LISTS_AFTER)
        for (const subject of subjects) for (const list of index.listsOf(subject)) add(list, rank + 1);
    }
  return { chosen, tokens };
}
