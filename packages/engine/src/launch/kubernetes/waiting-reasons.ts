import { objectName } from "@ape/core/config/runtime/run-objects";
import { isJsonObject } from "@ape/core/lib/json";
import type { KubeApi, KubeKind, KubeObject } from "./kube-api.ts";
import { type PodState, pendingReasons } from "./pod-states.ts";

/** What makes the pods of each role. */
const MAKERS: Readonly<Record<string, KubeKind>> = {
  engine: "Job",
  agents: "Job",
  gateway: "Deployment",
  inference: "Deployment",
  nats: "StatefulSet",
  doctor: "Job",
};
/** Warnings about one object that are shown. */
const MOST_WARNINGS = 3;

/**
 * Why pods are not ready, in the words of Kubernetes: those of the pods themselves, of events about them, and, if there are
 * fewer than wanted, of what should make them, as when a quota or a webhook forbids them.
 * @param wanted number of pods by role
 */
export async function waitingReasons(
  api: Pick<KubeApi, "get" | "events">,
  run: string,
  pods: readonly PodState[],
  wanted: Readonly<Record<string, number>>,
): Promise<string[]> {
  const explained = await Promise.all(
    pods.map(async (pod) => {
      if (pod.isReady || pod.reason !== undefined || pod.phase !== "Pending") return pod;
      const [last] = (await warningsAbout(api, pod.name)).slice(-1);
      return last === undefined ? pod : { ...pod, reason: last };
    }),
  );
  const refusals = await Promise.all(
    Object.entries(wanted).map(async ([role, count]) => {
      const made = pods.filter((pod) => pod.role === role && !pod.isLeaving).length;
      if (made >= count) return [];
      return (await refusalsOf(api, run, role)).map((message) => `${role}: ${message}`);
    }),
  );
  return [...pendingReasons(explained), ...refusals.flat()];
}

/** Why pods of a role were not made. */
async function refusalsOf(
  api: Pick<KubeApi, "get" | "events">,
  run: string,
  role: string,
): Promise<string[]> {
  const name = objectName(run, role);
  const kind = MAKERS[role];
  // Events about a Deployment's pods are about its ReplicaSets, whose names are not known.
  if (kind === "Deployment") return replicaFailures(await api.get(kind, name).catch(() => undefined));
  return warningsAbout(api, name);
}

function replicaFailures(deployment: KubeObject | undefined): string[] {
  const conditions = deployment?.status?.conditions;
  if (!Array.isArray(conditions)) return [];
  return conditions.flatMap((condition: unknown) =>
    isJsonObject(condition) && condition.type === "ReplicaFailure" && condition.status === "True"
      ? [String(condition.message)]
      : [],
  );
}

/** The last different warnings about an object. */
async function warningsAbout(api: Pick<KubeApi, "events">, name: string): Promise<string[]> {
  const events = await api.events(name).catch(() => []);
  const messages = events.filter(({ type }) => type === "Warning").map(({ message }) => String(message));
  return [...new Set(messages)].slice(-MOST_WARNINGS);
}
