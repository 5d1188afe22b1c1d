import { nearest } from "@ape/core/config/issue";
import { POD_ROLES } from "@ape/core/config/runtime/kubernetes";
import { objectName, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { type PodState, podState } from "@ape/engine/launch/kubernetes/pod-states";
import { giveOrder, ordersOf, type RunOrders } from "@ape/engine/launch/kubernetes/run-orders";
import type { Io } from "../io.ts";
import { usableColumns } from "../output/live.ts";
import { printable } from "../output/printable.ts";
import { progressBlock } from "../output/progress.ts";
import { colours } from "../output/style.ts";
import {
  type ClusterRun,
  kubernetesProject,
  leftRun,
  locateClusterRun,
  openCluster,
  type WantedRun,
} from "./cluster.ts";
import { type EngineLine, engineLine } from "./engine-log.ts";
import { enginePodOf, followRun } from "./follow.ts";

/** Lines of the engine's log in which the last progress is. */
const LAST_LINES = 20;

/** The run that a command line names. */
export interface CommandRun extends Pick<WantedRun, "wanted" | "isChanged"> {
  /** Where the command line says that runs are. */
  runtime?: string | undefined;
}

/**
 * Does something with a run on Kubernetes, if runs of this folder are there.
 * @param act gets the cluster and the run that is wanted
 * @returns whether it was such a run
 */
async function withClusterRun(
  io: Io,
  { runtime, wanted, isChanged = false }: CommandRun,
  act: (api: KubeApi, run: ClusterRun) => Promise<void>,
): Promise<boolean> {
  const project = await kubernetesProject(io, runtime);
  if (project === undefined) return false;
  const api = await openCluster(io, project);
  try {
    await act(api, await locateClusterRun(api, { wanted, project, isChanged }));
  } finally {
    await api.close();
  }
  return true;
}

/** Gives an order to a run that is active. @throws ApeError RUN_NOT_ACTIVE if it is not, or ends already */
async function orderRun(api: KubeApi, cluster: ClusterRun, orders: RunOrders): Promise<void> {
  const { run, isActive, isLeft } = cluster;
  if (isLeft === true) throw leftRun(run);
  if (!isActive)
    throw new ApeError("RUN_NOT_ACTIVE", `run ${run} has ended`, {
      hint: `Bring its results with \`ape-test fetch ${run}\`.`,
    });
  if (orders.agents !== undefined && (await isEnding(api, run)))
    throw new ApeError("RUN_NOT_ACTIVE", `run ${run} is ending: no more agents start`, {
      hint: `See \`ape-test status ${run}\`.`,
    });
  await giveOrder(api, run, orders);
}

/** Whether a run lets its last sessions end. */
async function isEnding(api: KubeApi, run: string): Promise<boolean> {
  if ((await ordersOf(api, run)).stop !== undefined) return true;
  const { last } = await lastLines(api, run);
  return last !== undefined && "progress" in last && !["starting", "running"].includes(last.progress.phase);
}

/** The last progress or summary that a run's engine has written, and its last words. */
async function lastLines(api: KubeApi, run: string): Promise<{ last?: Figures; words: string[] }> {
  const pod = await enginePodOf(api, run);
  const words: string[] = [];
  let last: Figures | undefined;
  if (pod !== undefined && pod.phase !== "Pending")
    try {
      for await (const line of api.log(pod.name, { tailLines: LAST_LINES })) {
        const read = engineLine(line);
        if ("words" in read) words.push(read.words);
        else if (!("version" in read)) last = read;
      }
    } catch (thrown) {
      // A container that does not run yet, or a node that is away: what else is known is shown.
      words.push(messageOf(thrown));
    }
  return { words, ...(last === undefined ? {} : { last }) };
}

type Figures = Exclude<EngineLine, { words: string } | { version: string }>;

/** Shows how a run is doing: its last progress, and its pods. */
async function showClusterRun(
  api: KubeApi,
  { run, isActive, isLeft, withoutEngine }: ClusterRun,
  io: Io,
  { json, watch }: { json?: boolean; watch?: boolean },
): Promise<void> {
  if (isLeft === true) throw leftRun(run);
  if (watch === true && isActive && withoutEngine === undefined) {
    await watchClusterRun(api, run, io, json === true);
    return;
  }
  const { last, words } = await lastLines(api, run);
  if (json === true) {
    const shown = last === undefined ? { run, isActive } : "progress" in last ? last.progress : last;
    io.out.write(`${JSON.stringify(shown)}\n`);
    return;
  }
  io.out.write(`run ${run} in the namespace ${api.namespace}${isActive ? "" : " has ended"}\n`);
  if (withoutEngine !== undefined) io.out.write(`${withoutEngine}\n`);
  if (last !== undefined && "progress" in last)
    for (const { text } of progressBlock(
      last.progress,
      colours(io.out, io.env),
      usableColumns(io.out.columns),
    ))
      io.out.write(`${text}\n`);
  if (last !== undefined && "summary" in last)
    io.out.write(`${last.summary.run.status}: ${printable(last.summary.run.reason)}\n`);
  if (last === undefined) for (const line of words) io.out.write(`${printable(line)}\n`);
  for (const line of podLines((await api.list("Pod", { [RUN_LABEL]: run })).map(podState)))
    io.out.write(`${line}\n`);
}

/** Shows a run to its end. @throws ApeError CONTAINERS_FAILED if it ended without a verdict, or cannot be followed */
async function watchClusterRun(api: KubeApi, run: string, io: Io, json: boolean): Promise<void> {
  const { summary, failure } = await followRun(api, run, io, {
    isWatching: true,
    ...(json ? { json: "stream" } : {}),
  });
  if (failure !== undefined) throw failure;
  if (json) return;
  const how = summary === undefined ? "" : `: ${summary.run.status}, ${printable(summary.run.reason)}`;
  io.err.write(`the run has ended${how}: see \`ape-test fetch ${run}\`\n`);
}

/** One line for each role with the number of its pods in each state: `agents     3 ready, 1 pending (Unschedulable: ...)`. */
function podLines(pods: readonly PodState[]): string[] {
  const roles = new Map<string, Map<string, number>>();
  for (const { role, phase, isReady, isLeaving, reason } of pods) {
    const states = roles.get(role) ?? new Map<string, number>();
    const how = isLeaving ? "leaving" : isReady ? "ready" : phase.toLowerCase();
    const state = reason === undefined ? how : `${how} (${reason})`;
    states.set(state, (states.get(state) ?? 0) + 1);
    roles.set(role, states);
  }
  return [...roles]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([role, states]) =>
        `${role.padEnd(10)} ${printable(Array.from(states, ([how, many]) => `${many} ${how}`).join(", "))}`,
    );
}

/** Writes what the pods of a role wrote themselves. */
async function showPodLogs(
  api: KubeApi,
  { run }: ClusterRun,
  io: Io,
  {
    role,
    tail,
    follow,
  }: { role?: string | undefined; tail?: number | undefined; follow?: boolean | undefined },
): Promise<void> {
  if (role !== undefined && !POD_ROLES.some((one) => one === role)) {
    const near = nearest(role, POD_ROLES);
    throw new ApeError("USAGE", `no pods have the role "${role}"`, {
      hint: `${near === undefined ? "" : `Did you mean "${near}"? `}The roles are ${POD_ROLES.join(", ")}.`,
    });
  }
  const pods = (await api.list("Pod", { [RUN_LABEL]: run }))
    .map(podState)
    .filter((pod) => (role === undefined || pod.role === role) && pod.phase !== "Pending");
  await Promise.all(
    pods.map(async ({ name }) => {
      const options = { follow: follow === true, ...(tail === undefined ? {} : { tailLines: tail }) };
      for await (const line of api.log(name, options)) {
        if (io.out.closed) return;
        io.out.write(`${name.slice(objectName(run, "").length)} ${printable(line)}\n`);
      }
    }),
  );
}

/** What commands do with a run on Kubernetes. */
export const clusterCommands = { orderRun, showClusterRun, showPodLogs, withClusterRun } as const;
