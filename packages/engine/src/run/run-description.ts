import { checkLabels } from "@ape/agent/oracle/check";
import type { Runtime } from "@ape/core/config/schema";
import { maskConfiguration } from "@ape/core/config/secrets/mask-configuration";
import { writtenSecrets } from "@ape/core/config/secrets/written-secrets";
import type { GoalProof } from "@ape/core/report/summary";
import type { EngineGateway } from "../launch/launcher.ts";
import type { Project } from "../project/project.ts";
import { proofOfGoal } from "../project/unproven-goals.ts";
import type { Manifest } from "../store/manifest.ts";
import type { LoadPlan } from "./plan.ts";
import { describeWorkload } from "./workload-description.ts";

/** The description of a run in its folder. */
export function describeRun(
  { config, configFile, written }: Project,
  { durationMs, sessions, peak }: LoadPlan,
  run: {
    id: string;
    seed: number;
    runtime: Runtime;
    version: string;
    model: Manifest["model"];
    workers: number;
  },
): Manifest {
  const { id, seed, runtime, version, model, workers } = run;
  return {
    schema: 1,
    id,
    startedAt: new Date().toISOString(),
    seed,
    runtime,
    versions: { ape: version, node: process.versions.node },
    model,
    agents: peak,
    workers,
    ...(durationMs === undefined ? {} : { plannedMs: durationMs }),
    ...(sessions === undefined ? {} : { plannedSessions: sessions }),
    thresholds: config.thresholds,
    arrivals: config.load.arrivals !== undefined,
    keep: config.events.keep,
    behaviour: describeWorkload(config),
    goals: config.goals.map((goal) => ({ name: goal.name, checks: checkLabels(goal) })),
    configFile,
    written: maskConfiguration(written, writtenSecrets(config)),
  };
}

/** The description of a run with what the checks of each goal prove; secrets in a goal's words are masked. */
export function withProofs(
  manifest: Manifest,
  { config, secrets: known }: Pick<Project, "config" | "secrets">,
  gateway: Pick<EngineGateway, "describe">,
): Manifest {
  const apis = Object.keys(config.targets).map((target) => gateway.describe(target));
  const secrets = [...known, ...writtenSecrets(config)];
  const goals = manifest.goals.map((described) => {
    const goal = config.goals.find(({ name }) => name === described.name);
    const proof = goal && proofOfGoal(goal, apis);
    return proof === undefined
      ? described
      : { ...described, proof: maskConfiguration(proof, secrets) as GoalProof };
  });
  return { ...manifest, goals };
}
