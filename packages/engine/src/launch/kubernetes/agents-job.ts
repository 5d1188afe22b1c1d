import { ApeError } from "@ape/core/lib/errors";
import type { KubeObject } from "./kube-api.ts";

/**
 * How the agents' Job differs from what the engine has made of it: `gone` if it was deleted, `changed` if another client
 * has changed its size or suspended it.
 * @param pods number of pods that the engine last gave it
 */
export function agentsJobState(job: KubeObject | undefined, pods: number): "as given" | "changed" | "gone" {
  if (job === undefined || "deletionTimestamp" in job.metadata) return "gone";
  const { parallelism, suspend } = job.spec ?? {};
  return parallelism === pods && suspend !== true ? "as given" : "changed";
}

/** The error of a run whose agents' Job was deleted: they do not come back. */
export function agentsDeleted(run: string): ApeError {
  return new ApeError("CONTAINERS_FAILED", `the Job of the agents of run ${run} was deleted`, {
    hint: "`ape-test scale` changes the number of agents, and `ape-test stop` ends a run.",
  });
}
