import type { ActionRecord, Event, SessionEnded, SessionStarted, StepEnded } from "@ape/core/protocol/events";

/** The beginning of a session. */
export const sessionStarted = (session: string, goal = "buy"): SessionStarted => ({
  type: "session_started",
  at: 1,
  session,
  trace: "",
  agent: "a",
  goal,
});

/** A step with an action that went well; what of it matters to a test can be replaced. */
export const stepEnded = (
  session: string,
  action: Partial<ActionRecord> & Pick<ActionRecord, "operation">,
  more: Partial<StepEnded> = {},
): Event => ({
  type: "step",
  at: 1,
  session,
  step: 1,
  source: "model",
  tool: "http_get",
  args: {},
  decisionMs: 1,
  thinkMs: 0,
  queueMs: 0,
  action: {
    target: "shop",
    method: "GET",
    path: "/",
    status: 200,
    durationMs: 1,
    timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
    attempts: [],
    failed: false,
    ...action,
  },
  ...more,
});

/** The end of a session. */
export const sessionEnded = (
  session: string,
  goal = "buy",
  outcome: SessionEnded["outcome"] = "succeeded",
): SessionEnded => ({
  type: "session_ended",
  at: 1,
  session,
  goal,
  outcome,
  reason: "",
  steps: 1,
  durationMs: 1,
  checks: [],
});
