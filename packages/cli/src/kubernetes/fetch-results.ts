import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT, objectName } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { busAccess } from "@ape/engine/bus/bus-access";
import { fetchRun } from "@ape/engine/bus/run-archive";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { forwardPort } from "@ape/engine/launch/kubernetes/port-forward";
import type { Project } from "@ape/engine/project/project";

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
    if (!hasOwnBus(project.config))
      await fetchFrom(await busAccess(project.config.bus, { url: "", token: "" }, project.directory));
    else {
      const forward = await forwardPort(api, `${objectName(run, "nats")}-0`, NATS_PORT);
      try {
        await fetchFrom({
          url: `nats://127.0.0.1:${forward.port}`,
          token: await tokenOf(api, project, run),
        });
      } finally {
        await forward.close();
      }
    }
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return directory;
}

/** The run's token, from its Secret. */
async function tokenOf(api: KubeApi, { config }: Project, run: string): Promise<string> {
  const name = config.kubernetes.existingSecrets.access ?? objectName(run, "access");
  const data = (await api.get("Secret", name))?.data as { token?: string } | undefined;
  if (data?.token === undefined)
    throw new ApeError("RUN_NOT_FOUND", `the run ${run} has no token in the namespace ${api.namespace}`, {
      hint: "Its objects were deleted, and its results with them.",
    });
  return Buffer.from(data.token, "base64").toString("utf8").trim();
}
