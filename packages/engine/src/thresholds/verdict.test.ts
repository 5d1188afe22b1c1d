import { expect, test } from "vitest";
import type { JudgedThreshold } from "./thresholds.ts";
import { verdictOf } from "./verdict.ts";

const good = { started: 100, ended: 90, interrupted: 10 };
const cutOff = { started: 100, ended: 89, interrupted: 11 };
const judged = (ok: boolean): JudgedThreshold => ({
  metric: "session_success",
  expression: "rate>0.95",
  ok,
  actual: 0.5,
  abort: false,
});
const ending = (status: "finished" | "interrupted" | "aborted" | "crashed") => ({
  status,
  reason: "so it ended",
  durationMs: 100_000,
  busAwayMs: 0,
});

test.each([
  ["finished", good, true, "finished", "ok"],
  ["finished", good, false, "finished", "thresholds"],
  ["finished", cutOff, true, "inconclusive", "inconclusive"],
  ["finished", cutOff, false, "inconclusive", "thresholds"],
  ["finished", { started: 0, ended: 0, interrupted: 0 }, true, "inconclusive", "inconclusive"],
  ["aborted", cutOff, false, "aborted", "aborted"],
  ["interrupted", cutOff, false, "interrupted", "interrupted"],
  ["crashed", cutOff, false, "crashed", "crashed"],
] as const)("%s with %o and thresholds ok: %s is %s, exit %s", (status, sessions, ok, shown, exit) => {
  expect(verdictOf(ending(status), sessions, [judged(true), judged(ok)])).toMatchObject({
    status: shown,
    exit,
  });
});

test("the reason names what was crossed and why there is no verdict", () => {
  const { reason } = verdictOf(ending("finished"), cutOff, [judged(false)]);
  expect(reason).toBe(
    "so it ended; threshold crossed: session_success rate>0.95; 11 of 100 sessions were cut off, so there is no verdict",
  );
});

test.each([
  [
    9_000,
    "finished",
    "ok",
    "so it ended; the message bus did not answer for 9.0 of 100.0 s, in which agents waited",
  ],
  [
    11_000,
    "inconclusive",
    "inconclusive",
    "so it ended; the message bus did not answer for 11.0 of 100.0 s, in which agents waited; that is more than a tenth of the run, so there is no verdict",
  ],
])(
  "a message bus that was away for %d ms is named, and leaves no verdict if it was long",
  (busAwayMs, status, exit, reason) => {
    const end = { ...ending("finished"), busAwayMs };
    expect(verdictOf(end, good, [judged(true)])).toEqual({ status, exit, reason });
    expect(verdictOf(end, good, [judged(false)]).exit).toBe("thresholds");
  },
);

test.each<[string, Parameters<typeof verdictOf>[0], Parameters<typeof verdictOf>[1], number, object]>([
  [
    "an error leads to its own exit",
    { ...ending("crashed"), error: "MODEL_UNUSABLE" },
    good,
    0,
    { status: "crashed", exit: "unusable", reason: "so it ended" },
  ],
  [
    "an error of a run that finished, too",
    { ...ending("finished"), error: "MODEL_UNUSABLE" },
    good,
    1,
    {
      status: "finished",
      exit: "unusable",
      reason: "so it ended; threshold crossed: session_success rate>0.95",
    },
  ],
  [
    "damaged events leave no verdict, before any other doubt",
    { ...ending("finished"), damage: "part 1 is damaged" },
    cutOff,
    0,
    { status: "inconclusive", exit: "inconclusive", reason: "so it ended; part 1 is damaged" },
  ],
  [
    "a run in which no session ended has no verdict",
    ending("finished"),
    { started: 5, ended: 0, interrupted: 5 },
    0,
    { status: "inconclusive", reason: "so it ended; no session ended, so there is no verdict" },
  ],
  [
    "several crossed thresholds are counted",
    { ...ending("finished"), reason: "" },
    good,
    2,
    { exit: "thresholds", reason: "2 thresholds crossed, session_success rate>0.95 among them" },
  ],
  [
    "a tenth of the run without its message bus is no doubt",
    { ...ending("finished"), busAwayMs: 10_000 },
    good,
    0,
    { status: "finished", exit: "ok" },
  ],
])("%s", (_what, end, sessions, crossed, verdict) => {
  const thresholds = Array.from({ length: crossed }, () => judged(false));
  expect(verdictOf(end, sessions, thresholds)).toMatchObject(verdict);
});
