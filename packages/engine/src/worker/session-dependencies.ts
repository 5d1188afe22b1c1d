import { VerificationBudget } from "@ape/agent/attribution/verification-budget";
import { createModelPolicy } from "@ape/agent/policy/model-policy";
import type { SessionOptions } from "@ape/agent/session/session-options";
import type { Config } from "@ape/core/config/schema";
import { seedOf } from "@ape/core/lib/random";
import { hasRows } from "../data/table.ts";
import { DataFeeder, openRows } from "./data-feeder.ts";
import { readInstructions } from "./instructions.ts";
import type { Transports } from "./transports.ts";

/** What the sessions of one process share. */
export interface SessionDependencies {
  /** Of each goal with a table of rows, by its name. */
  readonly dealers: ReadonlyMap<string, DataFeeder>;
  /** What every session is given, whoever it is. */
  readonly common: Pick<SessionOptions, "apis" | "origins" | "policy" | "tools" | "verification">;
}

/**
 * Makes ready what the sessions of a process share.
 * @param notice told of what the user may want to change in the configuration
 * @param place `share` of `workers` parts is the process's own of the data rows
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
  const origins = Object.fromEntries(
    Object.entries(config.targets).map(([name, { baseUrl }]) => [name, baseUrl]),
  );
  const policy = createModelPolicy({
    model,
    modelName: described.name,
    maxCompletionTokens,
    temperature,
    apis,
    instructions,
    decisions,
    notice,
  });
  const verification = new VerificationBudget(
    Object.entries(config.targets).flatMap(([name, { verify }]) => (verify ? [] : [name])),
  );
  return { dealers, common: { apis, origins, policy, tools, verification } };
}
