import { loadSchema as schema } from "@ape/core/config/load";
import type { Config } from "@ape/core/config/schema";
import { agentsAt } from "@ape/core/lib/schedule";
import { expect, test } from "vitest";
import { containersFor, containersOf, planOf, progressIn, rowShares, workersFor } from "./plan.ts";

const plan = (load: unknown) => planOf(schema.parse(load));

test("a duration holds its agents after the ramp; nothing given is a minute", () => {
  const held = plan({ agents: 50, duration: "20s", rampUp: "2s" });
  expect([held.durationMs, held.peak, held.sessions]).toEqual([20_000, 50, undefined]);
  expect([agentsAt(held.agents, 1000), agentsAt(held.agents, 2000)]).toEqual([26, 50]);
  expect(plan({}).durationMs).toBe(60_000);
});

test("a number of sessions has no end in time and never more agents than sessions", () => {
  const counted = plan({ agents: 50, sessions: 20 });
  expect([counted.durationMs, counted.sessions, counted.peak]).toEqual([undefined, 20, 20]);
  expect(agentsAt(counted.agents, 5)).toBe(20);
});

test("stages and arrivals last as long as their legs", () => {
  expect(
    plan({
      stages: [
        { duration: "10s", agents: 5 },
        { duration: "5s", agents: 0 },
      ],
    }),
  ).toMatchObject({
    durationMs: 15_000,
    peak: 5,
  });
  const open = plan({
    agents: 8,
    arrivals: [
      { duration: "0s", rate: 3 },
      { duration: "10s", rate: 3 },
    ],
  });
  expect([...(open.arrivals?.arrivals() ?? [])]).toHaveLength(30);
  expect(open.peak).toBe(8);
});

test("workers are never more than there is to share out", () => {
  const load = schema.parse({ agents: 6, sessions: 5, workers: 16 });
  expect(workersFor(load, planOf(load), Number.POSITIVE_INFINITY)).toBe(5);
  expect(workersFor(load, planOf(load), 3)).toBe(3);
  expect(workersFor(schema.parse({ agents: 1 }), plan({ agents: 1 }), 100)).toBe(1);
});

test.each([
  [{ durationMs: 10_000 }, 2_500, 7, { done: 0.25, leftMs: 7_500 }],
  [{ durationMs: 10_000 }, 12_000, 7, { done: 1, leftMs: 0 }],
  [{ sessions: 8 }, 2_500, 2, { done: 0.25 }],
  [{ sessions: 8 }, 2_500, 9, { done: 1 }],
])("of %j, after %d ms and %d sessions, %j", (plan, elapsed, ended, shown) => {
  expect(progressIn(plan, elapsed, ended)).toEqual(shown);
});

const compose = (agentsPerContainer: number) =>
  ({ compose: { agentsPerContainer }, load: schema.parse({ agents: 10 }) }) as Pick<
    Config,
    "compose" | "load"
  >;

test.each([
  [10, Number.POSITIVE_INFINITY, 256],
  [10, 100_000, 256],
  [10, 2_559, 255],
  [10, 29, 2],
  [10, 20, 2],
  [10, 19, 1],
  [10, 3, 1],
  [10, 0, 1],
])("with %d agents per container, %d unique rows are dealt in %d parts", (agents, rows, parts) => {
  expect(rowShares(compose(agents), rows)).toBe(parts);
});

test.each([
  [10, 0, 100, 1],
  [10, 10, 100, 1],
  [10, 11, 100, 2],
  [10, 95, 100, 10],
  [10, 95, 39, 3],
  [10, 9_999, Number.POSITIVE_INFINITY, 256],
])(
  "with %d per container, %d agents and %d unique rows need %d containers",
  (per, agents, rows, containers) => {
    expect(containersOf(compose(per), agents, rows)).toBe(containers);
  },
);

test("a run of many containers has four parts of the rows for each, so that it can be scaled", () => {
  const load = schema.parse({ agents: 100_000 });
  const config = { ...compose(100), load };
  expect(rowShares(config, Number.POSITIVE_INFINITY)).toBe(4_000);
  expect(rowShares(config, 50_000)).toBe(500);
  expect(rowShares({ ...compose(1), load }, Number.POSITIVE_INFINITY)).toBe(8_192);
});

test("a run begins with at most as many containers as it has sessions", () => {
  expect(containersFor(compose(1), { peak: 9 }, 100)).toBe(9);
  expect(containersFor(compose(1), { peak: 9, sessions: 4 }, 100)).toBe(4);
  expect(containersFor(compose(1), { peak: 9, sessions: 40 }, 3)).toBe(3);
});
