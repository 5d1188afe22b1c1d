import { afterEach, beforeEach, expect, test } from "vitest";
import { ClusterServer } from "../../../test/cluster-server.ts";
import { KubeApi } from "./kube-api.ts";
import { followOrders, giveOrder, type OrderTaker } from "./run-orders.ts";

let cluster: ClusterServer;
let api: KubeApi;
beforeEach(async () => {
  cluster = await ClusterServer.open();
  api = cluster.client();
});
afterEach(async () => {
  await api.close();
  await cluster.close();
});

const job = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, labels },
  spec: {},
});

test("an object is applied on the server, with strict fields and the client's credentials", async () => {
  const made = await api.apply(job("a"));
  expect(made.metadata.uid).toBeDefined();
  expect(cluster.requests[0]).toMatchObject({
    method: "PATCH",
    path: "/apis/batch/v1/namespaces/team/jobs/a?fieldManager=ape-test&force=true&fieldValidation=Strict",
    type: "application/apply-patch+yaml",
    authorization: "Bearer t",
  });
});

test("objects are found by labels, changed and deleted; one that is not there is no error", async () => {
  await api.apply(job("a", { x: "1", y: "2" }));
  await api.apply(job("b", { x: "1" }));
  const named = async (labels: Record<string, string>): Promise<string[]> =>
    (await api.list("Job", labels)).map(({ metadata }) => metadata.name);
  expect(await named({ x: "1" })).toEqual(["a", "b"]);
  expect(await named({ x: "1", y: "2" })).toEqual(["a"]);
  await api.patch("Job", "a", { spec: { parallelism: 3 } });
  expect((await api.get("Job", "a"))?.spec).toEqual({ parallelism: 3 });
  await api.delete("Job", "a");
  await api.delete("Job", "a");
  expect(await api.get("Job", "a")).toBeUndefined();
});

test("a refusal has the words of Kubernetes, and a hint where one helps", async () => {
  cluster.answer = () => ({
    status: 403,
    body: { message: 'jobs.batch is forbidden: User "u" cannot patch resource' },
  });
  await expect(api.apply(job("a"))).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: 'Kubernetes refuses (403): jobs.batch is forbidden: User "u" cannot patch resource',
    hint: expect.stringContaining("doctor --runtime kubernetes") as string,
  });
  const nowhere = new KubeApi({ server: "http://127.0.0.1:9", namespace: "team" });
  await expect(nowhere.version()).rejects.toThrow(/the cluster at http:\/\/127\.0\.0\.1:9 does not answer/);
  cluster.answer = () => ({ status: 200, body: "<html>sign in" });
  await expect(api.version()).rejects.toThrow(/is not the API of a cluster/);
});

test("a log is lines, whole ones, and the last without an end", async () => {
  cluster.answer = ({ path }) =>
    path.includes("/log") ? { status: 200, body: "one\ntwö\n\nthree" } : undefined;
  const lines: string[] = [];
  for await (const line of api.log("p", { follow: true, tailLines: 5 })) lines.push(line);
  expect(lines).toEqual(["one", "twö", "", "three"]);
  expect(cluster.requests[0]?.path).toBe("/api/v1/namespaces/team/pods/p/log?follow=true&tailLines=5");
});

test("permissions are asked for with group, resource and verb", async () => {
  cluster.answer = ({ body }) => ({
    status: 201,
    body: {
      status: {
        allowed:
          (body as { spec: { resourceAttributes: { verb: string } } }).spec.resourceAttributes.verb ===
          "list",
      },
    },
  });
  expect(await api.allows("NetworkPolicy", "list")).toBe(true);
  expect(await api.allows("Pod", "create", "portforward")).toBe(false);
  expect(cluster.requests[1]?.body).toMatchObject({
    spec: {
      resourceAttributes: { namespace: "team", group: "", resource: "pods", subresource: "portforward" },
    },
  });
});

test("orders of a run are carried out once each, also after the cluster did not answer for a while", async () => {
  cluster.add("configmaps", { metadata: { name: "ape-r-control" }, data: {} });
  const done: string[] = [];
  let begun: ReturnType<OrderTaker["run"]>;
  const end = followOrders(api, "r", { run: () => begun, cancel: () => void done.push("cancel") });
  const reads = (): number => cluster.requests.filter(({ method }) => method === "GET").length;
  try {
    await giveOrder(api, "r", { agents: "80" });
    const unheard = reads();
    await expect.poll(reads, { timeout: 5_000 }).toBeGreaterThan(unheard);
    begun = {
      scale: (agents) => void done.push(`scale ${agents}`),
      stop: () => void done.push("stop"),
      kill: () => void done.push("kill"),
    };
    await expect.poll(() => done, { timeout: 5_000 }).toEqual(["scale 80"]);
    cluster.answer = () => ({ status: 500, body: "" });
    const before = reads();
    await expect.poll(reads, { timeout: 5_000 }).toBeGreaterThan(before);
    cluster.answer = () => undefined;
    await giveOrder(api, "r", { stop: "drain" });
    await expect.poll(() => done, { timeout: 5_000 }).toEqual(["scale 80", "stop"]);
    await giveOrder(api, "r", { stop: "force" });
    await expect.poll(() => done, { timeout: 5_000 }).toEqual(["scale 80", "stop", "kill"]);
  } finally {
    end();
  }
});

test("an order to stop that comes before the load has begun cancels the start", async () => {
  cluster.add("configmaps", { metadata: { name: "ape-r-control" }, data: { stop: "drain", agents: "3" } });
  await new Promise<void>((cancel) => {
    const end = followOrders(api, "r", {
      run: () => undefined,
      cancel: () => {
        end();
        cancel();
      },
    });
  });
});
