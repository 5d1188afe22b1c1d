import type { Clause } from "../goal/clause.ts";
import { AFFINITY } from "../words/lexicon.ts";
import { stem } from "../words/words.ts";
import { type IndexedOperation, isVerbToken, type OperationIndex } from "./operation-index.ts";

/** A search: weighted words, and the verb's meaning if there is one. */
export interface Query extends Pick<Clause, "weights" | "verb" | "lead" | "acts" | "plural"> {
  /** Creates something, whatever the verb: `open an issue`, `set up a cluster`. */
  makes: boolean;
  /** Asks for what belongs to the user: `my orders`. */
  own: boolean;
}

const SEARCH = stem("search");

/** Operations for a query, best first; those without a common word are left out. */
export function searchOperations(
  query: Query,
  context: ReadonlyMap<string, number>,
  index: OperationIndex,
): IndexedOperation[] {
  const scored: { operation: IndexedOperation; score: number }[] = [];
  for (const operation of index.operations) {
    const score = scoreOf(query, context, operation, index);
    if (score > 0) scored.push({ operation, score });
  }
  return scored
    .sort((one, two) => two.score - one.score || one.operation.index - two.operation.index)
    .map(({ operation }) => operation);
}

function scoreOf(
  { weights, verb, lead, acts, plural, makes, own }: Query,
  context: ReadonlyMap<string, number>,
  operation: IndexedOperation,
  { words }: OperationIndex,
): number {
  const { head, read, weights: all } = operation;
  let shared = 0;
  let noun = false;
  for (const [token, weight] of weights) {
    const there = all.get(token);
    if (there === undefined) continue;
    shared += weight * there * words.of(token);
    noun ||= !isVerbToken(token);
  }
  const searches = verb === "~find" && read.method === "GET" && operation.subject === SEARCH;
  if (shared === 0 || !(noun || searches)) return 0;
  let alien = 0;
  for (const [token, weight] of head)
    if (!weights.has(token)) {
      const known = context.get(token);
      if (known === undefined) alien += weight * words.of(token);
      else shared += 0.25 * known * weight * words.of(token);
    }
  let score = shared - 0.15 * alien;
  if (verb !== undefined && head.has(verb)) score += words.of(verb);
  if (plural && read.list !== undefined) score += 1;
  if (verb === "~find" && read.list !== undefined) score += 0.8;
  if ((weights.get(operation.subject) ?? 0) >= 0.5) score += 0.5 * words.of(operation.subject);
  // `send it`: an operation that is called like the verb does just that.
  if (lead !== undefined && lead === operation.subject) score += words.of(lead);
  if (searches) score += 1;
  if (own && operation.own) score += 1;
  if (makes && read.method === "POST" && !operation.source.path.endsWith("}")) score += 1;
  score -= 0.12 * (operation.source.path.split("{").length - 1);
  return score > 0 ? score * methodFit(makes ? undefined : verb, acts, read.method) : 0;
}

function methodFit(
  verb: string | undefined,
  acts: boolean,
  method: IndexedOperation["read"]["method"],
): number {
  if (verb !== undefined) return 0.35 + 0.65 * (AFFINITY[verb]?.[method] ?? 1);
  if (method === "DELETE") return 0.6;
  return acts && method === "GET" ? 0.7 : 1;
}
