import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ViewFact } from "@ape/core/protocol/view";
import { parsePersonaTraits } from "../src/choice/persona-traits.ts";
import { isData } from "../src/goal/fact-assignment.ts";
import { planGoal } from "../src/goal/goal-planner.ts";
import { CallReader, doneBefore, follow } from "../src/goal/progress.ts";
import type { PlanningContext } from "../src/planning-context.ts";
import type { ReadView } from "../src/prompt/view-reader.ts";
import { type Past, pastResults } from "./next-call.ts";

/** What a decision about a goal depends on after a history; the last three answers are visible. */
export function contextOf(
  api: ApiDescription,
  goal: string,
  history: readonly Past[] = [],
  facts: readonly ViewFact[] = [],
): PlanningContext {
  const catalog = new OperationCatalog([api]);
  const past = pastResults(api.target, history);
  const view: ReadView = {
    goal,
    facts,
    trail: past.map(({ body: _body, headers: _headers, ...call }) => call),
    dropped: 0,
    results: past.slice(-3),
  };
  const plan = planGoal(goal, catalog, facts.filter(isData));
  const progress = follow(new CallReader(catalog).read(view), plan, false, doneBefore(view, catalog));
  return {
    catalog,
    plan,
    view,
    progress,
    seed: 1,
    session: 1,
    persona: parsePersonaTraits(undefined),
    tools: new Set(["state_update", "finish"]),
  };
}
