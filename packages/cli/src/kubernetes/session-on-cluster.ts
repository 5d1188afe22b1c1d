import type { Event } from "@ape/core/protocol/events";
import { openNatsBus } from "@ape/engine/bus/nats";
import { searchSession } from "@ape/engine/bus/session-search";
import type { Io } from "../io.ts";
import { kubernetesProject, locateClusterRun, openCluster } from "./cluster.ts";
import { withRunBus } from "./run-bus.ts";

const ANSWER_MS = 30_000;

/**
 * The events of sessions of a run on Kubernetes, from its message bus: nothing has to be fetched.
 * @param id as of {@link searchSession}
 * @returns undefined if the runs of this folder are not on Kubernetes
 * @throws ApeError RUN_NOT_FOUND, CONTAINERS_FAILED
 */
export async function sessionOnCluster(
  io: Io,
  { runtime, run: wanted }: { runtime?: string | undefined; run?: string | undefined },
  id: string,
): Promise<Map<string, Event[]> | undefined> {
  const project = await kubernetesProject(io, runtime);
  if (project === undefined) return undefined;
  const api = await openCluster(io, project);
  try {
    const { run } = await locateClusterRun(api, { wanted, project });
    return await withRunBus(api, project, run, async (access) => {
      const bus = await openNatsBus({ ...access, run, patienceMs: ANSWER_MS });
      try {
        return await searchSession(bus, id);
      } finally {
        await bus.close();
      }
    });
  } finally {
    await api.close();
  }
}
