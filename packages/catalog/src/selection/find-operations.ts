import { type ApiDescription, type ApiOperation, renderApi } from "@ape/core/protocol/api";
import { addTokens, type WeightedTokens } from "../words/words.ts";
import { condense } from "./condense.ts";
import { tokensOf } from "./operation-cost.ts";
import type { OperationIndex } from "./operation-index.ts";
import { searchOperations } from "./operation-search.ts";
import type { Selection, SelectionSource } from "./select-operations.ts";

/** Operations that one search shows. */
const MAX_FOUND = 5;
/** Tokens that each of them may use, so that a search adds at most a thousand to a prompt. */
const MAX_TOKENS_EACH = 180;

/**
 * Searches the operations that a selection leaves out.
 * @returns the best of them with their inputs, in the text form that APIs have in a prompt; or that there are none
 */
export function findOperations(words: string, source: SelectionSource, selection: Selection): string {
  const { index } = source;
  const weights = queryOf(words, index);
  const shown = new Set(
    selection.apis.flatMap(({ target, operations }) => operations.map((one) => keyOf(target, one))),
  );
  const query = {
    weights,
    verb: undefined,
    lead: undefined,
    acts: false,
    plural: false,
    makes: false,
    own: false,
  };
  const found = searchOperations(query, weights, index)
    .filter(({ target, source: operation }) => !shown.has(keyOf(target, operation)))
    .slice(0, MAX_FOUND);
  if (found.length === 0) return "No operation beside those that are listed has these words.";
  return source.apis
    .flatMap((api) => {
      const operations = found.filter(({ target }) => target === api.target).map((one) => one.source);
      return operations.length === 0 ? [] : [render(api, operations, weights)];
    })
    .join("\n");
}

const keyOf = (target: string, { method, path }: ApiOperation): string => `${target} ${method} ${path}`;

/** The search text; a method or path that was written separately counts as part of it. */
function queryOf(words: string, index: OperationIndex): WeightedTokens {
  const weights: WeightedTokens = addTokens(new Map(), words, 1);
  for (const token of [...weights.keys()])
    for (const other of index.related(token)) if (!weights.has(other)) weights.set(other, 1);
  return weights;
}

function render(
  { target, kind, title, documented }: ApiDescription,
  operations: readonly ApiOperation[],
  words: WeightedTokens,
): string {
  const api: ApiDescription = { target, title, documented, auth: [], operations: [] };
  if (kind !== undefined) api.kind = kind;
  const textOf = (shown: readonly ApiOperation[]): string => {
    const text = renderApi({ ...api, operations: shown });
    return text.slice(text.indexOf("\n- ") + 1);
  };
  const short = operations.map((operation) =>
    condense(operation, words, MAX_TOKENS_EACH, (one) => tokensOf(textOf([one]))),
  );
  return `${target}:\n${textOf(short)}`;
}
