import { expect, test } from "vitest";
import type { ToWorker } from "../worker/protocol.ts";
import { WorkerRegistry } from "./worker-registry.ts";

/** A roster of ready workers, and what each was told. */
function crew(count: number) {
  const roster = new WorkerRegistry();
  const told: ToWorker[][] = [];
  const killed: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const messages: ToWorker[] = [];
    told.push(messages);
    roster.join({
      index,
      pid: 100 + index,
      send: (message) => void messages.push(message),
      kill: () => void killed.push(index),
    });
    roster.ready(index);
  }
  const wanted = (): (number | undefined)[] =>
    told.map((messages) => {
      const last = messages.at(-1);
      return last?.type === "agents" ? last.wanted : undefined;
    });
  return { roster, told, killed, wanted };
}

test("wanted agents are shared out over those that are ready, stay and are there", () => {
  const { roster, wanted } = crew(3);
  roster.join({ index: 3, pid: 103, send: () => undefined, kill: () => undefined });
  roster.shareOut(10);
  expect(wanted()).toEqual([4, 3, 3]);
  roster.leaving(0);
  roster.gone(1);
  roster.shareOut(10);
  expect(wanted()).toEqual([4, 3, 10]);
  expect(roster.shown(10).map(({ pid, agents }) => [pid, agents])).toEqual([
    [100, 4],
    [102, 3],
    [103, 3],
  ]);
});

test("an arrival goes to the worker with the most free agents, and to some worker where none is free", () => {
  const { roster, told } = crew(2);
  const taken = (): number[] =>
    told.map((messages) => messages.filter(({ type }) => type === "arrive").length);
  for (let n = 0; n < 3; n += 1) expect(roster.arrive(3, n)).toBe(true);
  expect(taken()).toEqual([2, 1]);
  // Both are taken up: the first is told, finds nobody free and says so.
  expect(roster.arrive(3, 3)).toBe(true);
  expect(taken()).toEqual([3, 1]);
  roster.freed(0, 1);
  roster.freed(1, 1);
  expect(roster.arrive(3, 4)).toBe(true);
  expect(taken()).toEqual([3, 2]);
  expect(told[1]?.at(-1)).toEqual({ type: "arrive", scheduledAt: 4 });
});

test("an arrival finds no worker where all are leaving or gone", () => {
  const { roster } = crew(2);
  roster.leaving(0);
  roster.gone(1);
  expect(roster.arrive(3, 0)).toBe(false);
});

test("who has gone is not killed, and all may be gone", () => {
  const { roster, killed } = crew(2);
  roster.gone(0);
  expect([roster.isThere(0), roster.isThere(1), roster.isThere(2)]).toEqual([false, true, false]);
  expect([roster.knows(0), roster.knows(2)]).toEqual([true, false]);
  roster.kill();
  expect(killed).toEqual([1]);
  expect(roster.allGone).toBe(false);
  roster.gone(1);
  expect(roster.allGone).toBe(true);
});
