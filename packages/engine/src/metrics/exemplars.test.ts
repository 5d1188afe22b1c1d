import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { Exemplars } from "./exemplars.ts";

test("the last session of a series is its exemplar; other metrics have none", () => {
  const exemplars = new Exemplars();
  const events = plausibleEvents(40);
  for (const event of events) exemplars.add(event);
  const last = events.findLast((event) => event.type === "step" && event.action?.status === 200);
  if (last?.type !== "step" || last.action === undefined) throw new Error("no step");
  const begun = events.find((event) => event.type === "session_started" && event.session === last.session);
  if (begun?.type !== "session_started") throw new Error("no session");
  const { target, operation, durationMs } = last.action;
  const labels = { target, operation, status: "200", goal: begun.goal };
  expect(exemplars.of("action_duration", labels)).toEqual({
    trace: begun.trace,
    value: durationMs,
    at: last.at,
  });
  expect(exemplars.of("actions", labels)).toBeUndefined();
  expect(exemplars.of("action_duration", { ...labels, goal: "other" })).toBeUndefined();
});
