import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { clausesOf } from "../goal/clause.ts";
import { stem, type WeightedTokens } from "../words/words.ts";
import { condense } from "./condense.ts";
import { operationCost } from "./operation-cost.ts";
import { type IndexedOperation, OperationIndex } from "./operation-index.ts";
import { type Query, searchOperations } from "./operation-search.ts";

/** Tokens that an operation uses in a request, a token being four bytes of JSON. */
export type CostOf = (operation: ApiOperation, api: ApiDescription) => number;

/** The operations that a model is shown for a goal. */
export interface Selection {
  /** The documents with the selected operations only, in the document's order. */
  readonly apis: readonly ApiDescription[];
  /** Numbers of selected operations and of all. */
  readonly selected: number;
  readonly total: number;
  /** Tokens of the selected operations. */
  readonly tokens: number;
  /** Tokens of all operations. */
  readonly allTokens: number;
}

/** Number of ranks per clause: further operations only make a prompt longer. */
const MAX_RANK = 12;
/** Number of best operations of a clause whose required ids are resolved. */
const CLOSED_RANKS = 4;
const MAX_PRODUCERS = 3;
/** Number of best operations of a clause before the related operations of its things. */
const RELATIVES_AFTER = 4;
const RELATIVES_PER_RANK = 3;
/** Number of best operations of a clause before the lists of what it names. */
const LISTS_AFTER = 1;
/** Maximum share of the budget for an operation of a rank: more likely ones are shown with more fields. */
const SHARES = [15, 20, 24];
const LEAST_SHARES = 36;

/** Documents that many goals select from: the costs of their operations, and their index. */
export class SelectionSource {
  readonly apis: readonly ApiDescription[];
  readonly costOf: CostOf;
  /** Tokens that all operations would take. */
  readonly allTokens: number;
  readonly #costs = new Map<ApiOperation, number>();
  #index: OperationIndex | undefined;

  /** Takes linear time in the fields of the documents: at most two seconds for 1,500 operations. */
  constructor(apis: readonly ApiDescription[], costOf: CostOf = operationCost) {
    this.apis = apis;
    this.costOf = (operation, api) => this.#costs.get(operation) ?? costOf(operation, api);
    let all = 0;
    for (const api of apis)
      for (const operation of api.operations) {
        const cost = costOf(operation, api);
        this.#costs.set(operation, cost);
        all += cost;
      }
    this.allTokens = all;
  }

  /** Built on first use: documents that fit into the budget are never searched. */
  get index(): OperationIndex {
    this.#index ??= new OperationIndex(this.apis);
    return this.#index;
  }
}

/**
 * Selects operations for a goal by the words of its prompt alone, in turn for each of its clauses, with the login and the
 * reads that give the ids that a selected operation needs, until the budget is used up. All operations where they fit.
 * Deterministic. Longer than the share of the budget that one operation may have, an operation is condensed.
 * @param maxTokens tokens that the operations may take together
 * @param maxOperations how many may be selected at most
 */
export function selectOperations(
  prompt: string,
  source: SelectionSource,
  maxTokens: number,
  maxOperations = Number.POSITIVE_INFINITY,
): Selection {
  const slices = selectInSlices(prompt, source, maxTokens, maxOperations);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

/** {@link selectOperations} as a generator that yields every few milliseconds, so that a caller can run other work. */
export function* selectInSlices(
  prompt: string,
  source: SelectionSource,
  maxTokens: number,
  maxOperations = Number.POSITIVE_INFINITY,
): Generator<void, Selection> {
  const { apis, allTokens } = source;
  const total = apis.reduce((sum, { operations }) => sum + operations.length, 0);
  if (allTokens <= maxTokens && total <= maxOperations)
    return { apis, selected: total, total, tokens: allTokens, allTokens };
  const { chosen, tokens } = yield* pick(prompt, source, maxTokens, maxOperations);
  const selected = apis.map((api) => {
    const operations = api.operations.flatMap((operation) => chosen.get(operation) ?? []);
    const leftOut = api.operations.length - operations.length;
    return { ...api, operations, ...(leftOut === 0 ? {} : { leftOut }) };
  });
  return { apis: selected, selected: chosen.size, total, tokens, allTokens };
}

const MAKES =
  /^(?:please )?(?:open|start|set up|launch|deploy|provision|register|write|make|create|add|book|reserve)s?\b/i;
const OWN = /\b(?:my|mine|I)\b/;
/** Words that may open a clause: the first of the goal, and those after a comma, `and` or `then`. */
const OPENERS = /(?:^|[,;.:]\s*|\b(?:and|then|to)\s+)([\p{L}-]+)/giu;

interface Ranking {
  /** Related operations of the things that the best operations are about. */
  relatives: readonly IndexedOperation[];
  operations: readonly IndexedOperation[];
  /** The things that its words name. */
  subjects: readonly string[];
}

/** Ranked operations of each clause of a goal, the clauses in order and the whole goal last. */
function* rankedByClause(
  prompt: string,
  index: OperationIndex,
): Generator<void, { rankings: readonly Ranking[]; words: WeightedTokens }> {
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
      lead: undefined,
      acts: false,
      plural: false,
      makes: false,
      own: OWN.test(prompt),
    });
  const rankings: Ranking[] = [];
  for (const query of queries) {
    yield;
    const operations = searchOperations(query, words, index).slice(0, MAX_RANK);
    rankings.push({
      operations,
      relatives: operations.slice(0, CLOSED_RANKS).flatMap((one) => index.relativesOf(one)),
      subjects: [...query.weights].flatMap(([token, weight]) => (weight >= 0.5 ? [token] : [])),
    });
  }
  return { rankings, words };
}

function* pick(
  prompt: string,
  { apis, costOf, index }: SelectionSource,
  maxTokens: number,
  maxOperations: number,
): Generator<void, { chosen: ReadonlyMap<ApiOperation, ApiOperation>; tokens: number }> {
  const byTarget = new Map(apis.map((api) => [api.target, api]));
  const chosen = new Map<ApiOperation, ApiOperation>();
  const seen = new Set<IndexedOperation>();
  const { rankings, words } = yield* rankedByClause(prompt, index);
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
    if (tokens + cost > maxTokens || chosen.size >= maxOperations) return;
    tokens += cost;
    chosen.set(operation.source, shown);
    if (!operation.source.secured) return;
    const login = index.login(operation.target);
    if (login !== undefined) add(login, 0);
  };
  for (let rank = 0; rank < MAX_RANK; rank += 1)
    for (const { operations, relatives, subjects } of rankings) {
      yield;
      const operation = operations[rank];
      if (operation !== undefined) add(operation, rank);
      if (operation !== undefined && rank < CLOSED_RANKS)
        for (const producer of index.producersOf(operation).slice(0, MAX_PRODUCERS)) add(producer, rank + 1);
      if (rank === LISTS_AFTER)
        for (const subject of subjects) for (const list of index.listsOf(subject)) add(list, rank + 1);
      if (rank >= RELATIVES_AFTER) {
        const from = (rank - RELATIVES_AFTER) * RELATIVES_PER_RANK;
        for (const relative of relatives.slice(from, from + RELATIVES_PER_RANK)) add(relative, rank);
      }
    }
  return { chosen, tokens };
}
