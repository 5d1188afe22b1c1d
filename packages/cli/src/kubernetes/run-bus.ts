import { type BusAccess, hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT, objectName } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { busAccess } from "@ape/engine/bus/bus-access";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { pendingReasons, podState } from "@ape/engine/launch/kubernetes/pod-states";
import { forwardPort } from "@ape/engine/launch/kubernetes/port-forward";
import type { Project } from "@ape/engine/project/project";
import { runTokenOf } from "./run-token.ts";

/**
 * Does something with the message bus of a run on Kubernetes: the configured one, or the run's own through a forwarded port.
 * @throws ApeError RUN_NOT_FOUND, FILE_MISSING, CONTAINERS_FAILED if its pod is not there
 */
export async function withRunBus<T>(
  api: KubeApi,
  project: Project,
  run: string,
  act: (bus: BusAccess) => Promise<T>,
): Promise<T> {
  const { config, directory } = project;
  if (!hasOwnBus(config)) return act(await busAccess(config.bus, { url: "", token: "" }, directory));
  const pod = `${objectName(run, "nats")}-0`;
  const object = await api.get("Pod", pod);
  const state = object === undefined ? undefined : podState(object);
  if (state?.isReady !== true)
    throw new ApeError("CONTAINERS_FAILED", `the message bus of run ${run} is not there`, {
      details: state === undefined ? [`there is no pod ${pod}`] : pendingReasons([state]),
      hint: "Its messages and results are in that pod: try again when it is back. With `kubernetes.storage` they survive it; `results.upload` keeps results elsewhere.",
    });
  const forward = await forwardPort(api, pod, NATS_PORT);
  try {
    const url = `nats://127.0.0.1:${forward.port}`;
    return await act({ url, token: await runTokenOf(api, project, run) });
  } finally {
    await forward.close();
  }
}
