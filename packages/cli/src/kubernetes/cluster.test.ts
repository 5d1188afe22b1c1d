import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { loadProject, type Project } from "@ape/engine/project/project";
import { ClusterServer } from "@ape/engine/test/cluster-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sampleProgress, type TestIo, testIo } from "../../test/test-io.ts";
import { runProgram } from "../program.ts";
import { deleteObjects, findLeftObjects } from "./clean-cluster.ts";
import { deployRun } from "./deploy.ts";
import { engineGreeting } from "./engine-log.ts";

let cluster: ClusterServer;
let folder = "";
beforeEach(async () => {
  cluster = await ClusterServer.open();
  folder = await mkdtemp(join(tmpdir(), "ape-cluster-"));
  await writeFile(
    join(folder, "ape.config.yaml"),
    `version: 1
runtime: kubernetes
targets: { shop: { baseUrl: "http://shop:4010", auth: { bearer: "\${SHOP_TOKEN}" } } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
load: { agents: 30, duration: 1m }
compose: { agentsPerContainer: 10 }
`,
  );
  await writeFile(
    join(folder, "kubeconfig"),
    `current-context: c
clusters: [{ name: k, cluster: { server: "${cluster.url}" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: c, context: { cluster: k, user: u, namespace: team } }]
`,
  );
});
afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const environment = (): Record<string, string> => ({
  KUBECONFIG: join(folder, "kubeconfig"),
  SHOP_TOKEN: "very-secret",
});
const project = (): Promise<Project> => loadProject({ cwd: folder, environment: environment() });
const ioOf = (): TestIo => testIo({ cwd: folder, env: environment() });

/** Puts a run into the cluster: its engine's Job and pod, and its ConfigMap for orders. */
function addRun(
  run: string,
  { ended = false, log = "", project: of }: { ended?: boolean; log?: string; project?: string } = {},
): void {
  const labels = {
    "app.kubernetes.io/name": "ape-test",
    "app.kubernetes.io/managed-by": "ape-test",
    "ape.run": run,
    "ape.role": "engine",
  };
  cluster.add(
    "jobs",
    {
      metadata: {
        name: `ape-${run}-engine`,
        labels,
        ...(of === undefined ? {} : { annotations: { "ape.project": of } }),
      },
      status: ended ? { conditions: [{ type: "Failed", status: "True" }] } : {},
    },
    "apis/batch/v1",
  );
  cluster.add("pods", {
    metadata: { name: `ape-${run}-engine-x`, labels },
    status: {
      phase: ended ? "Failed" : "Running",
      containerStatuses: [{ state: ended ? { terminated: { exitCode: 99 } } : {} }],
    },
  });
  cluster.add("configmaps", { metadata: { name: `ape-${run}-control`, labels }, data: {} });
  cluster.answer = ({ path }) => (path.includes("/log") ? { status: 200, body: log } : undefined);
}

const progress = (agentsActive: number): string =>
  JSON.stringify({ type: "progress", ...sampleProgress, run: "20261129-1", agentsActive, agentsWanted: 30 });

test("a run's objects are owned by the engine's Job, which starts when all others are there", async () => {
  const api = cluster.client();
  await deployRun(api, await project(), { run: "r1", overrides: { agents: 30 } });
  const applied = cluster.requests.filter(({ path }) => path.includes("force=true"));
  const [first, ...others] = applied.map(({ body }) => body as KubeObject);
  expect(first).toMatchObject({ kind: "Job", metadata: { name: "ape-r1-engine" }, spec: { suspend: true } });
  expect(first?.metadata.annotations).toEqual({ "ape.project": basename(folder) });
  // The engine decides when its agents start.
  expect(others.find(({ kind }) => kind === "Job")?.spec).toMatchObject({ parallelism: 0, completions: 3 });
  const owner = { kind: "Job", name: "ape-r1-engine", uid: "uid-1" };
  for (const { metadata } of others) expect(metadata).toMatchObject({ ownerReferences: [owner] });
  expect(cluster.requests.at(-1)).toMatchObject({ method: "PATCH", body: { spec: { suspend: false } } });
  const secrets = others.filter(({ kind }) => kind === "Secret");
  expect(secrets.map(({ metadata }) => metadata.name)).toEqual([
    "ape-r1-access",
    "ape-r1-engine",
    "ape-r1-gateway",
  ]);
  expect(secrets[2]?.stringData).toEqual({ "variables.json": '{"SHOP_TOKEN":"very-secret"}' });
  expect(secrets[0]?.stringData).toEqual({ token: expect.stringMatching(/^t[0-9a-f]{48}$/) as string });
  expect(JSON.stringify(others.filter(({ kind }) => kind !== "Secret"))).not.toContain("very-secret");
  expect(JSON.stringify(first)).toContain('{\\"agents\\":30}');
  await api.close();
});

test("a start that is refused in the middle leaves nothing behind", async () => {
  cluster.answer = ({ path }) =>
    path.includes("/networkpolicies/")
      ? { status: 403, body: { message: "networkpolicies is forbidden" } }
      : undefined;
  const api = cluster.client();
  const begun = deployRun(api, await project(), { run: "r1", overrides: {} });
  await expect(begun).rejects.toThrow("networkpolicies is forbidden");
  expect(cluster.names).not.toContain("jobs/ape-r1-engine");
  expect(cluster.requests.at(-1)).toMatchObject({
    method: "DELETE",
    body: { propagationPolicy: "Background" },
  });
  await api.close();
});

test("status, scale and stop reach the newest active run of the namespace, by the configuration alone", async () => {
  addRun("20261128-1", { ended: true });
  addRun("20261129-1", { log: progress(30) });
  const io = ioOf();
  expect(await runProgram(["status"], io)).toBe(0);
  expect(io.stdout()).toMatch(/run 20261129-1 in the namespace team\n/);
  expect(io.stdout()).toMatch(/agents +30 of 30/);
  expect(io.stdout()).toMatch(/engine +1 running/);
  expect(await runProgram(["scale", "--agents", "80"], io)).toBe(0);
  expect(await runProgram(["stop", "--force", "20261129"], io)).toBe(0);
  expect(cluster.objects.get("/api/v1/namespaces/team/configmaps/ape-20261129-1-control")?.data).toEqual({
    agents: "80",
    stop: "force",
  });
  expect(await runProgram(["stop", "20261128-1"], io)).toBe(104);
  expect(io.stderr()).toContain("RUN_NOT_ACTIVE");
  expect(await runProgram(["scale", "--agents", "8", "2026"], io)).toBe(104);
  expect(io.stderr()).toContain('2 runs of the namespace team begin with "2026"');
});

test("without RUN, stop and scale leave the runs of other projects alone, and status prefers the project's own", async () => {
  const own = basename(ioOf().cwd);
  addRun("20261127-1", { log: progress(10), project: own });
  addRun("20261129-1", { log: progress(30), project: "others" });
  const io = ioOf();
  expect(await runProgram(["status"], io)).toBe(0);
  expect(io.stdout()).toContain("run 20261127-1 in");
  expect(await runProgram(["stop"], io)).toBe(0);
  expect(io.stdout()).toContain("20261127-1: stopping");
  cluster.objects.delete("/apis/batch/v1/namespaces/team/jobs/ape-20261127-1-engine");
  expect(await runProgram(["scale", "--agents", "8"], io)).toBe(104);
  expect(io.stderr()).toContain(`the namespace team has no runs of the project "${own}"`);
  expect(io.stderr()).toContain('20261129-1 of the project "others"');
  expect(await runProgram(["status"], io)).toBe(0);
  expect(io.stdout()).toContain("run 20261129-1 in");
  expect(await runProgram(["scale", "--agents", "8", "20261129"], io)).toBe(0);
});

test("commands that read the folder name the one that brings results from the cluster", async () => {
  for (const command of ["logs", "report"]) {
    const io = ioOf();
    expect(await runProgram([command], io)).toBe(104);
    expect(io.stderr()).toMatch(/there are no runs in .*\nhint: Bring the results .* `ape-test fetch`/);
  }
});

test("what waits for a start whose command is gone is no run that is active: clean removes it", async () => {
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const suspended = (run: string, made: string, alive?: string): void => {
    addRun(run);
    const job = cluster.objects.get(`/apis/batch/v1/namespaces/team/jobs/ape-${run}-engine`);
    if (job === undefined) return;
    job.spec = { suspend: true };
    job.metadata.creationTimestamp = made;
    if (alive !== undefined) job.metadata.annotations = { "ape.alive": alive };
  };
  suspended("20261128-1", ago(600_000));
  suspended("20261128-2", ago(600_000), ago(10_000));
  suspended("20261128-3", ago(10_000));
  const api = cluster.client();
  const { left, active } = await findLeftObjects(api);
  expect(active).toEqual(["20261128-3", "20261128-2"]);
  expect(left.map(({ name }) => name)).toEqual(["ape-20261128-1-engine", "ape-20261128-1-control"]);
  await api.close();
  const shown = async (run: string): Promise<string> => {
    const io = ioOf();
    await runProgram(["status", "--watch", run], io);
    return io.stdout();
  };
  expect(await shown("20261128-2")).toContain(
    "its engine is the command that was started with `--engine local`",
  );
  expect(await shown("20261128-3")).toContain("its objects are being made");
  for (const args of [["status"], ["stop"], ["scale", "--agents", "3"]]) {
    const io = ioOf();
    expect(await runProgram([...args, "20261128-1"], io)).toBe(104);
    expect(io.stderr()).toContain("`ape-test clean 20261128-1` removes what it made");
  }
});

test("a run that is ending gets no more agents, and may still be stopped", async () => {
  addRun("20261129-1", { log: progress(30).replace('"phase":"running"', '"phase":"draining"') });
  const io = ioOf();
  expect(await runProgram(["scale", "--agents", "80"], io)).toBe(104);
  expect(io.stderr()).toContain("run 20261129-1 is ending: no more agents start");
  expect(await runProgram(["stop"], ioOf())).toBe(0);
  expect(await runProgram(["stop"], ioOf())).toBe(0);
});

test("Ctrl-C while objects are made removes them, and a second one leaves at once and names what removes them", async () => {
  const io = ioOf();
  cluster.answer = ({ path }) => {
    if (path.includes("/networkpolicies/") && io.stderr() === "") io.interrupt();
    return undefined;
  };
  expect(await runProgram(["start", "--quiet"], io)).toBe(105);
  expect(io.stderr()).toMatch(/stopping: what was made is removed.*INTERRUPTED/s);
  expect(cluster.names.filter((name) => name.startsWith("jobs/ape-") && name.endsWith("-engine"))).toEqual(
    [],
  );
  const hasty = ioOf();
  cluster.answer = ({ path }) => {
    if (path.includes("/networkpolicies/") && hasty.left.length === 0) {
      hasty.interrupt();
      hasty.interrupt();
    }
    return undefined;
  };
  await runProgram(["start", "--quiet"], hasty);
  expect(hasty.left).toEqual([105]);
  expect(hasty.stderr()).toMatch(/left: `ape-test clean 2\S+` removes what was made/);
});

test("a start whose engine gets no pod ends in the words of Kubernetes, and leaves nothing behind", async () => {
  const config = join(folder, "ape.config.yaml");
  await writeFile(config, `${await readFile(config, "utf8")}kubernetes: { startTimeout: 3s }\n`);
  cluster.answer = ({ path }) =>
    path.includes("/events?")
      ? {
          status: 200,
          body: { items: [{ type: "Warning", message: "admission webhook denied the request" }] },
        }
      : undefined;
  const io = ioOf();
  expect(await runProgram(["start"], io)).toBe(107);
  expect(io.stderr()).toMatch(
    /waiting for engine: admission webhook denied.*error CONTAINERS_FAILED: the engine does not run after 3 s\n {2}engine: admission/s,
  );
  expect(cluster.names.filter((name) => name.endsWith("-engine") && name.startsWith("jobs/"))).toEqual([]);
});

test("clean removes what ended runs left, and keeps what active ones and others have", async () => {
  addRun("20261128-1", { ended: true });
  addRun("20261129-1");
  cluster.add("configmaps", { metadata: { name: "foreign", labels: { app: "else" } } });
  const api = cluster.client();
  expect(await findLeftObjects(api)).toEqual({
    left: [
      { kind: "Job", name: "ape-20261128-1-engine" },
      { kind: "ConfigMap", name: "ape-20261128-1-control" },
    ],
    active: ["20261129-1"],
  });
  const { left } = await findLeftObjects(api, "20261129-1");
  expect(left.map(({ name }) => name)).toEqual(["ape-20261129-1-engine", "ape-20261129-1-control"]);
  await deleteObjects(api, [...left, ...left]);
  await api.close();
  const io = ioOf();
  expect(await runProgram(["clean"], io)).toBe(104);
  expect(io.stderr()).toContain("no terminal to ask on");
  expect(await runProgram(["clean", "--yes"], io)).toBe(0);
  expect(cluster.names.filter((name) => !name.startsWith("pods/"))).toEqual(["configmaps/foreign"]);
});

test("doctor names the rights that are missing, and a quota that is too small", async () => {
  cluster.answer = ({ path, body }) => {
    if (path === "/version") return { status: 200, body: { gitVersion: "v1.34.4" } };
    if (!path.includes("selfsubjectaccessreviews")) return undefined;
    const { resource, verb } = (body as { spec: { resourceAttributes: Record<string, string> } }).spec
      .resourceAttributes;
    return { status: 201, body: { status: { allowed: !(resource === "secrets" && verb === "delete") } } };
  };
  cluster.add("resourcequotas", {
    metadata: { name: "few" },
    status: { hard: { pods: "10" }, used: { pods: "4" } },
  });
  const io = ioOf();
  await runProgram(["doctor", "--json", "--no-pod"], io);
  const findings = JSON.parse(io.stdout()) as { name: string; ok: boolean; message: string }[];
  const of = (name: string) => findings.find((finding) => finding.name === name);
  expect(of("cluster")).toEqual({
    name: "cluster",
    ok: true,
    message: "Kubernetes v1.34.4, namespace team",
  });
  expect(of("permissions")).toEqual({ name: "permissions", ok: false, message: "missing: delete Secret" });
  expect(of("quota")).toEqual({
    name: "quota",
    ok: false,
    message: "6 more pods are admitted; a run has 7",
  });
});

test("status of an engine that has only shown itself has no figures yet", async () => {
  addRun("20261129-1", { log: `${engineGreeting("1.2.3")}\n` });
  const io = ioOf();
  expect(await runProgram(["status"], io)).toBe(0);
  expect(io.stdout()).toMatch(/^run 20261129-1 in the namespace team\nengine +1 running\n$/);
});

test("validate names a file that pods cannot get, with its place", async () => {
  const config = join(folder, "ape.config.yaml");
  const text = await readFile(config, "utf8");
  await writeFile(config, `${text}\ninference: { provider: simulated, instructions: ${folder}/words.md }\n`);
  await writeFile(join(folder, "words.md"), "Look.");
  const io = ioOf();
  expect(await runProgram(["validate"], io)).toBe(104);
  expect(io.stdout() + io.stderr()).toMatch(/ape\.config\.yaml:2:\d+: .*words\.md is not inside/);
});

test("logs of a role that pods do not have name those that they have", async () => {
  addRun("20261129-1");
  const io = ioOf();
  expect(await runProgram(["logs", "--containers", "gatway"], io)).toBe(104);
  expect(io.stderr()).toContain('Did you mean "gateway"? The roles are engine, agents,');
});

test("doctor lets the server try the objects of a run, and names what it refuses", async () => {
  const tried: string[] = [];
  let refusal: { status: number; body: object } | undefined;
  cluster.answer = ({ path }) => {
    if (path === "/version") return { status: 200, body: { gitVersion: "v1.34.4" } };
    if (path.includes("selfsubjectaccessreviews"))
      return { status: 201, body: { status: { allowed: true } } };
    if (!path.includes("force=true")) return undefined;
    tried.push(path);
    return refusal ?? { status: 200, body: {} };
  };
  const finding = async (): Promise<unknown> => {
    const io = ioOf();
    await runProgram(["doctor", "--json", "--no-pod"], io);
    return (JSON.parse(io.stdout()) as { name: string }[]).find(({ name }) => name === "objects");
  };
  expect(await finding()).toMatchObject({
    ok: true,
    message: expect.stringMatching(/accept all \d\d of a run/) as string,
  });
  for (const path of tried) expect(path).toContain("dryRun=All");
  expect(cluster.names).toEqual([]);
  refusal = { status: 404, body: { message: 'namespaces "team" not found' } };
  expect(await finding()).toMatchObject({
    ok: false,
    message: expect.stringMatching(/namespaces "team" not found.*Create the namespace/) as string,
  });
});

test("options that an engine in a pod cannot serve are refused before anything is made", async () => {
  for (const option of ["--out=csv=a.csv", "--metrics-port=0", "--open", "--page", "--observability=full"]) {
    const io = ioOf();
    expect(await runProgram(["start", option], io)).toBe(104);
    expect(io.stderr()).toContain("is not for runs on Kubernetes");
  }
  expect(cluster.requests).toEqual([]);
});
