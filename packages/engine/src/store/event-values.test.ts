import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { sessionEnded, stepEnded } from "../../test/session-events.ts";
import { hasEventValues } from "./event-values.ts";

/** A step or an end with a value at a path such as `action.timing`. */
function damaged(event: Event, path: string, value: unknown): Event {
  const copy = structuredClone(event) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  let at = copy;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1) as string] = value;
  return copy as unknown as Event;
}
const STEP = stepEnded("s", { operation: "GET /a" });
const END = { ...sessionEnded("s"), checks: [{ label: "l", held: true, evidence: "e" }] } as unknown as Event;

test.each<[Event, string, unknown, boolean]>([
  [STEP, "step", 1, true],
  [STEP, "session", 5, false],
  [STEP, "tool", null, false],
  [STEP, "gained", ["a"], true],
  [STEP, "gained", [1], false],
  [STEP, "gained", "a", false],
  [STEP, "repairs", [], true],
  [STEP, "repairs", "a", false],
  [STEP, "action", undefined, true],
  [STEP, "action.target", undefined, false],
  [STEP, "action.operation", 5, false],
  [STEP, "action.path", 5, false],
  [STEP, "action.timing", null, false],
  [STEP, "action.timing", 5, false],
  [STEP, "action.attempts", {}, false],
  [STEP, "action.attempts", [{ duration: 1 }], true],
  [STEP, "action.attempts", [{ duration: "1" }], false],
  [STEP, "action.attempts", [null], false],
  [STEP, "action.error", { code: "timeout", message: "m" }, true],
  [STEP, "action.error", { code: "timeout" }, false],
  [STEP, "action.error", { message: "m" }, false],
  [STEP, "action.error", null, false],
  [END, "steps", 1, true],
  [END, "outcome", 5, false],
  [END, "checks", {}, false],
  [END, "checks", [{ label: 1, evidence: "e" }], false],
  [END, "checks", [{ label: "l" }], false],
])("%j with %s as %j is an event: %j", (event, path, value, is) => {
  expect(hasEventValues(damaged(event, path, value))).toBe(is);
});
