import { parseConfig } from "@ape/core/config/parse";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClusterServer } from "../../../test/cluster-server.ts";
import type { Project } from "../../project/project.ts";
import { KubernetesLauncher } from "./kubernetes-launcher.ts";

let cluster: ClusterServer;
beforeEach(async () => {
  cluster = await ClusterServer.open();
  for (const role of ["gateway", "inference"])
    cluster.add(
      "deployments",
      { metadata: { name: `ape-r-${role}` }, spec: { replicas: 1 } },
      "apis/apps/v1",
    );
  cluster.add("jobs", { metadata: { name: "ape-r-agents" }, spec: {} }, "apis/batch/v1");
});
afterEach(() => cluster.close());

function launcher(startTimeout: string, tell: (line: string) => void = () => undefined): KubernetesLauncher {
  const { config } = parseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://shop:4010" } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
kubernetes: { startTimeout: ${startTimeout} }
`,
    "ape.config.yaml",
    {},
  );
  return new KubernetesLauncher({ config } as Project, {
    api: cluster.client(),
    run: "r",
    token: "t",
    bus: { url: "nats://127.0.0.1:9" },
    gateway: "http://gateway/mcp",
    tell,
  });
}

const addPod = (role: string, status: Record<string, unknown>): void =>
  cluster.add("pods", {
    metadata: { name: `ape-r-${role}-0`, labels: { "ape.run": "r", "ape.role": role } },
    status,
  });

const replicasOf = (role: string): unknown =>
  cluster.objects.get(`/apis/apps/v1/namespaces/team/deployments/ape-r-${role}`)?.spec?.replicas;

test("gateway and proxy that do not come end the start in the words of Kubernetes, and with what was not made", async () => {
  addPod("gateway", {
    phase: "Pending",
    containerStatuses: [
      { name: "gateway", state: { waiting: { reason: "ErrImagePull", message: "not found" } } },
    ],
  });
  const deployment = cluster.objects.get("/apis/apps/v1/namespaces/team/deployments/ape-r-inference");
  if (deployment !== undefined)
    deployment.status = {
      conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: few" }],
    };
  const lines: string[] = [];
  const starting = launcher("1s", (line) => void lines.push(line));
  await expect(starting.prepare()).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: "gateway and inference not ready after 1 s",
    details: ["gateway: ErrImagePull: not found", "inference: exceeded quota: few"],
  });
  expect(lines).toEqual(["waiting for gateway: ErrImagePull: not found"]);
  await starting.close();
});

test("a start that is stopped ends at once, and with it what was started", async () => {
  const stop = new AbortController();
  const starting = launcher("5m");
  const refused = expect(starting.prepare(stop.signal)).rejects.toMatchObject({ code: "INTERRUPTED" });
  await expect.poll(() => cluster.requests.length).toBeGreaterThan(0);
  stop.abort();
  await refused;
  await starting.close();
  expect([replicasOf("gateway"), replicasOf("inference")]).toEqual([0, 0]);
  expect(cluster.objects.get("/apis/batch/v1/namespaces/team/jobs/ape-r-agents")?.spec).toEqual({
    suspend: true,
  });
});
