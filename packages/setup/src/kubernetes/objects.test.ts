import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kubernetesGenerator } from "./generator.ts";
import { type KubernetesObject, mergePatch } from "./kubernetes-object.ts";
import { kubernetesObjects, type RunObjectsInput } from "./objects.ts";
import { readProjectFiles } from "./project-files.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-kubernetes-"));
  await writeFile(join(directory, "openapi.yaml"), 'openapi: 3.1.0\n# $ref: "./parts.yaml#/a"\n');
  await writeFile(join(directory, "parts.yaml"), "a: {}\n");
  await writeFile(join(directory, "accounts.csv"), "email\na@b.c\n");
  await writeFile(join(directory, "key.bin"), Buffer.of(0xff, 0xfe, 0x00));
});
afterEach(() => rm(directory, { recursive: true }));

const configOf = (kubernetes = "{}", more = "") =>
  parseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://shop:4010", spec: ./openapi.yaml, auth: { bearer: "\${SHOP_TOKEN}" }, tls: { key: ./key.bin } } }
inference: { provider: cerebras, apiKey: "\${CEREBRAS_API_KEY}" }
goals: [{ name: look, prompt: "Look. ***", data: { file: ./accounts.csv }, success: [{ action: { operation: GET / } }] }]
load: { agents: 1000 }
kubernetes: ${kubernetes}
${more}`,
    "ape.config.yaml",
    { SHOP_TOKEN: "very-secret-shop", CEREBRAS_API_KEY: "csk-very-secret" },
  );

async function objectsOf(
  kubernetes?: string,
  more?: string,
  input: Partial<RunObjectsInput> = {},
): Promise<KubernetesObject[]> {
  const { config, written } = configOf(kubernetes, more);
  const project = await readProjectFiles(config, written, directory);
  return kubernetesObjects({ run: "r1", config, project, ...input });
}

interface Pod {
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  securityContext: Record<string, unknown>;
  nodeSelector?: object;
  imagePullSecrets?: object;
  containers: {
    name: string;
    args: string[];
    env: { name: string; value: string }[];
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    securityContext: object;
  }[];
  volumes: { name: string; projected?: { sources: Record<string, { name: string }>[] } }[];
}

/** The pod template of an object, if it has one. */
const podOf = (object: KubernetesObject | undefined): Pod =>
  (object as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec;
const find = (
  objects: readonly KubernetesObject[],
  kind: string,
  part: string,
): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === `ape-r1-${part}`);
const WITH_PODS = ["Job", "Deployment", "StatefulSet"];

test("a run has one object of each name, with the run in its name and labels; the engine's Job is the first", async () => {
  const objects = await objectsOf();
  const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toBe("Job ape-r1-engine");
  for (const { metadata } of objects) {
    expect(metadata.name).toMatch(/^ape-r1-[a-z-]+$/);
    expect(metadata.labels).toMatchObject({ "ape.run": "r1", "app.kubernetes.io/managed-by": "ape-test" });
    expect(metadata).not.toHaveProperty("namespace");
  }
  const kinds = new Set(objects.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual([
    "ConfigMap",
    "Deployment",
    "Job",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Service",
    "ServiceAccount",
    "StatefulSet",
  ]);
});

test("every pod meets Pod Security restricted, has bounds of memory, none of CPU, and no token but the engine's", async () => {
  const objects = (await objectsOf()).filter(({ kind }) => WITH_PODS.includes(kind));
  expect(objects).toHaveLength(5);
  for (const object of objects) {
    const pod = podOf(object);
    const isEngine = object.metadata.name === "ape-r1-engine";
    expect(pod).toMatchObject({ automountServiceAccountToken: isEngine, enableServiceLinks: false });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(Object.keys(resources.limits)).toEqual(["memory"]);
      expect(resources.requests).toEqual({
        cpu: expect.stringMatching(/^\d+m$/) as string,
        memory: expect.stringMatching(/^\d+Mi$/) as string,
      });
    }
  }
});

test("the agents are an Indexed Job of as many pods as the agents need, which replaces those that were drained", async () => {
  const objects = await objectsOf();
  expect(find(objects, "Job", "agents")?.spec).toMatchObject({
    completionMode: "Indexed",
    parallelism: 4,
    completions: 4,
    podFailurePolicy: {
      rules: [
        { action: "Ignore", onExitCodes: { operator: "In", values: [75] } },
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
      ],
    },
  });
  const few = await objectsOf("{}", "compose: { agentsPerContainer: 10 }");
  expect(find(few, "Job", "agents")?.spec).toMatchObject({ parallelism: 100 });
  expect(podOf(find(few, "Job", "agents")).containers[0]?.resources.requests.cpu).toBe("50m");
  expect(podOf(find(objects, "Job", "agents")).containers[0]?.resources.requests.cpu).toBe("250m");
});

test("each of several gateways and proxies knows their number, by which limits of the whole run are divided", async () => {
  const objects = await objectsOf("{ replicas: { gateway: 4 } }");
  const replicasOf = (part: string) => {
    const deployment = find(objects, "Deployment", part) as unknown as { spec: { replicas: number } };
    const env = podOf(find(objects, "Deployment", part)).containers[0]?.env ?? [];
    return { pods: deployment.spec.replicas, env: env.find(({ name }) => name === "APE_REPLICAS") };
  };
  expect(replicasOf("gateway")).toEqual({ pods: 4, env: { name: "APE_REPLICAS", value: "4" } });
  expect(replicasOf("inference")).toEqual({ pods: 1, env: undefined });
});

test("each role has its own files and secrets, and values of variables are in none of the other objects", async () => {
  const secrets = {
    access: { token: "t-run" },
    gateway: { "variables.json": "{}" },
    inference: { "variables.json": "{}" },
  };
  const objects = await objectsOf("{}", "", { secrets });
  const sources = (kind: string, part: string): string[] =>
    podOf(find(objects, kind, part)).volumes.flatMap(({ projected }) =>
      (projected?.sources ?? []).map((source) => Object.values(source)[0]?.name ?? ""),
    );
  expect(sources("Job", "agents")).toEqual(["ape-r1-access", "ape-r1-bus"]);
  expect(sources("Deployment", "gateway")).toEqual(["ape-r1-access", "ape-r1-gateway"]);
  expect(sources("Deployment", "inference")).toEqual(["ape-r1-access", "ape-r1-bus", "ape-r1-inference"]);
  const filesOf = (part: string): string[] =>
    Object.keys((find(objects, "ConfigMap", `${part}-files`)?.data ?? {}) as object).sort();
  expect(filesOf("agents")).toEqual(["accounts.csv"]);
  expect(filesOf("gateway")).toEqual(["ape.mcp-gateway.json", "openapi.yaml", "parts.yaml"]);
  expect(find(objects, "ConfigMap", "gateway-files")?.binaryData).toEqual({ "key.bin": "//4A" });
  expect(filesOf("inference")).toEqual(["ape.config.yaml"]);
  expect(filesOf("engine")).toEqual(["accounts.csv", "ape.config.yaml", "openapi.yaml", "parts.yaml"]);
  expect(JSON.stringify(objects)).not.toContain("very-secret");
  expect(JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"))).not.toContain("t-run");
});

test("the user's own secrets, images, pull secrets and patches of pods are used", async () => {
  const objects = await objectsOf(
    `{ image: registry.example/ape:1, natsImage: registry.example/nats:2, imagePullSecrets: [pull],
       existingSecrets: { access: own-access, gateway: own-gateway },
       patches: { agents: { nodeSelector: { pool: load }, securityContext: { fsGroup: null } } } }`,
  );
  const agents = podOf(find(objects, "Job", "agents"));
  expect(agents.nodeSelector).toEqual({ pool: "load" });
  expect(agents.securityContext).not.toHaveProperty("fsGroup");
  expect(agents.securityContext).toMatchObject({ runAsNonRoot: true });
  for (const object of objects.filter(({ kind }) => WITH_PODS.includes(kind)))
    expect(podOf(object).imagePullSecrets).toEqual([{ name: "pull" }]);
  const text = JSON.stringify(objects);
  expect(text).toContain("own-gateway");
  expect(text).not.toMatch(/"ape-r1-access"|"ape-r1-gateway","items/);
  expect(text).toContain("registry.example/nats:2");
});

test("an existing NATS replaces the run's own; its address is in a Secret", async () => {
  const bus = 'bus: { url: "tls://nats.example:4223", credentials: { token: "${NATS_TOKEN:-x}" } }';
  const objects = await objectsOf("{}", bus);
  expect(objects.filter(({ kind }) => kind === "StatefulSet")).toEqual([]);
  expect(find(objects, "ConfigMap", "bus")).toBeUndefined();
  const agents = find(objects, "NetworkPolicy", "agents")?.spec as { egress: object[] };
  expect(agents.egress).toContainEqual({ ports: [{ protocol: "TCP", port: 4223 }] });
  expect(JSON.stringify(podOf(find(objects, "Job", "agents")).volumes)).toContain(
    '"secret":{"name":"ape-r1-bus"',
  );
});

test("messages are kept on a volume only if its size is given", async () => {
  const claims = async (kubernetes: string): Promise<unknown> =>
    (find(await objectsOf(kubernetes), "StatefulSet", "nats") as unknown as { spec: Record<string, unknown> })
      .spec.volumeClaimTemplates;
  expect(await claims("{}")).toBeUndefined();
  expect(await claims("{ storage: 10Gi, storageClass: fast }")).toMatchObject([
    {
      spec: {
        accessModes: ["ReadWriteOncePod"],
        storageClassName: "fast",
        resources: { requests: { storage: "10Gi" } },
      },
    },
  ]);
});

test("agents reach the gateway, the proxy, the message bus and names; nobody reaches agents and the engine", async () => {
  const objects = await objectsOf();
  const policy = (part: string) =>
    find(objects, "NetworkPolicy", part)?.spec as { ingress: object[]; egress: object[] };
  const reached = JSON.stringify(policy("agents").egress);
  for (const role of ["gateway", "inference", "nats"]) expect(reached).toContain(`"ape.role":"${role}"`);
  expect(policy("agents").egress).toHaveLength(4);
  expect(policy("agents").ingress).toEqual([]);
  expect(policy("engine").ingress).toEqual([]);
  expect(policy("nats").egress).toEqual([]);
  expect(JSON.stringify(policy("nats").ingress)).not.toContain("gateway");
  const none = await objectsOf("{ networkPolicies: false }");
  expect(none.filter(({ kind }) => kind === "NetworkPolicy")).toEqual([]);
});

test("a PodMonitor is made only on request, and opens the way to the figures", async () => {
  const objects = await objectsOf("{ podMonitor: true }");
  expect(objects.filter(({ kind }) => kind === "PodMonitor")).toHaveLength(1);
  expect(find(objects, "NetworkPolicy", "agents")?.spec).toMatchObject({
    ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9464 }] }],
  });
});

test("the engine may only change what is its run's own", async () => {
  const rules = find(await objectsOf(), "Role", "engine")?.rules as {
    verbs: string[];
    resourceNames?: string[];
  }[];
  for (const { verbs, resourceNames } of rules)
    if (verbs.some((verb) => !["get", "list"].includes(verb)))
      for (const name of resourceNames ?? [""]) expect(name).toMatch(/^ape-r1-/);
  expect(JSON.stringify(rules)).not.toMatch(/secrets|\*/);
});

test("generated objects are a pure function of the configuration, without secrets, and say which to make", async () => {
  const { config, written } = configOf();
  const input = { config, written, directory, templates: "", named: true };
  const [file] = await kubernetesGenerator.files(input);
  expect(await kubernetesGenerator.files(input)).toEqual([file]);
  expect(file?.text).not.toContain("very-secret");
  const names = parseAllDocuments(file?.text ?? "").map(
    (document) => (document.toJS() as KubernetesObject).metadata.name,
  );
  expect(names).toContain("ape-manual-engine");
  const elsewhere = configOf("{ namespace: load }");
  const [other] = await kubernetesGenerator.files({ ...input, ...elsewhere });
  expect(other?.text).toContain("kubectl --namespace load apply --server-side");
  expect(other?.text.match(/kubectl (?!--namespace load)/g)).toBeNull();
  expect(file?.text).toMatch(/secret generic ape-manual-gateway .*SHOP_TOKEN/);
  expect(file?.text).toMatch(/secret generic ape-manual-engine .*SHOP_TOKEN, CEREBRAS_API_KEY/);
  expect(await kubernetesGenerator.files({ ...input, named: false })).toEqual([]);
});

test("a configuration with a secret in it, and a file from outside are refused", async () => {
  const read = (text: string) => {
    const { config, written } = parseConfig(
      `version: 1
targets: { shop: { baseUrl: "http://shop:4010" } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
${text}`,
      "x",
      {},
    );
    return readProjectFiles(config, written, directory);
  };
  await expect(read("inference: { provider: cerebras, apiKey: csk-literal-key }")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("holds a secret") as string,
  });
  await expect(read("inference: { instructions: ../outside.md }")).rejects.toMatchObject({
    code: "FILE_MISSING",
  });
});

test("files beyond one ConfigMap are in several, from which the role unpacks them", async () => {
  await writeFile(join(directory, "accounts.csv"), randomBytes(1_200 * 1024).toString("base64"));
  const objects = await objectsOf();
  const maps = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && /agents-files/.test(metadata.name),
  );
  expect(maps.map(({ metadata }) => metadata.name)).toEqual(
    maps.map((_, index) => `ape-r1-agents-files-${index}`),
  );
  expect(maps.length).toBeGreaterThan(1);
  const job = find(objects, "Job", "agents") as unknown as { spec: { template: { spec: Pod } } };
  const { template } = job.spec;
  const [container] = template.spec.containers;
  expect(container?.env).toContainEqual({ name: "APE_PACKED_FILES", value: "/run/ape-files" });
  const parts = template.spec.volumes.find(({ name }) => name === "parts");
  expect(parts?.projected?.sources.map(({ configMap }) => configMap?.name)).toEqual(
    maps.map(({ metadata }) => metadata.name),
  );
  // The proxy's are small.
  expect(objects.map(({ metadata }) => metadata.name)).toContain("ape-r1-inference-files");
});

test("lists of named objects, such as containers, are merged by name", async () => {
  const objects = await objectsOf(
    "{ patches: { engine: { containers: [{ name: engine, resources: { limits: { memory: 4Gi } } }, { name: extra, image: x }] } } }",
  );
  const [engine, extra] = podOf(find(objects, "Job", "engine")).containers;
  expect(engine).toMatchObject({ args: ["serve", "engine"], resources: { limits: { memory: "4Gi" } } });
  expect(engine?.resources.requests).toEqual({ cpu: "250m", memory: "384Mi" });
  expect(extra).toEqual({ name: "extra", image: "x" });
});

test("a merge patch is RFC 7396's", () => {
  const target = { a: "b", c: { d: "e", f: "g" }, h: [1] };
  expect(mergePatch(target, { a: "z", c: { f: null } })).toEqual({ a: "z", c: { d: "e" }, h: [1] });
  expect(mergePatch(target, { h: [{ i: null }] })).toMatchObject({ h: [{ i: null }] });
  expect(mergePatch({ a: [{ name: "x", b: 1 }] }, { a: [] })).toEqual({ a: [] });
  expect(mergePatch({ a: "foo" }, "bar")).toBe("bar");
  expect(mergePatch(undefined, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.integer()),
      fc.dictionary(fc.string(), fc.integer()),
      (a, b) => {
        expect(mergePatch(a, b)).toEqual({ ...a, ...b });
      },
    ),
  );
});

test("files with long names, of other letters and with leading dots have keys and places of their own", async () => {
  const files = [
    `${"商".repeat(60)}.csv`,
    `${"商".repeat(61)}.csv`,
    "..accounts.csv",
    `${"a/".repeat(90)}x.csv`,
  ];
  const engine = new Map(files.map((file) => [file, new TextEncoder().encode(file)]));
  const { config, written } = configOf();
  const project = await readProjectFiles(config, written, directory);
  const objects = kubernetesObjects({
    run: "r1",
    config,
    project: { ...project, files: { ...project.files, engine } },
  });
  const data = objects.find(({ metadata }) => metadata.name === "ape-r1-engine-files")?.data as object;
  expect(Object.values(data)).toEqual(files);
  for (const key of Object.keys(data)) expect(key).toMatch(/^(?!\.\.)[-._a-zA-Z0-9]{1,253}$/);
});
