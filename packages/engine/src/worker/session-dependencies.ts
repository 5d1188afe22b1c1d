import { VerificationBudget } from "@ape/agent/attribution/verification-budget";
import { DecisionModeSelector } from "@ape/agent/policy/decision-mode";
import { createModelPolicy } from "@ape/agent/policy/model-policy";
import type { Policy } from "@ape/agent/policy/policy";
import type { SessionOptions } from "@ape/agent/session/session-options";
import type { Config } from "@ape/core/config/schema";
import { seedOf } from "@ape/core/lib/random";
import type { ApiDescription } from "@ape/core/protocol/api";
import { hasRows } from "../data/table.ts";
import { DataFeeder, openRows } from "./data-feeder.ts";
import { prepareGoalPrompts } from "./goal-prompts.ts";
import { readInstructions } from "./instructions.ts";
import type { Transports } from "./transports.ts";

/** What the sessions of one process share. */
export interface SessionDependencies {
  /** For each goal with a table of rows, by name. */
  readonly dealers: ReadonlyMap<string, DataFeeder>;
  /** Options that are the same for every session. */
  readonly common: Pick<SessionOptions, "apis" | "origins" | "tools" | "verification">;
  /** Options that are the same for every session of a goal, by the goal's name. */
  readonly byGoal: ReadonlyMap<string, GoalDependencies>;
}

type GoalDependencies = Pick<SessionOptions, "policy" | "findOperations" | "tokenBudget">;

/**
 * Prepares the shared dependencies of a process's sessions.
 * @param notice called with hints about the configuration
 * @param place `share` of `workers` is the process's own part of the data rows
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function openSessionDependencies(
  config: Config,
  { apis, tools, model, described }: Omit<Transports, "close">,
  place: { baseDir: string; seed: number; share: number; workers: number },
  notice: (message: string) => void = () => undefined,
): Promise<SessionDependencies> {
  const { baseDir, seed, share, workers } = place;
  const dealers = new Map<string, DataFeeder>();
  for (const { name, data } of config.goals)
    if (hasRows(data)) {
      const own = { unique: data.unique, worker: share, workers };
      const rows = await openRows(data, baseDir, own);
      dealers.set(name, new DataFeeder(rows, { ...own, seed: seedOf(seed, name) }));
    }
  const { maxCompletionTokens, temperature, decisions } = config.inference;
  const instructions = await readInstructions(config.inference, baseDir);
  // What one goal's sessions learn about the server holds for all goals.
  const mode = new DecisionModeSelector(decisions, notice);
  const policies = new Map<readonly ApiDescription[], Policy>();
  const byGoal = new Map<string, GoalDependencies>();
  for (const [goal, prompt] of await prepareGoalPrompts(config, apis, instructions)) {
    const { selection, tokenBudget } = prompt;
    let policy = policies.get(selection.apis);
    if (policy === undefined) {
      policy = createModelPolicy({
        model,
        modelName: described.name,
        maxCompletionTokens,
        temperature,
        apis: selection.apis,
        instructions,
        mode,
      });
      policies.set(selection.apis, policy);
    }
    const { findOperations } = prompt;
    byGoal.set(goal, { policy, tokenBudget, ...(findOperations === undefined ? {} : { findOperations }) });
  }
  const origins = Object.fromEntries(
    Object.entries(config.targets).map(([name, { baseUrl }]) => [name, baseUrl]),
  );
  const verification = new VerificationBudget(
    Object.entries(config.targets).flatMap(([name, { verify }]) => (verify ? [] : [name])),
  );
  return { dealers, common: { apis, origins, tools, verification }, byGoal };
}

/** The options of a session of a goal. */
export function dependenciesOf(
  { common, byGoal }: SessionDependencies,
  goal: string,
): SessionDependencies["common"] & GoalDependencies {
  return { ...common, ...(byGoal.get(goal) as GoalDependencies) };
}
