import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import { ClusterServer } from "@ape/engine/test/cluster-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sampleProgress, type TestIo, testIo } from "../../test/test-io.ts";
import { engineGreeting } from "./engine-log.ts";
import { followRun } from "./follow.ts";

const RUN = "20261129-1";
const LABELS = { "ape.run": RUN, "ape.role": "engine" };
let cluster: ClusterServer;
let api: KubeApi;
let logs: string[];
beforeEach(async () => {
  cluster = await ClusterServer.open();
  api = cluster.client({ patienceMs: 200 });
  logs = [];
  cluster.answer = ({ path }) =>
    path.includes("/log") ? { status: 200, body: logs.shift() ?? "" } : undefined;
});
afterEach(async () => {
  await api.close();
  await cluster.close();
});

const progress = (agentsActive: number): string =>
  JSON.stringify({ type: "progress", ...sampleProgress, run: RUN, agentsActive, agentsWanted: 30 });

function setJob(conditions: object[] = [], spec: Record<string, unknown> = {}): void {
  const metadata = { name: `ape-${RUN}-engine`, labels: LABELS };
  cluster.add("jobs", { metadata, spec, status: { conditions } }, "apis/batch/v1");
}

function setPod(name: string, phase: string, terminated?: object): void {
  const metadata = { name, labels: LABELS, creationTimestamp: name };
  const state = terminated === undefined ? {} : { terminated };
  cluster.add("pods", { metadata, status: { phase, containerStatuses: [{ name: "engine", state }] } });
}

/** Lines of a log with their times. */
const stamped = (...lines: string[]): string =>
  lines.map((line, index) => `2026-11-29T10:00:0${index}Z ${line}\n`).join("");

const warn = (message: string): void => {
  const { answer } = cluster;
  cluster.answer = (request) =>
    request.path.includes("/events?")
      ? { status: 200, body: { items: [{ type: "Warning", message }] } }
      : answer(request);
};

test("a followed run shows the engine's words and progress, and ends with its pod's exit code", async () => {
  setJob();
  setPod("a", "Failed", { exitCode: 99 });
  logs = [stamped("waiting for gateway", progress(30), "error CONFIG: no")];
  const io = testIo();
  expect(await followRun(api, RUN, io, {})).toEqual({ exit: "thresholds", hasBegun: true });
  expect(io.stderr()).toContain("waiting for gateway");
  expect(io.stderr()).toContain("30/30 agents");
  expect(io.stderr()).toContain("error CONFIG: no");
});

test("a log that breaks off is read on, and the API may be away: no line comes twice", async () => {
  setJob();
  setPod("a", "Running");
  logs = ["2026-11-29T10:00:00Z one\n", "2026-11-29T10:00:00Z one\n2026-11-29T10:00:01Z two\n"];
  let refusals = 2;
  const { answer } = cluster;
  cluster.answer = (request) => {
    if (logs.length === 1 && refusals > 0) {
      refusals -= 1;
      return { status: 503, body: "" };
    }
    return answer(request);
  };
  const io = testIo({
    onSleep: () => {
      if (logs.length === 0) setPod("a", "Succeeded", { exitCode: 0 });
    },
  });
  expect(await followRun(api, RUN, io, {})).toEqual({ exit: "ok", hasBegun: false });
  expect(io.stderr()).toBe("one\ntwo\n");
});

test("an engine that is replaced is followed on, and says how the one before it ended", async () => {
  setJob();
  setPod("a", "Failed", { exitCode: 137, reason: "OOMKilled" });
  const io = testIo({
    onSleep: () => {
      logs = [stamped(progress(3))];
      setPod("b", "Succeeded", { exitCode: 0 });
    },
  });
  expect(await followRun(api, RUN, io, {})).toEqual({ exit: "ok", hasBegun: true });
  expect(io.stderr()).toContain(
    "the engine's pod has ended (OOMKilled, exit code 137): waiting for another one",
  );
});

test("a run whose engine ended too often has no verdict, however long its Job waited between two", async () => {
  setJob();
  setPod("a", "Failed", { exitCode: 137, reason: "OOMKilled" });
  logs = [stamped(progress(3))];
  let sleeps = 0;
  const io = testIo({
    onSleep: () => {
      sleeps += 1;
      if (sleeps === 90) setJob([{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }]);
    },
  });
  const { failure, ...rest } = await followRun(api, RUN, io, { startTimeoutMs: 100_000 });
  expect(rest).toEqual({ exit: "crashed", hasBegun: true });
  expect(failure).toMatchObject({
    message: `the engine of run ${RUN} ended without a verdict (OOMKilled, exit code 137)`,
    details: ["BackoffLimitExceeded"],
    hint: expect.stringContaining("more memory") as string,
  });
});

test("a verdict that was seen counts where the pod is gone before its exit code was read", async () => {
  setJob([{ type: "Failed", status: "True", reason: "PodFailurePolicy" }]);
  setPod("a", "Running");
  logs = [stamped('{"type":"summary","run":{"exitCode":99}}')];
  const io = testIo({ onSleep: () => void cluster.objects.delete("/api/v1/namespaces/team/pods/a") });
  expect(await followRun(api, RUN, io, {})).toMatchObject({
    exit: "thresholds",
    summary: { run: { exitCode: 99 } },
  });
});

test("a run that is being deleted, with its namespace or alone, says so at once", async () => {
  setJob();
  setPod("a", "Failed", { exitCode: 75 });
  const job = cluster.objects.get(`/apis/batch/v1/namespaces/team/jobs/ape-${RUN}-engine`);
  if (job !== undefined) Object.assign(job.metadata, { deletionTimestamp: "now" });
  expect((await followRun(api, RUN, testIo(), {})).failure?.message).toContain("was deleted");
  cluster.objects.clear();
  const { failure, exit } = await followRun(api, RUN, testIo(), {});
  expect(exit).toBe("crashed");
  expect(failure?.message).toBe(`run ${RUN} was deleted from the cluster before its end was seen`);
});

test("an engine without a running pod is given up after the time to start, in the words of Kubernetes", async () => {
  setJob();
  warn("exceeded quota: few");
  const io = testIo();
  const { failure } = await followRun(api, RUN, io, { startTimeoutMs: 5_000 });
  expect(io.stderr()).toBe("waiting for engine: exceeded quota: few\n");
  expect(failure).toMatchObject({
    message: "the engine does not run after 5 s",
    details: ["engine: exceeded quota: few"],
  });
  setPod("a", "Pending");
  warn("0/3 nodes are available");
  const again = await followRun(api, RUN, testIo(), { startTimeoutMs: 5_000 });
  expect(again.failure?.details).toEqual(["engine: 0/3 nodes are available"]);
});

/** A log that is the same each time that it is read. */
function setLog(text: string): void {
  cluster.answer = ({ path }) => (path.includes("/log") ? { status: 200, body: text } : undefined);
}

test("a pod of another program is given up after the time to start, whatever it writes", async () => {
  setJob();
  setPod("a", "Running");
  setLog(stamped("nginx is ready"));
  const { failure, exit } = await followRun(api, RUN, testIo(), { startTimeoutMs: 50 });
  expect(exit).toBe("crashed");
  expect(failure).toMatchObject({
    code: "CONTAINERS_FAILED",
    hint: expect.stringContaining("kubernetes.image") as string,
  });
});

test("an engine that has shown itself may take longer than a start, and what shows it is not for the user", async () => {
  setJob();
  setPod("a", "Running");
  setLog(stamped(engineGreeting("1.2.3")));
  const until = Date.now() + 600;
  const io = testIo({
    onSleep: () => (Date.now() > until ? setPod("a", "Succeeded", { exitCode: 0 }) : undefined),
  });
  expect(await followRun(api, RUN, io, { startTimeoutMs: 500, json: "stream" })).toMatchObject({
    exit: "ok",
  });
  expect(io.stdout() + io.stderr()).toBe("");
});

test("a pod of another program that ends says how, and that the image may be the wrong one", async () => {
  setJob();
  setPod("a", "Failed", { exitCode: 1 });
  const { failure } = await followRun(api, RUN, testIo(), { startTimeoutMs: 3_000 });
  expect(failure).toMatchObject({
    details: ["the last pod ended: exit code 1"],
    hint: expect.stringContaining("kubernetes.image") as string,
  });
});

test("Ctrl-C orders the run to stop, again to be cut off, and a third one leaves it alone", async () => {
  setJob();
  setPod("a", "Pending");
  cluster.add("configmaps", { metadata: { name: `ape-${RUN}-control` }, data: {} });
  const orders: unknown[] = [];
  const { answer } = cluster;
  cluster.answer = (request) => {
    if (request.method === "PATCH") orders.push(request.body);
    return answer(request);
  };
  let io: TestIo | undefined;
  io = testIo({ onSleep: () => io?.interrupt() });
  expect(await followRun(api, RUN, io, {})).toEqual({ exit: "interrupted", isLeft: true, hasBegun: false });
  await expect.poll(() => orders).toEqual([{ data: { stop: "drain" } }, { data: { stop: "force" } }]);
});

test("one who only watches has nothing to interrupt", async () => {
  setJob();
  setPod("a", "Running");
  let io: TestIo | undefined;
  io = testIo({
    onSleep: () => {
      io?.interrupt();
      setPod("a", "Succeeded", { exitCode: 0 });
    },
  });
  expect(await followRun(api, RUN, io, { isWatching: true })).toMatchObject({ exit: "ok" });
  expect(cluster.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("a run whose summary was seen has its verdict, also where credentials expire after that", async () => {
  setJob();
  setPod("a", "Running");
  const { answer } = cluster;
  let isRead = false;
  cluster.answer = (request) => {
    if (isRead) return { status: 401, body: { message: "Unauthorized" } };
    isRead = request.path.includes("/log");
    return answer(request);
  };
  logs = [stamped('{"type":"summary","run":{"exitCode":99}}')];
  expect(await followRun(api, RUN, testIo(), {})).toMatchObject({ exit: "thresholds", hasBegun: true });
});

test("a cluster that stays away ends the command, and the run continues", async () => {
  setJob();
  await api.get("Job", `ape-${RUN}-engine`);
  cluster.answer = () => ({ status: 401, body: { message: "Unauthorized" } });
  await expect(followRun(api, RUN, testIo(), {})).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: `run ${RUN} can no longer be followed: Kubernetes refuses (401): Unauthorized`,
    hint: expect.stringMatching(/renew them\. The run continues.*ape-test status --watch/) as string,
  });
});
