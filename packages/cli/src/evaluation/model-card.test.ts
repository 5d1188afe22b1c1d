import type { Event, InferenceEnded } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { expect, test } from "vitest";
import { crossedSummary } from "../../test/test-io.ts";
import { modelCardText } from "../output/model-card.ts";
import { colours } from "../output/style.ts";
import { ModelCardCounter } from "./model-card.ts";

const MODEL = { provider: "custom", name: "small", simulated: false };

const call = (over: Partial<InferenceEnded> = {}): Event => ({
  type: "inference",
  at: 1,
  inference: "i",
  session: "s",
  step: 1,
  provider: "custom",
  model: "small",
  streamed: true,
  status: 200,
  attempts: 1,
  queueMs: 0,
  firstTokenMs: 100,
  durationMs: 300,
  inputTokens: 1_000,
  outputTokens: 10,
  cachedTokens: 400,
  costUsd: 0.002,
  ...over,
});

const invalid = (reason: string): Event => ({
  type: "decision_invalid",
  at: 1,
  session: "s",
  step: 1,
  reason,
});

const results = (byGoal: Summary["sessions"]["byGoal"], metrics: Summary["metrics"] = {}): Summary => ({
  ...crossedSummary,
  run: { ...crossedSummary.run, model: MODEL },
  sessions: { ...crossedSummary.sessions, byGoal },
  metrics,
});

const text = (counter: ModelCardCounter): string =>
  modelCardText(counter.card(MODEL), colours({ isTty: false }, { LANG: "C.UTF-8" }));

test("the card counts sessions by goal and kind, answers, repairs, tokens and times", () => {
  const counter = new ModelCardCounter();
  for (let index = 0; index < 4; index += 1) counter.event(call());
  counter.event(invalid("your last answer was text"));
  counter.run(
    "rest",
    results(
      { "rest-look": { started: 2, ended: 2, succeeded: 1 } },
      { 'decisions_repaired{kind:"text_call"}': { type: "counter", unit: "1", values: { count: 3 } } },
    ),
  );
  counter.run("web", results({ "web-look": { started: 2, ended: 2, succeeded: 2 } }));
  const card = counter.card(MODEL);
  expect(card).toMatchObject({
    model: MODEL,
    sessions: { sessions: 4, succeeded: 3 },
    byKind: {
      rest: { sessions: 2, succeeded: 1, goals: { "rest-look": { sessions: 2, succeeded: 1 } } },
      web: { sessions: 2, succeeded: 2 },
    },
    decisions: {
      answers: 4,
      validPct: 75,
      repaired: { text_call: 3 },
      invalid: { "your last answer was text": 1 },
    },
    perSession: { inputTokens: 1_000, cachedTokens: 400, outputTokens: 10, costUsd: 0.002 },
    timeToFirstToken: { medianMs: 100, p95Ms: 100 },
    untried: null,
  });
  expect(text(counter)).toContain("small (custom): 3 of 4 sessions reached their goal");
  expect(text(counter)).toMatch(/valid decisions +75% of 4 +too few/);
});

test("a call that failed is no answer, and its error is shown", () => {
  const counter = new ModelCardCounter();
  counter.event(call({ error: "401 from custom: wrong key", status: 401, inputTokens: 0, outputTokens: 0 }));
  counter.run("rest", results({ "rest-look": { started: 1, ended: 1, succeeded: 0 } }));
  const card = counter.card(MODEL);
  expect(card.decisions).toMatchObject({ answers: 0, validPct: null });
  expect(card.timeToFirstToken).toBeNull();
  expect(text(counter)).toContain("1 x 401 from custom: wrong key");
});

test("reasons are bounded however many ways a model finds to err", () => {
  const counter = new ModelCardCounter();
  for (let index = 0; index < 5_000; index += 1) {
    counter.event(call());
    counter.event(invalid(`error ${index}`));
  }
  const { decisions } = counter.card(MODEL);
  expect(decisions.validPct).toBe(0);
  expect(Object.keys(decisions.invalid)).toHaveLength(5);
});

test("nothing that was measured is nothing that is claimed", () => {
  const counter = new ModelCardCounter();
  const card = counter.card(MODEL, { goals: ["rest-look"], because: "the provider is down" });
  expect(card).toMatchObject({ perSession: null, timeToFirstToken: null, answerTime: null });
  expect(modelCardText(card, colours({ isTty: false }, {}))).toContain("rest-look (the provider is down)");
});

test("a price that nobody knows is no cost of zero", () => {
  const counter = new ModelCardCounter();
  counter.event(call({ costUsd: 0 }));
  counter.run("rest", results({ "rest-look": { started: 1, ended: 1, succeeded: 1 } }));
  expect(text(counter)).toMatch(/cost per session +no price known/);
  expect(text(counter)).not.toContain("$0");
});

test("a model whose calls all failed is known by the commonest error, one that answered once is not", () => {
  const counter = new ModelCardCounter();
  expect(counter.neverAnswered).toBeUndefined();
  counter.event(call({ error: "refused: no" }));
  for (let index = 0; index < 2; index += 1) counter.event(call({ error: "limit: later" }));
  expect(counter.neverAnswered).toBe("limit: later");
  counter.event(call());
  expect(counter.neverAnswered).toBeUndefined();
});
