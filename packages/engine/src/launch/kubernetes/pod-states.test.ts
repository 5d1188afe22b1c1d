import { expect, test } from "vitest";
import { pendingReasons, podState } from "./pod-states.ts";

const pod = (role: string, status: Record<string, unknown>, more: object = {}) =>
  podState({ metadata: { name: `ape-r-${role}-0`, labels: { "ape.role": role }, ...more }, status });

test("a pod that runs is ready, one that is being deleted leaves", () => {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  expect(pod("gateway", status)).toMatchObject({ role: "gateway", isReady: true, isLeaving: false });
  expect(pod("gateway", status, { deletionTimestamp: "now" }).isLeaving).toBe(true);
});

test("why a pod does not run is said in the words of the scheduler, or of the node", () => {
  const unschedulable = pod("agents", {
    phase: "Pending",
    conditions: [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" },
    ],
  });
  expect(unschedulable.reason).toBe("Unschedulable: 0/3 nodes are available");
  const waiting = (state: object): string | undefined =>
    pod("nats", { phase: "Pending", containerStatuses: [{ state: { waiting: state } }] }).reason;
  expect(waiting({ reason: "ErrImagePull", message: "not found" })).toBe("ErrImagePull: not found");
  expect(waiting({ reason: "ContainerCreating" })).toBeUndefined();
  expect(pod("agents", { phase: "Failed", reason: "Evicted", message: "low on memory" }).reason).toBe(
    "Evicted: low on memory",
  );
});

test("the exit code is that of the container, or of its last one", () => {
  const ended = { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 99 } } }] };
  expect(pod("engine", ended).exitCode).toBe(99);
  const again = { containerStatuses: [{ restartCount: 2, lastState: { terminated: { exitCode: 137 } } }] };
  expect(pod("nats", again)).toMatchObject({ exitCode: 137, restarts: 2 });
  expect(pod("nats", {})).toMatchObject({ phase: "Unknown", isReady: false, restarts: 0 });
});

test("how a container ended is said, and what one wrote that ends again and again", () => {
  const killed = { containerStatuses: [{ state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] };
  expect(pod("engine", killed).ending).toBe("OOMKilled, exit code 137");
  const failed = { containerStatuses: [{ state: { terminated: { exitCode: 1, reason: "Error" } } }] };
  expect(pod("engine", failed).ending).toBe("exit code 1");
  expect(pod("engine", { phase: "Failed", reason: "Evicted" }).ending).toBe("Evicted");
  const looping = {
    phase: "Running",
    containerStatuses: [
      {
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
        lastState: { terminated: { exitCode: 104, message: "error ENV_MISSING: TOKEN is not set\n" } },
      },
    ],
  };
  expect(pod("gateway", looping).reason).toBe(
    "CrashLoopBackOff: back-off 10s: error ENV_MISSING: TOKEN is not set",
  );
});

test("a container that the cluster has added to a pod is not taken for its own", () => {
  const containerStatuses = [
    { name: "a-proxy", state: { terminated: { exitCode: 0 } } },
    { name: "engine", state: { terminated: { exitCode: 99 } } },
  ];
  expect(pod("engine", { phase: "Failed", containerStatuses }).exitCode).toBe(99);
});

test("pods with the same reason are one line; those that are ready or done are none", () => {
  const stuck = pod("agents", { phase: "Pending" });
  const done = pod("agents", { phase: "Succeeded" });
  const ready = pod("gateway", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] });
  expect(pendingReasons([stuck, stuck, done, ready, pod("nats", { phase: "Running" })])).toEqual([
    "2 pods of agents: pending",
    "nats: not ready yet",
  ]);
});
