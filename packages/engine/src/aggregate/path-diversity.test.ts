import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { sessionEnded, sessionStarted, stepEnded } from "../../test/session-events.ts";
import { PathDiversity } from "./path-diversity.ts";

/** The events of a session that sends these operations. */
function session(id: string, operations: readonly string[], goal = "buy", ends = true): Event[] {
  return [
    sessionStarted(id, goal),
    ...operations.map((operation, index) => stepEnded(id, { operation }, { step: index + 1 })),
    ends
      ? sessionEnded(id, goal, "failed")
      : { type: "session_interrupted", at: 1, session: id, goal, steps: 1, durationMs: 1 },
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

test("what several processes counted apart is the same together, whatever the order of their operations", () => {
  const parts = [
    [session("a", ["A", "B"]), session("b", ["B"]), session("c", [])],
    [session("d", ["B", "A"]), session("e", ["B"]), session("f", ["C"], "look")],
  ];
  const merged = new PathDiversity();
  for (const part of parts) {
    const one = new PathDiversity();
    for (const event of part.flat()) one.add(event);
    merged.merge(JSON.parse(JSON.stringify(one.snapshot())));
  }
  const all = realism(parts.flat());
  const sorted = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort())
        : part,
    );
  expect(sorted(merged.byGoal)).toEqual(sorted(all));
  expect(all.buy?.lengths).toEqual({ "0": 1, "1": 2, "2": 2 });
  const restored = new PathDiversity();
  restored.restore(merged.snapshot());
  expect(restored.snapshot().goals).toEqual(merged.snapshot().goals);
  const looked = new PathDiversity();
  for (const event of session("a", ["A"])) looked.add(event);
  const continued = new PathDiversity();
  continued.restore(looked.snapshot());
  expect(continued.snapshot().looked).toBe(1);
});

test("paths beyond the bound are one, also of a snapshot, and keep their number", () => {
  const full = new PathDiversity();
  for (let n = 0; n < 5_000; n += 1)
    for (const event of session(`s${n}`, n.toString(2).split(""))) full.add(event);
  for (const event of session("more", ["A", "B"])) full.add(event);
  const one = new PathDiversity();
  for (const id of ["x", "y"]) for (const event of session(id, ["B"])) one.add(event);
  for (const event of session("z", ["1"])) one.add(event);
  full.merge(one.snapshot());
  full.merge({
    ...one.snapshot(),
    goals: one.snapshot().goals.map((goal) => ({ ...goal, paths: [], otherPaths: 4 })),
  });
  const [goal] = full.snapshot().goals;
  expect([goal?.paths.length, goal?.otherPaths, goal?.sessions]).toEqual([5_000, 7, 5_007]);
});

test("goals beyond the bound are one, and steps of unknown sessions none", () => {
  const all = realism([
    ...Array.from({ length: 50 }, (_, n) => session(`s${n}`, ["A"], `g${n}`)),
    session("t", ["A"], "g50"),
    session("u", ["A"], "g51"),
    session("v", ["A"], "g0"),
    [stepEnded("nobody", { operation: "A" })],
  ]);
  expect(Object.keys(all)).toHaveLength(51);
  expect([all.other?.sessions, all.g0?.sessions]).toEqual([2, 2]);
});
