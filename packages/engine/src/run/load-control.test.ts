import { loadSchema } from "@ape/core/config/load";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WorkerRegistry } from "../launch/worker-registry.ts";
import type { ToWorker } from "../worker/protocol.ts";
import { LoadControl } from "./load-control.ts";
import { planOf } from "./plan.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** The control of a load, with workers that keep what they are sent. */
function rig(load: object, workers = 2) {
  const registry = new WorkerRegistry();
  const sent: ToWorker[][] = [];
  const join = (): void => {
    const messages: ToWorker[] = [];
    const index = sent.push(messages) - 1;
    registry.join({
      index,
      pid: index,
      send: (message) => void messages.push(message),
      kill: () => undefined,
    });
    registry.ready(index);
  };
  for (let n = 0; n < workers; n += 1) join();
  const time = { elapsed: 0 };
  const dropped: number[] = [];
  const clock = {
    now: () => time.elapsed,
    epoch: () => 1_000_000 + time.elapsed,
    sleep: async () => undefined,
  };
  const plan = planOf(loadSchema.parse(load));
  const control = new LoadControl(plan, registry, clock, (at) => void dropped.push(at));
  const shares = (): number[][] =>
    sent.map((messages) => messages.flatMap((one) => (one.type === "agents" ? [one.wanted] : [])));
  const arrivals = (): number[] =>
    sent.flatMap((messages) => messages.flatMap((one) => (one.type === "arrive" ? [one.scheduledAt] : [])));
  /** Lets the time of the load pass, timers included. */
  const pass = (ms: number): void => {
    for (let n = 0; n < ms; n += 1) {
      time.elapsed += 1;
      vi.advanceTimersByTime(1);
    }
  };
  return { control, registry, shares, arrivals, dropped, join, time, pass };
}

test("the plan's agents are shared out, and sent again only when their number changes", () => {
  const { control, shares } = rig({ agents: 10, rampUp: "10s", duration: "1m" });
  expect(control.wanted).toBe(0);
  control.start();
  // A ramp from 0 has its first agent at once.
  for (const elapsed of [0, 100, 900, 4_000, 4_010, 20_000, 30_000]) control.tick(elapsed);
  expect(control.wanted).toBe(10);
  expect(shares()).toEqual([
    [0, 1, 3, 5],
    [0, 2, 5],
  ]);
});

test("a user's number goes before the plan's until it is taken back", () => {
  const { control, shares } = rig({ agents: 4, duration: "1m" });
  control.start();
  control.tick(0);
  control.scale(9);
  expect([control.wanted, control.scaled]).toEqual([4, 9]);
  control.tick(50);
  expect(control.wanted).toBe(9);
  control.scale(0);
  control.tick(100);
  control.scale(undefined);
  control.tick(150);
  expect(shares()).toEqual([
    [2, 5, 0, 2],
    [2, 4, 0, 2],
  ]);
});

test("nothing is shared out before the start, before the first tick, or after the end", () => {
  const { control, shares, join } = rig({ agents: 4, duration: "1m" }, 1);
  control.shareOut();
  control.tick(0);
  expect([control.wanted, shares()]).toEqual([4, [[]]]);
  control.start();
  control.shareOut();
  join();
  control.shareOut();
  control.stop();
  control.tick(10);
  control.scale(8);
  control.tick(20);
  control.shareOut();
  expect(shares()).toEqual([[4, 2], [2]]);
});

test("a control that has started shares nothing out before the plan was read once", () => {
  const { control, shares } = rig({ agents: 4, duration: "1m" }, 1);
  control.start();
  control.shareOut();
  expect(shares()).toEqual([[]]);
});

test("arrivals of an open load are handed out when they are due, with the time that they were due", () => {
  const { control, arrivals, dropped, time, pass } = rig({
    agents: 4,
    arrivals: [
      { rate: 10, duration: "0s" },
      { rate: 10, duration: "1s" },
    ],
  });
  control.start();
  control.tick(0);
  control.startArrivals(() => time.elapsed);
  pass(1_500);
  expect(arrivals().length).toBe(10);
  for (const [index, at] of [...arrivals()].sort((a, b) => a - b).entries())
    expect(Math.abs(at - (1_000_000 + (index + 0.5) * 100))).toBeLessThanOrEqual(51);
  expect(dropped).toEqual([]);
});

test("arrivals that no worker can take are dropped with their time; none come after the end", () => {
  const { control, arrivals, dropped, time, pass } = rig(
    {
      agents: 4,
      arrivals: [
        { rate: 10, duration: "0s" },
        { rate: 10, duration: "1s" },
      ],
    },
    0,
  );
  control.start();
  control.tick(0);
  control.startArrivals(() => time.elapsed);
  pass(500);
  const before = dropped.length;
  expect(before).toBeGreaterThanOrEqual(4);
  expect(dropped.every((at) => at > 1_000_000 && at <= 1_000_500)).toBe(true);
  control.stop();
  pass(1_000);
  expect([arrivals(), dropped.length]).toEqual([[], before]);
});

test("a closed load has no arrivals", () => {
  const { control, arrivals, dropped, time, pass } = rig({ agents: 4, duration: "1m" });
  control.start();
  control.startArrivals(() => time.elapsed);
  pass(100);
  expect([arrivals(), dropped]).toEqual([[], []]);
});
