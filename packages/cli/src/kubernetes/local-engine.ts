import { hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT, objectName, ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError } from "@ape/core/lib/errors";
import { busAccess } from "@ape/engine/bus/bus-access";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { KubernetesLauncher } from "@ape/engine/launch/kubernetes/kubernetes-launcher";
import { podState } from "@ape/engine/launch/kubernetes/pod-states";
import { forwardPort, type PortForward } from "@ape/engine/launch/kubernetes/port-forward";
import { followOrders } from "@ape/engine/launch/kubernetes/run-orders";
import type { Project } from "@ape/engine/project/project";
import type { RunHandle } from "@ape/engine/run/progress";
import { newRunId } from "@ape/engine/run/run";
import { ROLE_PORTS } from "@ape/setup/roles/container-roles";
import type { Io } from "../io.ts";
import { ALIVE_MS, aliveNow, openCluster } from "./cluster.ts";
import { deployRun } from "./deploy.ts";
import { runTokenOf } from "./run-token.ts";

/** The engine of this process for agents in a cluster. */
export interface LocalEngine {
  run: string;
  launcher: KubernetesLauncher;
  /** Carries out the orders that other commands give to the run. */
  obey(run: RunHandle): void;
  /** Deletes the run's objects. */
  end(): Promise<void>;
}

/**
 * Makes the objects of a run whose engine is this process, and waits for its gateway, proxy and message bus, which it
 * reaches through forwarded ports. The engine's Job stays suspended: it owns the objects, and shows that the run is active.
 * @throws ApeError CONTAINERS_FAILED with the words of Kubernetes, CONFIG_INVALID, FILE_MISSING, INTERRUPTED
 */
export async function openLocalEngine(
  io: Pick<Io, "env" | "err">,
  project: Project,
  { tell, signal }: { tell: (line: string) => void; signal?: AbortSignal },
): Promise<LocalEngine> {
  const { config, directory } = project;
  const run = newRunId();
  const api = await openCluster(io, project);
  const forwards: PortForward[] = [];
  let unfollow: () => void = () => undefined;
  // `clean` tells the runs of this process from those of one that was killed.
  const alive = setInterval(() => {
    const annotations = aliveNow(api);
    api.patch("Job", objectName(run, "engine"), { metadata: { annotations } }).catch(() => undefined);
  }, ALIVE_MS);
  const forward = async (role: "gateway" | "nats", port: number): Promise<number> => {
    const opened = await forwardPort(api, () => readyPod(api, run, role), port);
    forwards.push(opened);
    return opened.port;
  };
  const end = async (): Promise<void> => {
    clearInterval(alive);
    unfollow();
    for (const one of forwards.splice(0)) await one.close();
    await api.delete("Job", objectName(run, "engine")).catch(() => undefined);
    await api.close();
  };
  try {
    await deployRun(api, project, { run, overrides: {}, hasEngine: false, ...(signal && { signal }) });
    const token = await runTokenOf(api, project, run);
    const own = hasOwnBus(config) ? `nats://127.0.0.1:${await forward("nats", NATS_PORT)}` : "";
    const launcher = new KubernetesLauncher(project, {
      // The launcher closes its own.
      api: await openCluster(io, project),
      run,
      token,
      bus: await busAccess(config.bus, { url: own, token }, directory),
      gateway: `http://127.0.0.1:${await forward("gateway", ROLE_PORTS.gateway)}/mcp`,
      archives: false,
      tell,
    });
    await launcher.prepare(signal).catch(async (thrown: unknown) => {
      await launcher.close();
      throw thrown;
    });
    return {
      run,
      launcher,
      obey: (begun) => {
        unfollow = followOrders(api, run, { run: () => begun, cancel: () => undefined });
      },
      end,
    };
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

/** A pod of a role to which connections can go now: another one after it was replaced. */
async function readyPod(api: KubeApi, run: string, role: string): Promise<string> {
  const pods = (await api.list("Pod", { [RUN_LABEL]: run, [ROLE_LABEL]: role })).map(podState);
  const ready = pods.find((pod) => pod.isReady && !pod.isLeaving);
  if (ready === undefined) throw new ApeError("CONTAINERS_FAILED", `no pod of ${role} is ready`);
  return ready.name;
}
