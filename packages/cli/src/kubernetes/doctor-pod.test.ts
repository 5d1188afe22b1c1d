import { parseConfig } from "@ape/core/config/parse";
import type { KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { ClusterServer } from "@ape/engine/test/cluster-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DoctorFinding } from "../setup/doctor-finding.ts";
import { judgeFromPod } from "./doctor-pod.ts";

let cluster: ClusterServer;
beforeEach(async () => {
  cluster = await ClusterServer.open();
});
afterEach(() => cluster.close());

const CONFIG = `version: 1
runtime: kubernetes
targets:
  shop: { baseUrl: "http://shop:4010/v1" }
  bank: { baseUrl: "https://bank.example" }
bus: { url: "nats://a.example,tls://b.example:4333" }
kubernetes: { image: "registry.example/ape-test:1", patches: { gateway: { nodeSelector: { pool: load } } } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: "shop: GET /" } }] }]
load: { agents: 3, duration: 1m }
`;

/** The findings of a look whose pod has a status and has written something. */
async function look(
  status: Record<string, unknown>,
  written: (job: KubeObject) => string = () => "",
): Promise<DoctorFinding[]> {
  let log = "";
  cluster.answer = ({ method, path, body }) => {
    if (path.includes("/log")) return { status: 200, body: log };
    if (method !== "PATCH") return undefined;
    const job = body as KubeObject;
    const { labels } = job.metadata;
    cluster.add("pods", { metadata: { name: "x", ...(labels === undefined ? {} : { labels }) }, status });
    log = written(job);
    return undefined;
  };
  const api = cluster.client();
  try {
    const { config } = parseConfig(CONFIG, "ape.config.yaml", {});
    return await judgeFromPod(api, config, { sleep: async () => undefined });
  } finally {
    await api.close();
    // The Job takes its pod along.
    expect(cluster.names.filter((name) => name.startsWith("jobs/"))).toEqual([]);
  }
}

interface PodSpec {
  nodeSelector: object;
  containers: { image: string; args: string[] }[];
}
const specOf = (job: KubeObject): PodSpec => (job.spec as { template: { spec: PodSpec } }).template.spec;

test("a pod of the image says what it reaches: DNS, each target, each server of the message bus", async () => {
  let spec: PodSpec | undefined;
  const findings = await look({ phase: "Succeeded" }, (job) => {
    spec = specOf(job);
    const [, , ...addresses] = spec.containers[0]?.args ?? [];
    const found = addresses.map((name) => ({ name, ok: !name.startsWith("bank"), message: `of ${name}` }));
    return `a warning\n${JSON.stringify(found)}\n`;
  });
  expect(spec).toMatchObject({
    nodeSelector: { pool: "load" },
    containers: [{ image: "registry.example/ape-test:1" }],
  });
  expect(findings).toEqual([
    { name: "image", ok: true, message: "nodes run registry.example/ape-test:1" },
    { name: "DNS of pods", ok: true, message: "from a pod, of kubernetes.default.svc" },
    { name: "target shop", ok: true, message: "from a pod, of shop:4010" },
    { name: "target bank", ok: false, message: "from a pod, of bank.example:443" },
    { name: "message bus nats://a.example", ok: true, message: "from a pod, of a.example:4222" },
    { name: "message bus tls://b.example:4333", ok: true, message: "from a pod, of b.example:4333" },
  ]);
});

test("an image that nodes do not have is reported in their words, without waiting for longer", async () => {
  const waiting = { reason: "ErrImagePull", message: "not found" };
  const status = { phase: "Pending", containerStatuses: [{ name: "gateway", state: { waiting } }] };
  expect(await look(status)).toEqual([
    {
      name: "image",
      ok: false,
      message: "a pod of registry.example/ape-test:1 does not run: doctor: ErrImagePull: not found",
    },
  ]);
});

test("an image of another program is not taken for ours", async () => {
  const state = { terminated: { exitCode: 2, reason: "Error" } };
  const status = { phase: "Failed", containerStatuses: [{ name: "gateway", state }] };
  expect(await look(status, () => "usage: nats-server\n")).toEqual([
    {
      name: "image",
      ok: false,
      message:
        "nodes run registry.example/ape-test:1, which is not the image of this version of ape-test (exit code 2)",
    },
  ]);
});
