import { ROLE_LABEL } from "@ape/core/config/runtime/run-objects";
import { isJsonObject } from "@ape/core/lib/json";
import type { KubeObject } from "./kube-api.ts";

/** State of one pod, in the words of Kubernetes. */
export interface PodState {
  name: string;
  role: string;
  phase: string;
  isReady: boolean;
  /** Whether it is being deleted. */
  isLeaving: boolean;
  /** Why it does not run: of the scheduler, or of the node. */
  reason?: string;
  /** Exit code of its container, if that has ended. */
  exitCode?: number;
  /** How its container ended, if it did: `OOMKilled, exit code 137`. */
  ending?: string;
  restarts: number;
}

const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The state of a pod. Its own container is the one with the name of its role: clusters add others. */
export function podState({ metadata, status = {} }: KubeObject): PodState {
  const role = metadata.labels?.[ROLE_LABEL] ?? "";
  const conditions = list(status.conditions);
  const containers = list(status.containerStatuses);
  const container = containers.find(({ name }) => name === role) ?? containers[0] ?? {};
  const state = isJsonObject(container.state) ? container.state : {};
  const last = isJsonObject(container.lastState) ? container.lastState.terminated : undefined;
  const ended = [state.terminated, last].find(isJsonObject);
  const reason = reasonOf(status, conditions, state, ended);
  const { exitCode } = ended ?? {};
  const ending = [status.reason, ended?.reason === "Error" ? undefined : ended?.reason]
    .filter((part) => typeof part === "string")
    .concat(typeof exitCode === "number" ? `exit code ${exitCode}` : [])
    .join(", ");
  return {
    name: metadata.name,
    role,
    phase: String(status.phase ?? "Unknown"),
    isReady: conditions.some(({ type, status: is }) => type === "Ready" && is === "True"),
    isLeaving: "deletionTimestamp" in metadata,
    restarts: typeof container.restartCount === "number" ? container.restartCount : 0,
    ...(reason === undefined ? {} : { reason }),
    ...(typeof exitCode === "number" ? { exitCode } : {}),
    ...(ending === "" ? {} : { ending }),
  };
}

/** Waiting that every pod does for a moment. */
const USUAL: readonly unknown[] = ["ContainerCreating", "PodInitializing"];

/** Why a pod does not run: of the scheduler, of the node, or what its container wrote before it ended. */
function reasonOf(
  status: Record<string, unknown>,
  conditions: readonly Record<string, unknown>[],
  { waiting }: Record<string, unknown>,
  ended: Record<string, unknown> | undefined,
): string | undefined {
  const unscheduled = conditions.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  if (unscheduled !== undefined) return wordsOf(unscheduled);
  if (isJsonObject(waiting) && !USUAL.includes(waiting.reason)) {
    const written = typeof ended?.message === "string" ? ended.message.trim().slice(-LAST_WORDS) : "";
    return written === "" ? wordsOf(waiting) : `${wordsOf(waiting)}: ${written}`;
  }
  return typeof status.reason === "string" ? wordsOf(status) : undefined;
}

/** Characters of what a container wrote last that are shown. */
const LAST_WORDS = 500;

/** `Unschedulable: 0/3 nodes are available`. */
function wordsOf({ reason, message }: Record<string, unknown>): string {
  const words = [reason, message].filter((part): part is string => typeof part === "string" && part !== "");
  return words.join(": ").slice(0, 500);
}

/** Why pods are not there, each reason once, with the number of pods that have it. */
export function pendingReasons(pods: readonly PodState[]): string[] {
  const reasons = new Map<string, number>();
  for (const { role, phase, reason, isReady } of pods) {
    if (isReady || phase === "Succeeded") continue;
    const text = `${role}: ${reason ?? (phase === "Running" ? "not ready yet" : phase.toLowerCase())}`;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  return Array.from(reasons, ([text, count]) => (count === 1 ? text : `${count} pods of ${text}`));
}
