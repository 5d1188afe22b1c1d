import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { SessionCounts } from "./session-counts.ts";

const started = (goal: string, persona?: string) =>
  ({ type: "session_started", goal, ...(persona === undefined ? {} : { persona }) }) as unknown as Event;
const ended = (goal: string, outcome: string, more: object = {}) =>
  ({ type: "session_ended", goal, outcome, ...more }) as unknown as Event;
const EVENTS: Event[] = [
  started("buy", "calm"),
  started("buy", "hasty"),
  started("sell"),
  started("sell"),
  ended("buy", "succeeded", { persona: "calm" }),
  ended("buy", "gave_up", { persona: "hasty", attribution: "target" }),
  ended("sell", "failed"),
  { type: "session_interrupted" } as unknown as Event,
  { type: "session_dropped" } as unknown as Event,
  { type: "session_dropped" } as unknown as Event,
];
const counted = (events: readonly Event[]) => {
  const counts = new SessionCounts();
  for (const event of events) counts.add(event);
  return counts;
};

test("sessions are counted by outcome, goal, persona and attribution", () => {
  const { sessions, attribution } = counted(EVENTS);
  expect(sessions).toMatchObject({
    started: 4,
    ended: 3,
    succeeded: 1,
    interrupted: 1,
    dropped: 2,
    byOutcome: { succeeded: 1, gave_up: 1, failed: 1 },
    byGoal: { buy: { started: 2, ended: 2, succeeded: 1 }, sell: { started: 2, ended: 1, succeeded: 0 } },
    byPersona: {
      calm: { started: 1, ended: 1, succeeded: 1, gaveUp: 0 },
      hasty: { started: 1, ended: 1, succeeded: 0, gaveUp: 1 },
    },
  });
  expect(attribution).toMatchObject({
    target: 1,
    infrastructure: 1,
    simulation: 0,
    inference: 0,
    unclear: 0,
  });
});

test("what two processes counted adds up to what one would have counted", () => {
  const parts = [counted(EVENTS.slice(0, 5)), counted(EVENTS.slice(5))];
  const sum = new SessionCounts();
  for (const part of parts) {
    const { sessions, attribution } = part.take();
    sum.merge(sessions, attribution);
    expect(part.sessions).toEqual(new SessionCounts().sessions);
    expect(part.attribution).toEqual(new SessionCounts().attribution);
  }
  expect(sum.sessions).toEqual(counted(EVENTS).sessions);
  expect(sum.attribution).toEqual(counted(EVENTS).attribution);
});

test("of goals and personas 200 have their own counts, whatever their names; the others share one", () => {
  const counts = new SessionCounts();
  counts.add(started("toString", "__proto__x"));
  for (let n = 0; n < 250; n += 1) counts.add(started(`g${n}`, `p${n}`));
  counts.add(started("g0", "p0"));
  const { byGoal, byPersona } = counts.sessions;
  expect([Object.keys(byGoal).length, Object.keys(byPersona).length]).toEqual([201, 201]);
  expect([byGoal.toString, byGoal.g0, byGoal.g198, byGoal.g199]).toMatchObject([
    { started: 1 },
    { started: 2 },
    { started: 1 },
    undefined,
  ]);
  expect([byGoal.other?.started, byPersona.other?.started]).toEqual([51, 51]);
});
