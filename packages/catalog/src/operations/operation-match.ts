import type { Clause } from "../goal/clause.ts";
import { AFFINITY, VERB_MEANINGS } from "../words/lexicon.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";

/** Minimum score: below it a clause asks for nothing that the APIs offer. */
const LEAST = 0.8;

/** How well an operation does what a clause asks for. */
function operationMatchScore(clause: Clause, operation: Operation, catalog: OperationCatalog): number {
  const { words } = catalog;
  let shared = 0;
  for (const [token, weight] of clause.weights) {
    const there = operation.weights.get(token);
    if (there !== undefined) shared += weight * there * words.of(token);
  }
  if (shared === 0) return 0;
  let alien = 0;
  for (const token of operation.head.keys()) if (!clause.weights.has(token)) alien += words.of(token);
  let score = shared - 0.12 * alien;
  if (clause.verb !== undefined && operation.verb === clause.verb) score += words.of(clause.verb);
  if (clause.verb === "~find") {
    score += operation.list === undefined ? -0.5 : 0.8;
    // A search result is not in a list that belongs to one thing whose id would have to be known.
    if (operation.inputs.some((field) => field.in === "path")) score -= 0.6;
  }
  if (clause.plural && operation.list !== undefined) score += 1;
  if (clause.plural && operation.verb === "~find") score += 2 * words.of("~find");
  return score > 0 ? score * affinityOf(clause, operation) : score;
}

/** How well an operation's method fits a clause's verb. */
function affinityOf({ verb, acts }: Clause, { method }: Operation): number {
  if (verb !== undefined) return AFFINITY[verb]?.[method] ?? 1;
  if (method === "DELETE") return 0.4;
  return acts && method === "GET" ? 0.5 : 1;
}

/** The operation that a clause asks for, if any does. */
export function operationFor(clause: Clause, catalog: OperationCatalog): Operation | undefined {
  let best: Operation | undefined;
  let most = LEAST;
  for (const operation of catalog.operations) {
    const score = operationMatchScore(clause, operation, catalog);
    if (score > most) {
      best = operation;
      most = score;
    }
  }
  return best;
}

/** How similar the subjects of two operations are, without their verbs. */
export function operationSimilarity(one: Operation, two: Operation, catalog: OperationCatalog): number {
  let shared = 0;
  let all = 0;
  for (const [token, weight] of one.head) {
    if (VERB_MEANINGS.has(token)) continue;
    const value = weight * catalog.words.of(token);
    all += value;
    shared += value * Math.min(1, two.weights.get(token) ?? 0);
  }
  return all === 0 ? 0 : shared / all;
}
