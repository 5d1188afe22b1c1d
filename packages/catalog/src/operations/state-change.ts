import type { Clause } from "../goal/clause.ts";
import { isInSynset } from "../words/thesaurus.ts";
import { meaningOf, plain, stem } from "../words/words.ts";
import type { Field } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";

/** Meanings that states and verbs share as a whole: `approve it` for the state `confirmed`. */
const SHARED_MEANINGS: ReadonlySet<string> = new Set(["~confirm"]);

/** The value of an enumeration that is the state after a clause's verb: `cancelled` for `call it off`. */
export function stateAfter(
  { lead, verb, leadSynsets }: Clause,
  { enum: options }: Field,
): string | undefined {
  if (lead === undefined || options === undefined) return undefined;
  return options.find((option): option is string => {
    if (typeof option !== "string") return false;
    const word = plain(option).split(" ").at(-1) ?? "";
    const base = stem(word);
    if (base === "" || base === lead) return base !== "";
    if (verb !== undefined && SHARED_MEANINGS.has(verb) && meaningOf(word) === verb) return true;
    return isInSynset(base, leadSynsets);
  });
}

/** Whether a call of an operation can bring a thing into the state that a clause's verb asks for. */
export function movesTo(clause: Clause, { writes, method, inputs }: Operation): boolean {
  if (!writes || method === "DELETE") return false;
  return inputs.some((field) => field.in === "body" && stateAfter(clause, field) !== undefined);
}
