import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { OpenSessions } from "./open-sessions.ts";

const started = (session: string) =>
  ({ type: "session_started", session, trace: `t-${session}` }) as unknown as Event;
const sent = (session: string, step: number) =>
  ({
    type: "action_sent",
    session,
    step,
    target: "shop",
    method: "GET",
    path: `/${step}`,
    at: 1,
  }) as unknown as Event;
const answered = (session: string, step: number) => ({ type: "step", session, step }) as unknown as Event;
const ended = (type: "session_ended" | "session_interrupted", session: string) =>
  ({ type, session }) as unknown as Event;
const flight = (session: string, step: number, trace = `t-${session}`) => ({
  session,
  trace,
  step,
  target: "shop",
  method: "GET",
  path: `/${step}`,
});
const open = (...events: Event[]) => {
  const sessions = new OpenSessions();
  for (const event of events) sessions.add(event);
  return sessions;
};

test.each<[string, Event[], object[]]>([
  ["was not answered", [started("a"), sent("a", 1)], [flight("a", 1)]],
  ["was answered", [started("a"), sent("a", 1), answered("a", 1)], []],
  [
    "follows the one that was answered",
    [started("a"), sent("a", 1), answered("a", 1), sent("a", 2)],
    [flight("a", 2)],
  ],
  ["is not the one that was answered", [started("a"), sent("a", 2), answered("a", 1)], [flight("a", 2)]],
  ["is of another session", [started("a"), started("b"), sent("a", 1), answered("b", 1)], [flight("a", 1)]],
  ["is of a session that ended", [started("a"), sent("a", 1), ended("session_ended", "a")], []],
  ["was cut off", [started("a"), sent("a", 1), ended("session_interrupted", "a")], [flight("a", 1)]],
  [
    "was answered before the cut",
    [started("a"), sent("a", 1), answered("a", 1), ended("session_interrupted", "a")],
    [],
  ],
  ["is of a session whose beginning was lost", [sent("a", 1)], [flight("a", 1, "")]],
  ["is of a session that is not known", [answered("a", 1), ended("session_interrupted", "a")], []],
])("an action that %s", (_name, events, inFlight) => {
  expect(open(...events).inFlight).toEqual(inFlight);
});

test("the trace of an open session is known until it ends", () => {
  const sessions = open(started("a"));
  expect([sessions.traceOf("a"), sessions.traceOf("b")]).toEqual(["t-a", ""]);
  sessions.add(ended("session_interrupted", "a"));
  expect(sessions.traceOf("a")).toBe("");
});

test("actions in flight of other processes come before those of open sessions", () => {
  const sessions = open(started("a"), sent("a", 1));
  sessions.addCutOff([flight("x", 9)] as never);
  expect(sessions.inFlight).toEqual([flight("x", 9), flight("a", 1)]);
  expect(sessions.inFlight).toHaveLength(2);
});
