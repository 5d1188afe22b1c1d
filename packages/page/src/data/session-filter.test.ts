import type { Report } from "@ape/core/report/report";
import type { ReportSession } from "@ape/core/report/report-session";
import { expect, test } from "vitest";
import { filterSessions, filterValues, wantedSession } from "./session-filter.ts";

function session(
  id: string,
  operations: readonly string[],
  more: Partial<ReportSession> = {},
): ReportSession {
  const steps = operations.map((operation, index) => ({ step: index + 1, action: { operation } }));
  return {
    session: id,
    goal: "buy",
    worker: "0",
    outcome: "succeeded",
    steps,
    ...more,
  } as unknown as ReportSession;
}

const sessions = [
  session("a", ["POST /login", "GET /products"]),
  session("b", ["POST /login", "POST /orders"], { outcome: "failed", attribution: "target", worker: "10" }),
  session("c", ["GET /products"], { goal: "look", persona: "careful", worker: "2" }),
];
const report = { sessions, failures: [{ sessions: ["b"] }] } as unknown as Report;
const idsOf = (route: Record<string, string>): string[] =>
  filterSessions(report, route).map(({ session: id }) => id);

test("without a filter every session is shown; each filter selects by its value", () => {
  expect(idsOf({})).toEqual(["a", "b", "c"]);
  expect(idsOf({ outcome: "failed" })).toEqual(["b"]);
  expect(idsOf({ goal: "look", persona: "careful" })).toEqual(["c"]);
  expect(idsOf({ attribution: "target" })).toEqual(["b"]);
  expect(idsOf({ operation: "GET /products" })).toEqual(["a", "c"]);
  expect(idsOf({ failure: "0" })).toEqual(["b"]);
  expect(idsOf({ failure: "7" })).toEqual([]);
});

test("a link of the paths selects sessions that took it at that action", () => {
  expect(idsOf({ from: "POST /login", to: "GET /products", depth: "0" })).toEqual(["a"]);
  expect(idsOf({ from: "GET /products", depth: "0" })).toEqual(["c"]);
  expect(idsOf({ from: "GET /products", to: "(succeeded)", depth: "1" })).toEqual(["a"]);
  expect(idsOf({ from: "(failed)" })).toEqual(["b"]);
});

test("every word of the text must occur, in any case", () => {
  expect(idsOf({ text: "ORDERS failed" })).toEqual(["b"]);
  expect(idsOf({ text: "orders careful" })).toEqual([]);
});

test("values of a filter are in the order of numbers, without those that are missing", () => {
  expect(filterValues(sessions, "worker")).toEqual(["0", "2", "10"]);
  expect(filterValues(sessions, "persona")).toEqual(["careful"]);
});

test("an address names a session by its id or its trace, also one that the sample lacks", () => {
  const traced = { ...report, sessions: [{ ...session("a", []), trace: "t1" }] } as unknown as Report;
  expect(wantedSession(traced, {})).toBeUndefined();
  expect(wantedSession(traced, { session: "a" })?.session).toBe("a");
  expect(wantedSession(traced, { trace: "t1" })).toEqual({ name: "Trace t1", id: "t1", session: "a" });
  expect(wantedSession(traced, { trace: "t2" })).toEqual({ name: "Trace t2", id: "t2", session: undefined });
  expect(wantedSession(traced, { session: "z" })?.session).toBeUndefined();
});
