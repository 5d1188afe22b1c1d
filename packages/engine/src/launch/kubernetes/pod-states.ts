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
  restarts: number;
}

const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The state of a pod. */
export function podState({ metadata, status = {} }: KubeObject): PodState {
  const conditions = list(status.conditions);
  const [container = {}] = list(status.containerStatuses);
  const state = isJsonObject(container.state) ? container.state : {};
  const waiting = isJsonObject(state.waiting) ? state.waiting : undefined;
  const ended = isJsonObject(state.terminated) ? state.terminated : undefined;
  const last = isJsonObject(container.lastState) ? container.lastState.terminated : undefined;
  const unscheduled = conditions.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  const reason =
    unscheduled !== undefined
      ? wordsOf(unscheduled)
      : waiting !== undefined &&
          waiting.reason !== "ContainerCreating" &&
          waiting.reason !== "PodInitializing"
        ? wordsOf(waiting)
        : typeof status.reason === "string"
          ? wordsOf(status)
          : undefined;
  const exitCode = ended?.exitCode ?? (isJsonObject(last) ? last.exitCode : undefined);
  return {
    name: metadata.name,
    role: metadata.labels?.[ROLE_LABEL] ?? "",
    phase: String(status.phase ?? "Unknown"),
    isReady: conditions.some(({ type, status: is }) => type === "Ready" && is === "True"),
    isLeaving: "deletionTimestamp" in metadata,
    restarts: typeof container.restartCount === "number" ? container.restartCount : 0,
    ...(reason === undefined ? {} : { reason }),
    ...(typeof exitCode === "number" ? { exitCode } : {}),
  };
}

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
    const text = `${role}: ${reason ?? phase.toLowerCase()}`;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  return Array.from(reasons, ([text, count]) => (count === 1 ? text : `${count} pods of ${text}`));
}
