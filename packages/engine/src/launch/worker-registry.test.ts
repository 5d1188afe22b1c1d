import { expect, test } from "vitest";
import type { ToWorker } from "../worker/protocol.ts";
import { WorkerRegistry } from "./worker-registry.ts";

/** A registry of ready workers, and what each was sent. */
function context(count: number) {
  const registry = new WorkerRegistry();
  const sent: ToWorker[][] = [];
  const killed: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const messages: ToWorker[] = [];
    sent.push(messages);
    registry.join({
      index,
      pid: 100 + index,
      send: (message) => void messages.push(message),
      kill: () => void killed.push(index),
    });
    registry.ready(index);
  }
  const wanted = (): (number | undefined)[] =>
    sent.map((messages) => {
      const last = messages.at(-1);
      return last?.type === "agents" ? last.wanted : undefined;
    });
  return { registry, sent, killed, wanted };
}

test("wanted agents are shared out over those that are ready, stay and are there", () => {
  const { registry, wanted } = context(3);
  registry.join({ index: 3, pid: 103, send: () => undefined, kill: () => undefined });
  registry.shareOut(10);
  expect(wanted()).toEqual([4, 3, 3]);
  registry.markLeaving(0);
  registry.markExited(1);
  registry.shareOut(10);
  expect(wanted()).toEqual([4, 3, 10]);
  expect(registry.shown(10).map(({ pid, agents }) => [pid, agents])).toEqual([
    [100, 4],
    [102, 3],
    [103, 3],
  ]);
});

test("an arrival goes to the worker with the most free agents, and to some worker where none is free", () => {
  const { registry, sent } = context(2);
  const taken = (): number[] =>
    sent.map((messages) => messages.filter(({ type }) => type === "arrive").length);
  for (let n = 0; n < 3; n += 1) expect(registry.arrive(3, n)).toBe(true);
  expect(taken()).toEqual([2, 1]);
  // Both are taken up: the first is sent, finds nobody free and says so.
  expect(registry.arrive(3, 3)).toBe(true);
  expect(taken()).toEqual([3, 1]);
  registry.freed(0, 1);
  registry.freed(1, 1);
  expect(registry.arrive(3, 4)).toBe(true);
  expect(taken()).toEqual([3, 2]);
  expect(sent[1]?.at(-1)).toEqual({ type: "arrive", scheduledAt: 4 });
});

test("an arrival finds no worker where all are leaving or gone", () => {
  const { registry } = context(2);
  registry.markLeaving(0);
  registry.markExited(1);
  expect(registry.arrive(3, 0)).toBe(false);
});

test("who has gone is not killed, and all may be gone", () => {
  const { registry, killed } = context(2);
  registry.markExited(0);
  expect([registry.isThere(0), registry.isThere(1), registry.isThere(2)]).toEqual([false, true, false]);
  expect([registry.knows(0), registry.knows(2)]).toEqual([true, false]);
  registry.kill();
  expect(killed).toEqual([1]);
  expect(registry.allExited).toBe(false);
  registry.markExited(1);
  expect(registry.allExited).toBe(true);
});
