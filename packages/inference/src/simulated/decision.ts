import { writeJson } from "@ape/core/lossless-number";
import { decideStep } from "./arguments.ts";
import { browse } from "./browse.ts";
import type { Past } from "./call.ts";
import { candidates } from "./choice.ts";
import { explore } from "./explore.ts";
import { isReference } from "./field.ts";
import { repair } from "./repair.ts";
import { type Decision, factFor, finish, keptName, type Situation } from "./situation.ts";
import { lookOn, seenValue } from "./supply.ts";

/** A call that was made this often is not made again, whatever speaks for it. */
const MOST_REPEATS = 8;

/** The next step of a session. */
export function decide(situation: Situation): Decision {
  const { itinerary, catalogue } = situation;
  const [unknown] = catalogue.undocumented;
  const [web] = catalogue.web;
  if (web !== undefined && itinerary.steps.length === 0) return browse(web, situation);
  if (itinerary.steps.length === 0) {
    return unknown === undefined ? finish("Nothing here serves the goal.") : explore(unknown, situation);
  }
  const decision = looped(next(situation), situation);
  return decision.kind === "call" ? (keepFirst(situation) ?? decision) : decision;
}

function next(situation: Situation): Decision {
  const { progress, itinerary } = situation;
  const { pending, since, at } = progress;
  const last = progress.calls.findLast(({ operation }) => operation !== undefined);
  if (last !== undefined && !last.ok && last !== pending) {
    const index = progress.attempts.findIndex((calls) => calls.includes(last));
    const optional =
      index < 0 && last.status !== 401 && last.status < 500 && last.status !== 429 && last.status !== 0;
    const endOfList =
      index >= 0 &&
      itinerary.steps[index]?.operation.writes === false &&
      last.status >= 400 &&
      last.status < 500;
    if (endOfList && last.status !== 401 && last.status !== 429)
      return finish("The list ends without anything that suits.");
    if (!optional) return repair(last, index, [], situation);
  }
  if (pending !== undefined) return repair(pending, at, since, situation);
  return unsatisfied(last, situation) ?? decideStep(at, situation);
}

/** A list that nobody takes from must still show what the goal asks for. */
function unsatisfied(last: Past | undefined, situation: Situation): Decision | undefined {
  const { itinerary, progress } = situation;
  const choice = itinerary.choices.find(({ step }) => step === progress.at - 1);
  const operation = itinerary.steps[progress.at - 1]?.operation;
  if (choice === undefined || operation === undefined || last?.operation !== operation) return undefined;
  if (choice.clauses.every(({ bounds }) => bounds.length === 0)) return undefined;
  const id = operation.list?.fields.find(isReference);
  if (id === undefined || candidates(choice, id, situation).length > 0) return undefined;
  const more = lookOn(choice, operation, situation);
  return more.kind === "call" ? more : undefined;
}

/** Keeps a value that a later step needs, before the answer that has it goes out of sight. */
function keepFirst(situation: Situation): Decision | undefined {
  const { view, itinerary, progress, tools } = situation;
  const oldest = view.results.length >= 3 ? view.results[0] : undefined;
  if (
    oldest === undefined ||
    !tools.has("state_update") ||
    view.trail.at(-1)?.call.startsWith("state_update")
  )
    return undefined;
  for (const step of itinerary.steps.slice(progress.at)) {
    for (const binding of step.bindings.values()) {
      if (binding.kind !== "answer") continue;
      const giving = progress.calls.findLast(
        ({ ok, operation }) => ok && operation === binding.source.operation,
      );
      if (giving?.answer?.step !== oldest.step || factFor(situation, binding.source) !== undefined) continue;
      const value = seenValue(binding.source, situation);
      if (value !== undefined) return { kind: "keep", name: keptName(binding.source), value };
    }
  }
  return undefined;
}

/** Ends what goes round in circles. */
function looped(decision: Decision, { progress }: Situation): Decision {
  if (decision.kind !== "call") return decision;
  const { method, path, query = {}, data } = decision.request;
  const asked = writeJson([
    Object.entries(query).map(([name, value]) => [name, String(value)]),
    data ?? null,
  ]);
  const same = progress.calls.filter(
    (call) =>
      call.method === method &&
      call.path === path &&
      writeJson([Object.entries(call.query), call.data ?? null]) === asked,
  );
  return same.length < MOST_REPEATS
    ? decision
    : finish(`${method} ${path} was made ${same.length} times and leads nowhere.`);
}
