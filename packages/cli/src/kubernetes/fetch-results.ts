import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BusAccess } from "@ape/core/config/runtime/bus";
import { fetchRun } from "@ape/engine/bus/run-archive";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";
import { withRunBus } from "./run-bus.ts";

/**
 * Brings the results of a run on Kubernetes into the folder's runs, where `report`, `trace` and `page` find them.
 * @returns the run's folder
 * @throws ApeError RUN_NOT_FOUND, CONTAINERS_FAILED
 */
export async function fetchResults(api: KubeApi, project: Project, run: string): Promise<string> {
  const directory = join(project.home, ".ape", "runs", run);
  const half = `${directory}.part`;
  const fetchFrom = async (bus: BusAccess): Promise<void> => {
    await rm(half, { recursive: true, force: true });
    await fetchRun({ ...bus, run }, half);
    await rm(directory, { recursive: true, force: true });
    await rename(half, directory);
  };
  try {
    await withRunBus(api, project, run, fetchFrom);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return directory;
}
