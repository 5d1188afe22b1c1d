import type { RunProgress } from "@ape/core/report/progress";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { expect, test } from "vitest";
import { crossedSummary, sampleProgress, testIo } from "../../test/test-io.ts";
import type { ClusterRun } from "./cluster.ts";
import { clusterCommands } from "./cluster-commands.ts";

const RUN = "20261129-1";
const { orderRun, showClusterRun, showPodLogs } = clusterCommands;
const run = (more: Partial<ClusterRun> = {}): ClusterRun =>
  ({ run: RUN, isActive: true, ...more }) as ClusterRun;

interface Pod {
  name: string;
  role: string;
  phase?: string;
  ready?: boolean;
  leaving?: boolean;
  log?: string[] | Error;
}

/** A cluster with these pods and orders; `patched` is what was ordered. */
function clusterOf(pods: readonly Pod[], orders: Record<string, string> | undefined = {}) {
  const patched: unknown[] = [];
  const asked: [string, unknown][] = [];
  const objects = pods.map(
    ({ name, role, phase = "Running", ready = false, leaving = false }): KubeObject =>
      ({
        metadata: {
          name: `ape-${RUN}-${name}`,
          labels: { "ape.run": RUN, "ape.role": role },
          creationTimestamp: name,
          ...(leaving ? { deletionTimestamp: "now" } : {}),
        },
        status: { phase, conditions: ready ? [{ type: "Ready", status: "True" }] : [] },
      }) as unknown as KubeObject,
  );
  const api = {
    namespace: "load",
    list: async (_kind: string, labels: Record<string, string>) =>
      objects.filter(({ metadata }) =>
        Object.entries(labels).every(([label, value]) => metadata.labels?.[label] === value),
      ),
    get: async () => (orders === undefined ? undefined : { data: orders }),
    patch: async (_kind: string, name: string, change: unknown) => void patched.push([name, change]),
    log: async function* (name: string, options: unknown) {
      asked.push([name, options]);
      const log = pods.find((pod) => name.endsWith(pod.name))?.log ?? [];
      if (log instanceof Error) throw log;
      yield* log;
    },
  };
  return { api: api as unknown as KubeApi, patched, asked };
}
const progress = (more: Partial<RunProgress> = {}): string =>
  JSON.stringify({ type: "progress", ...sampleProgress, run: RUN, ...more });
const summary = JSON.stringify({ type: "summary", ...crossedSummary });
const engine = (...log: string[]): Pod => ({ name: "engine-a", role: "engine", log });

test("an order goes to a run that is active, and to no other", async () => {
  const { api, patched } = clusterOf([engine(progress())]);
  await orderRun(api, run(), { agents: "5" });
  await orderRun(api, run(), { stop: "drain" });
  expect(patched).toEqual([
    [expect.stringContaining(RUN), { data: { agents: "5" } }],
    [expect.stringContaining(RUN), { data: { stop: "drain" } }],
  ]);
  await expect(orderRun(api, run({ isActive: false }), { stop: "drain" })).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: `run ${RUN} has ended`,
    hint: `Bring its results with \`ape-test fetch ${RUN}\`.`,
  });
  await expect(orderRun(api, run({ isLeft: true }), { stop: "drain" })).rejects.toMatchObject({
    message: expect.stringContaining(RUN),
  });
  expect(patched).toHaveLength(2);
});

test.each<[string, Parameters<typeof clusterOf>, boolean]>([
  ["was told to stop", [[engine(progress())], { stop: "drain" }], true],
  ["drains", [[engine(progress({ phase: "draining" }))]], true],
  ["has ended", [[engine(progress({ phase: "ended" }))]], true],
  ["starts", [[engine(progress({ phase: "starting" }))]], false],
  ["runs", [[engine(progress({ phase: "running" }))]], false],
  ["has said nothing", [[engine("waiting")]], false],
  ["has written its summary", [[engine(summary)]], false],
  ["has no engine yet", [[{ ...engine(progress({ phase: "draining" })), phase: "Pending" }]], false],
])("agents of a run that %s cannot be scaled: %s", async (_, [pods, orders], refused) => {
  const { api, patched } = clusterOf(pods, orders);
  const order = orderRun(api, run(), { agents: "5" });
  if (refused)
    await expect(order).rejects.toMatchObject({
      code: "RUN_NOT_ACTIVE",
      message: `run ${RUN} is ending: no more agents start`,
      hint: `See \`ape-test status ${RUN}\`.`,
    });
  else await order;
  expect(patched).toHaveLength(refused ? 0 : 1);
});

/** What `status` writes. */
async function shown(
  pods: Pod[],
  more: Partial<ClusterRun> = {},
  options: { json?: boolean } = {},
): Promise<string> {
  const io = testIo({ columns: 100 });
  await showClusterRun(clusterOf(pods).api, run(more), io, options);
  return io.stdout();
}

test("a run is shown by its last progress, and its pods by their roles and states", async () => {
  const text = await shown([
    engine("one", progress({ agentsActive: 3 }), progress({ agentsActive: 4 })),
    { name: "agents-1", role: "agents", ready: true },
    { name: "agents-2", role: "agents", ready: true },
    { name: "agents-3", role: "agents", ready: true, leaving: true },
    { name: "gateway-1", role: "gateway", phase: "Pending" },
  ]);
  expect(text.startsWith(`run ${RUN} in the namespace load\n`)).toBe(true);
  expect(text).toContain("agents    4 of 5");
  expect(text).not.toContain("one\n");
  expect(text.trimEnd().split("\n").slice(-3)).toEqual([
    "agents     2 ready, 1 leaving",
    "engine     1 running",
    "gateway    1 pending",
  ]);
});

test("a run that has ended is shown by its summary, and one that has said nothing else by its words", async () => {
  expect(await shown([engine(summary)], { isActive: false })).toBe(
    `run ${RUN} in the namespace load has ended\nfinished: the planned time has passed\nengine     1 running\n`,
  );
  expect(
    await shown([engine("waiting\u0007 for NATS")], {
      withoutEngine: "its engine is gone",
    } as Partial<ClusterRun>),
  ).toBe(`run ${RUN} in the namespace load\nits engine is gone\nwaiting? for NATS\nengine     1 running\n`);
  const broken: Pod = { ...engine(), log: new Error("the node is away") };
  expect(await shown([broken])).toContain("the node is away\n");
  expect(await shown([{ ...engine("x"), phase: "Pending" }])).not.toContain("x\n");
  expect(await shown([])).toBe(`run ${RUN} in the namespace load\n`);
});

test("as JSON a run is its progress, its summary, or whether it is active", async () => {
  const json = async (...args: Parameters<typeof shown>) =>
    JSON.parse(await shown(args[0], args[1], { json: true })) as unknown;
  expect(await json([engine(progress())])).toMatchObject({ run: RUN, phase: "running" });
  expect(await json([engine(summary)])).toMatchObject({ summary: { schema: 1 } });
  expect(await json([])).toEqual({ run: RUN, isActive: true });
});

test("a run without an engine to follow has no status to show", async () => {
  await expect(shown([], { isLeft: true })).rejects.toMatchObject({ message: expect.stringContaining(RUN) });
});

const PODS: Pod[] = [
  engine("a\u0007"),
  { name: "agents-1", role: "agents", log: ["b", "c"] },
  { name: "agents-2", role: "agents", phase: "Pending", log: ["d"] },
];

test("what pods write has their names before it", async () => {
  const lines = async (options: Parameters<typeof showPodLogs>[3]) => {
    const io = testIo();
    const { api, asked } = clusterOf(PODS);
    await showPodLogs(api, run(), io, options);
    return {
      lines: io
        .stdout()
        .split("\n")
        .filter((line) => line !== "")
        .sort(),
      asked,
    };
  };
  const all = await lines({});
  expect(all.lines).toEqual(["agents-1 b", "agents-1 c", "engine-a a?"]);
  expect(all.asked.map(([, options]) => options)).toEqual([{ follow: false }, { follow: false }]);
  const some = await lines({ role: "agents", tail: 5, follow: true });
  expect(some.lines).toEqual(["agents-1 b", "agents-1 c"]);
  expect(some.asked).toEqual([[`ape-${RUN}-agents-1`, { follow: true, tailLines: 5 }]]);
});

test("nothing is written for a reader that is gone, and a role that is none is refused", async () => {
  const io = testIo();
  Object.assign(io.out, { closed: true });
  await showPodLogs(clusterOf(PODS).api, run(), io, {});
  expect(io.stdout()).toBe("");
  await expect(showPodLogs(clusterOf(PODS).api, run(), io, { role: "agent" })).rejects.toMatchObject({
    code: "USAGE",
    message: 'no pods have the role "agent"',
    hint: expect.stringMatching(/^Did you mean "agents"\? The roles are .*agents/),
  });
  await expect(showPodLogs(clusterOf(PODS).api, run(), io, { role: "zzzzzzzz" })).rejects.toMatchObject({
    hint: expect.stringMatching(/^The roles are /),
  });
});
