import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT, objectName } from "@ape/core/config/runtime/run-objects";
import { busAccess } from "@ape/engine/bus/bus-access";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { forwardPort } from "@ape/engine/launch/kubernetes/port-forward";
import type { Project } from "@ape/engine/project/project";
import { runTokenOf } from "./run-token.ts";

/**
 * Does something with the message bus of a run on Kubernetes: the configured one, or the run's own through a forwarded port.
 * @throws ApeError RUN_NOT_FOUND, FILE_MISSING
 */
export async function withRunBus<T>(
  api: KubeApi,
  project: Project,
  run: string,
  act: (bus: BusAccess) => Promise<T>,
): Promise<T> {
  const { config, directory } = project;
  if (!hasOwnBus(config)) return act(await busAccess(config.bus, { url: "", token: "" }, directory));
  const forward = await forwardPort(api, `${objectName(run, "nats")}-0`, NATS_PORT);
  try {
    const url = `nats://127.0.0.1:${forward.port}`;
    return await act({ url, token: await runTokenOf(api, project, run) });
  } finally {
    await forward.close();
  }
}
