import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { PathDiversity } from "./path-diversity.ts";

/** The events of a session that sends these operations. */
function session(id: string, operations: readonly string[], goal = "buy", ends = true): Event[] {
  const at = 1;
  return [
    { type: "session_started", at, session: id, trace: "", agent: "a", goal },
    ...operations.map(
      (operation, index): Event => ({
        type: "step",
        at,
        session: id,
        step: index + 1,
        source: "model",
        tool: "http_get",
        args: {},
        decisionMs: 1,
        thinkMs: 0,
        queueMs: 0,
        action: {
          target: "shop",
          operation,
          method: "GET",
          path: "/",
          status: 200,
          durationMs: 1,
          timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
          attempts: [],
          failed: false,
        },
      }),
    ),
    ends
      ? {
          type: "session_ended",
          at,
          session: id,
          goal,
          outcome: "failed",
          reason: "",
          steps: 1,
          durationMs: 1,
          checks: [],
        }
      : { type: "session_interrupted", at, session: id, goal, steps: 1, durationMs: 1 },
  ];
}

function realism(sessions: readonly Event[][]): PathDiversity["byGoal"] {
  const all = new PathDiversity();
  for (const events of sessions) for (const event of events) all.add(event);
  return all.byGoal;
}

test("all on one path: one distinct path, no entropy, everything in the matrix", () => {
  const { buy } = realism(Array.from({ length: 250 }, (_, n) => session(`s${n}`, ["A", "B"])));
  expect(buy).toEqual({
    sessions: 250,
    distinctPathsPer100: 1,
    pathEntropyBits: 0,
    modalShare: 1,
    modalPath: ["A", "B"],
    lengths: { "2": 250 },
    transitions: { "(begin)": { A: 250 }, A: { B: 250 }, B: { "(end)": 250 } },
    values: {},
  });
});

test("two paths of three to one, a goal of its own, and a session that was cut off", () => {
  const { buy, look } = realism([
    ...Array.from({ length: 30 }, (_, n) => session(`a${n}`, ["A", "A", "B"])),
    ...Array.from({ length: 10 }, (_, n) => session(`b${n}`, ["B"])),
    session("c", ["C"], "look"),
    session("d", ["D"], "buy", false),
  ]);
  expect(buy).toMatchObject({
    sessions: 40,
    distinctPathsPer100: 2,
    pathEntropyBits: 0.8113,
    modalShare: 0.75,
  });
  expect(buy?.transitions).toEqual({
    "(begin)": { A: 30, B: 10 },
    A: { A: 30, B: 30 },
    B: { "(end)": 40 },
  });
  expect(buy?.lengths).toEqual({ "1": 10, "3": 30 });
  expect(look?.sessions).toBe(1);
});

test("the number of distinct paths does not grow with the sessions that are looked at", () => {
  const of = (sessions: number) =>
    realism(Array.from({ length: sessions }, (_, n) => session(`s${n}`, [`P${n % 10}`])))?.buy
      ?.distinctPathsPer100 ?? 0;
  expect(of(1_000)).toBeGreaterThan(9.9);
  expect(of(2_000)).toBeCloseTo(of(1_000), 1);
});

test("what is kept is bounded: operations, lengths, paths", () => {
  const { buy } = realism([
    ...Array.from({ length: 6_000 }, (_, n) => session(`s${n}`, (n + 1).toString(2).split(""))),
    ...Array.from({ length: 300 }, (_, n) => session(`o${n}`, [`OP${n}`])),
    session(
      "long",
      Array.from({ length: 900 }, () => "A"),
    ),
  ]);
  expect(buy?.sessions).toBe(6_301);
  expect(Object.keys(buy?.transitions ?? {}).length).toBeLessThan(70);
  expect(buy?.transitions.other).toBeDefined();
  expect(buy?.lengths["200"]).toBe(1);
  expect(buy?.pathEntropyBits).toBeGreaterThan(8);
});
