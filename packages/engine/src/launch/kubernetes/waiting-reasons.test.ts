import { expect, test } from "vitest";
import type { KubeObject } from "./kube-api.ts";
import { podState } from "./pod-states.ts";
import { waitingReasons } from "./waiting-reasons.ts";

const pod = (role: string, name: string, status: Record<string, unknown> = { phase: "Pending" }) =>
  podState({ metadata: { name, labels: { "ape.role": role } }, status });

const warning = (message: string): KubeObject => ({ metadata: { name: "e" }, type: "Warning", message });

/** A cluster with events and Deployments by name. */
const clusterOf = (events: Record<string, KubeObject[]>, deployments: Record<string, KubeObject> = {}) => ({
  events: async (name: string) => events[name] ?? [],
  get: async (_kind: string, name: string) => deployments[name],
});

test("a pod without words of its own has those of the last warning about it", async () => {
  const api = clusterOf({ p: [warning("old"), warning('secret "keys" not found')] });
  expect(await waitingReasons(api, "r", [pod("gateway", "p")], {})).toEqual([
    'gateway: secret "keys" not found',
  ]);
  const said = pod("gateway", "p", {
    phase: "Pending",
    containerStatuses: [{ state: { waiting: { reason: "ErrImagePull" } } }],
  });
  expect(await waitingReasons(api, "r", [said], {})).toEqual(["gateway: ErrImagePull"]);
});

test("pods that were not made have the words of what should make them, each once", async () => {
  const refused = { type: "ReplicaFailure", status: "True", message: "admission webhook denied the request" };
  const api = clusterOf(
    { "ape-r-nats": [warning("exceeded quota: few"), warning("exceeded quota: few")] },
    { "ape-r-gateway": { metadata: { name: "ape-r-gateway" }, status: { conditions: [refused] } } },
  );
  expect(await waitingReasons(api, "r", [], { gateway: 1, nats: 1, inference: 1 })).toEqual([
    "gateway: admission webhook denied the request",
    "nats: exceeded quota: few",
  ]);
  const made = [pod("nats", "n", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] })];
  expect(await waitingReasons(api, "r", made, { nats: 1 })).toEqual([]);
});

test("events that may not be read are no reason to fail", async () => {
  const api = {
    events: () => Promise.reject(new Error("forbidden")),
    get: () => Promise.reject(new Error("no")),
  };
  expect(await waitingReasons(api, "r", [pod("nats", "n")], { gateway: 1, agents: 2 })).toEqual([
    "nats: pending",
  ]);
});
