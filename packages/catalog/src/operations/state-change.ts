import type { Json } from "@ape/core/lib/json";
import type { Clause } from "../goal/clause.ts";
import { isWantedState, verbOfState } from "../words/state-words.ts";
import { isInSynset } from "../words/thesaurus.ts";
import { lastWord, meaningOf, stem, stemsOf } from "../words/words.ts";
import type { Field } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";

/** Meanings that states and verbs share as a whole: `approve it` for the state `confirmed`. */
const SHARED_MEANINGS: ReadonlySet<string> = new Set(["~confirm"]);

/** Verbs that make something of a thing, rather than change its state. */
const MAKING: ReadonlySet<string> = new Set(["~buy", "~reserve", "~register", "~login", "~logout", "~add"]);

/**
 * The value of a field that is the state after a clause: `cancelled` for `call it off`, true in `done` for `mark it as
 * completed`.
 */
export function stateAfter(clause: Clause, field: Field): Json | undefined {
  if (clause.lead === undefined) return undefined;
  if (field.type === "boolean") return flagAfter(clause, field);
  return field.enum === undefined ? undefined : optionAfter(clause, field.enum);
}

/** The truth of a yes-or-no field: its name says when it is true. */
function flagAfter({ verb, wanted, object }: Clause, field: Field): boolean | undefined {
  if (wanted === undefined || (verb !== undefined && MAKING.has(verb))) return undefined;
  const words = stemsOf(field.leaf);
  // `Set done to true` names the field itself.
  const names = [...object.nouns.keys()].some((noun) => words.includes(noun)) && TRUTH.test(wanted.word);
  if (names) return YES.test(wanted.word) !== wanted.negated;
  return isWantedState(field.leaf, wanted);
}

const YES = /^(?:true|yes|on|1)$/;
const TRUTH = /^(?:true|yes|on|1|false|no|off|0)$/;

function optionAfter(
  { lead, verb, leadSynsets, wanted }: Clause,
  options: readonly Json[],
): string | undefined {
  const texts = options.filter((option): option is string => typeof option === "string");
  const named = texts.find((option) => isNamedState(option, wanted?.word));
  if (named !== undefined && wanted?.negated === false) return named;
  const after = texts.find((option) => {
    const word = lastWord(option);
    const base = verbOfState(word);
    if (base === "" || base === lead) return base !== "";
    if (verb !== undefined && SHARED_MEANINGS.has(verb) && meaningOf(word) === verb) return true;
    return isInSynset(base, leadSynsets);
  });
  if (after !== undefined || wanted === undefined || (verb !== undefined && MAKING.has(verb))) return after;
  return texts.find((option) => isWantedState(option, wanted) === true);
}

/** Whether a field can be given the very participle of a clause's verb: `withdrawn` for `withdraw it`. */
export const takesParticiple = ({ lead }: Clause, { enum: options }: Field): boolean =>
  options?.some((option) => typeof option === "string" && verbOfState(lastWord(option)) === lead) === true;

/** Whether an option is what a clause names: `in_progress` of `mark it as in progress` by its last word. */
const isNamedState = (option: string, word: string | undefined): boolean =>
  word !== undefined && stem(lastWord(option)) === stem(word);

/** Whether a clause names a state beside its verb. */
const namesState = ({ wanted, lead, object }: Clause): boolean =>
  object.refers &&
  wanted !== undefined &&
  lead !== undefined &&
  stem(wanted.word) !== lead &&
  wanted.word !== lead.replace(/^~/, "");

/**
 * Whether a call of an operation can bring a thing into the state that a clause's verb asks for.
 * @param creates it makes the thing: then only a state that it can begin with, `open a ticket`
 */
export function movesTo(clause: Clause, operation: Operation, creates = false): boolean {
  const { writes, method, inputs } = operation;
  if (!writes || method === "DELETE") return false;
  // Of an update without a document, nothing but the goal says what it changes: `mark it as sold`.
  if (operation.undocumented === true && (method === "PATCH" || method === "PUT") && namesState(clause))
    return true;
  return inputs.some(
    (field) =>
      field.in === "body" &&
      !(creates && field.type === "boolean") &&
      stateAfter(clause, field) !== undefined,
  );
}
