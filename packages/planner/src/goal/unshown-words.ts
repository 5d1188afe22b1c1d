import type { Clause } from "@ape/catalog/goal/clause";
import { type DefiniteThing, definiteThings } from "@ape/catalog/goal/things/definite-things";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stemsOf } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { choiceAttempts } from "../choice/candidates.ts";
import { itemFields, itemsOf, readItem } from "../choice/response-values.ts";
import type { PlanningContext } from "../planning-context.ts";
import type { ListChoice, Step } from "./plan.ts";

/**
 * The words by which clauses tell the things that calls were made for, and which neither the calls nor what they have shown of
 * these things have said: `crane` of `hire a crane`, where a lorry was hired. None where what was chosen is no longer visible.
 */
export function unshownWords(context: PlanningContext): string[] {
  const { steps } = context.plan;
  return steps.flatMap((step, at) => {
    const { clause, operation, bindings } = step;
    if (clause === undefined || !operation.writes || operation.login) return [];
    const choices = [...bindings.values()].flatMap((one) => (one.kind === "choice" ? one.choice : []));
    if (choices.length === 0) return [];
    const things = thingsTold(clause);
    if (things.length === 0) return [];
    const said = saidOf(at, choices, context);
    if (said === undefined) return [];
    const words = new Set(stemsOf(said));
    const text = ` ${plain(said)} `;
    const own = wordsOf(steps, clause);
    const isShown = (noun: string): boolean =>
      words.has(noun) ||
      own.has(noun) ||
      text.includes(` ${noun}`) ||
      [...own].some((one) => areKin(one, noun));
    return things.flatMap(({ text: told, words: nouns }) => (nouns.every(isShown) ? [] : told));
  });
}

/** The things that a clause tells by nouns: also any one of a kind, `a crane`. */
function thingsTold(clause: Clause): Pick<DefiniteThing, "text" | "words">[] {
  const { object, indefinite } = clause;
  const words = mainNouns(clause).filter((noun) => !noun.startsWith("~"));
  const isAny = indefinite && !object.refers && words.length > 0;
  return [...definiteThings(clause), ...(isAny ? [{ text: words.join(" "), words }] : [])];
}

/** The words of the operations that serve a clause and of what they take. */
function wordsOf(steps: readonly Step[], clause: Clause): Set<string> {
  const served = steps.filter((step) => step.clause === clause || step.clause === undefined);
  return new Set(
    served.flatMap(({ operation }) => [
      ...operation.weights.keys(),
      ...[...operation.inputs, ...operation.answers].flatMap(({ nameTokens, textTokens }) => [
        ...nameTokens.keys(),
        ...textTokens.keys(),
      ]),
    ]),
  );
}

/** What a step has sent and what was shown of the things it chose, as text; undefined where one is no longer visible. */
function saidOf(at: number, choices: readonly ListChoice[], context: PlanningContext): string | undefined {
  const { plan, progress } = context;
  const call = progress.attempts[at]?.findLast(({ ok }) => ok);
  if (call === undefined) return undefined;
  const listings = new Set(choices.map(({ step }) => plan.steps[step]?.operation));
  const said = [call.text, call.answer?.body ?? null].map(asText);
  for (const choice of choices) {
    const item = takenItem(choice, context);
    if (item === undefined) return undefined;
    said.push(asText(item));
  }
  for (const { ok, operation, answer, path, query } of progress.calls)
    if (ok && operation !== undefined && !listings.has(operation))
      said.push(path, asText(query), asText(answer?.body ?? null));
  return said.join(" | ");
}

const asText = (value: Json): string => (typeof value === "string" ? value : writeJson(value));

/** What a list that is still visible shows of the thing that was chosen from it. */
function takenItem(choice: ListChoice, context: PlanningContext): Json | undefined {
  const operation: Operation | undefined = context.plan.steps[choice.step]?.operation;
  const { taken } = choiceAttempts(choice, context);
  if (operation === undefined || taken === undefined) return undefined;
  const fields = itemFields(operation);
  return context.progress.calls
    .filter((call) => call.operation === operation && call.ok)
    .flatMap(({ answer }) => itemsOf(answer?.body, operation))
    .find((item) => String(readItem(item, taken.field, fields)) === taken.value);
}
