import { beforeAll, describe, expect, test } from "vitest";
import { runScenarios, whyNoCluster } from "./cluster.ts";

const SAME = { onlyApe: [], onlyShop: [], unaccounted: [], unexplained: [], shared: 0 };
/** These take several minutes: only where all of them are asked for. */
const whyNot =
  whyNoCluster ??
  (process.env.APE_TEST_CLUSTER_ALL === undefined ? "APE_TEST_CLUSTER_ALL is not set" : undefined);

describe.skipIf(whyNot !== undefined)(`on a cluster${whyNot === undefined ? "" : ` (${whyNot})`}`, () => {
  let results: Record<string, Record<string, unknown>> = {};
  beforeAll(async () => {
    // The long ones first, so that the lanes end together.
    results = await runScenarios([
      "deleted",
      "bus",
      "live",
      "scaled",
      "local",
      "limited",
      "pair",
      "large",
      "helm",
    ]);
  }, 900_000);

  test("4 pods become 8 and then 2 without one session that is cut off", () => {
    const { sessions, ...rest } = results.scaled as {
      sessions: { started: number; ended: number; succeeded: number };
    };
    expect(rest).toMatchObject({ exit: 105, many: 8, traced: true, ...SAME });
    expect(sessions).toEqual({
      started: sessions.started,
      ended: sessions.started,
      succeeded: sessions.started,
      interrupted: 0,
    });
  });

  test("agents are evicted, pods of every role deleted and killed in mid-run: the run goes on, and its verdicts are the shop's", () => {
    const { sessions, ...rest } = results.deleted as {
      sessions: { ended: number; succeeded: number; interrupted: number };
    };
    // A session that failed had a call in a gateway or a proxy that was killed: none is `unexplained`.
    expect(rest).toMatchObject({ exit: 105, held: true, attribution: { target: 0, simulation: 0 }, ...SAME });
    // Those of the one pod that was killed.
    expect(sessions.interrupted).toBeLessThanOrEqual(10);
  });

  test("a NATS pod that is replaced is an outage with its volume, and a crash with results without", () => {
    const { outage, crash } = results.bus as Record<string, Record<string, unknown>>;
    expect(outage).toMatchObject({ exit: 105, sessions: { interrupted: 0 }, ...SAME });
    expect(crash).toMatchObject({
      exit: 107,
      status: "crashed",
      stderr: expect.stringMatching(/has lost its stream/) as string,
    });
    expect(crash?.ended).toBeGreaterThan(0);
  });

  test("an engine in the command's process has the same results, and leaves nothing in the cluster", () => {
    expect(results.local).toMatchObject({
      exit: 0,
      sessions: { started: 120, ended: 120, succeeded: 120, interrupted: 0 },
      ...SAME,
    });
  });

  test("a chart of the configuration is lint-clean, its run passes, and nothing stays when it is uninstalled", () => {
    expect(results.helm).toEqual({
      linted: expect.stringContaining("0 chart(s) failed") as string,
      fetched: 0,
      sessions: { started: 40, ended: 40, succeeded: 40, interrupted: 0 },
    });
  });

  test("files beyond a ConfigMap, two gateways and proxies, and figures of all sessions with the events of some", () => {
    const { calls, ...rest } = results.large as { calls: number };
    expect(rest).toMatchObject({
      exit: 0,
      sessions: { started: 120, ended: 120, succeeded: 120, interrupted: 0 },
      orders: 120,
    });
    // The first decision of each session asks the model, at least.
    expect(calls).toBeGreaterThanOrEqual(120);
  });

  test("a CPU limit of the namespace that holds processes back is stated and marked, once", () => {
    const { throttledMs, marks } = results.limited as { throttledMs: number; marks: string[] };
    expect(throttledMs).toBeGreaterThan(0);
    expect(marks).toEqual([expect.stringMatching(/^a CPU limit holds \S+ back/)]);
  });

  test("the suite of live figures passes with agents in a cluster", () => {
    const { exit, output } = results.live as { exit: number; output: string };
    expect(exit, output).toBe(0);
    expect(output).not.toMatch(/skipped/);
  });

  test("two runs at once in a namespace have each their own results", () => {
    const sessions = { started: 60, ended: 60, succeeded: 60, interrupted: 0 };
    expect(results.pair).toEqual({ exits: [0, 0], sessions: [sessions, sessions], succeeded: 120 });
  });
});
