import { type SimulationConfig, inferenceSchema as schema } from "@ape/core/config/inference";
import type { PlannedAnswer } from "@ape/planner/planner";
import { expect, test } from "vitest";
import { chat } from "../../test/peer.ts";
import { drawResponse, type SimulatedResponse } from "./simulated-response.ts";

const PLANNED: PlannedAnswer = {
  content: "",
  toolCalls: [
    { name: "http_post", arguments: '{"path":"/cart/items","data":{"id":"p1","quantity":2,"gift":false}}' },
  ],
};
const planner = { plan: (): PlannedAnswer => PLANNED };

function draw(simulation: object, seed: number, attempt = 1): SimulatedResponse {
  return drawResponse(planner, configured(simulation), chat(), seed, attempt);
}

function configured(simulation: object): SimulationConfig {
  return schema.parse({ simulation }).simulation;
}

const SEEDS = Array.from({ length: 2_000 }, (_, seed) => seed);

test("without errors configured, every answer is the planned one", () => {
  for (const seed of SEEDS.slice(0, 200))
    expect(draw({}, seed)).toMatchObject({ answer: PLANNED, limitedFor: undefined, stalled: false });
});

test("the time to the first token has the configured median and 95th percentile", () => {
  const times = SEEDS.map(
    (seed) => draw({ firstToken: { median: "40ms", p95: "120ms" } }, seed).firstTokenMs,
  ).sort((a, b) => a - b);
  const median = times[1_000] ?? 0;
  const p95 = times[1_900] ?? 0;
  expect(median).toBeGreaterThan(36);
  expect(median).toBeLessThan(44);
  expect(p95).toBeGreaterThan(105);
  expect(p95).toBeLessThan(137);
});

test("the rest takes as long as its tokens at the configured rate", () => {
  const response = draw({ tokensPerSecond: 100 }, 1);
  expect(response.restMs).toBeCloseTo((response.outputTokens - 1) * 10);
});

test("the same seed and attempt draw the same, another attempt draws anew", () => {
  const errors = { errors: { malformed: 0.3, prose: 0.3 } };
  expect(draw(errors, 5)).toEqual(draw(errors, 5));
  expect(draw(errors, 5).firstTokenMs).not.toBe(draw(errors, 5, 2).firstTokenMs);
});

test.each([
  ["malformed", (response: SimulatedResponse) => !isJson(response.answer.toolCalls[0]?.arguments)],
  [
    "prose",
    (response: SimulatedResponse) => response.answer.toolCalls.length === 0 && response.answer.content !== "",
  ],
  [
    "inventedPath",
    (response: SimulatedResponse) =>
      argumentsOf(response).path !== "/cart/items" &&
      String(argumentsOf(response).path).endsWith("/cart/items"),
  ],
  [
    "wrongArguments",
    (response: SimulatedResponse) =>
      JSON.stringify(argumentsOf(response).data) !== '{"id":"p1","quantity":2,"gift":false}',
  ],
  ["rateLimited", (response: SimulatedResponse) => (response.limitedFor ?? 0) > 0],
  ["stalled", (response: SimulatedResponse) => response.stalled],
])("%s errors come at their rate", (name, erred) => {
  const always = { errors: { [name]: 1 } };
  for (const seed of SEEDS.slice(0, 100)) expect(erred(draw(always, seed))).toBe(true);
  const some = SEEDS.filter((seed) => erred(draw({ errors: { [name]: 0.2 } }, seed))).length;
  expect(some).toBeGreaterThan(330);
  expect(some).toBeLessThan(470);
});

function argumentsOf(response: SimulatedResponse): Record<string, unknown> {
  return JSON.parse(response.answer.toolCalls[0]?.arguments ?? "{}") as Record<string, unknown>;
}

function isJson(text = ""): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ["call_tool", { name: "sum", arguments: { a: 1 } }, "name", "arguments"],
  ["submit_form", { form: "in", fields: { a: "x" } }, "form", "fields"],
  ["graphql", { query: "query a($b: Int) { a(b: $b) { c } }", variables: { b: 1 } }, "query", "variables"],
])("calls with %s can be spoilt, too", (name, args, invented, spoilt) => {
  const planned: PlannedAnswer = { content: "", toolCalls: [{ name, arguments: JSON.stringify(args) }] };
  const drawn = (error: string) =>
    argumentsOf(
      drawResponse({ plan: () => planned }, configured({ errors: { [error]: 1 } }), chat(), 1, 1),
    ) as Record<string, unknown>;
  const kept = args as Record<string, unknown>;
  expect(drawn("inventedPath")[invented]).not.toEqual(kept[invented]);
  expect(drawn("inventedPath")[spoilt]).toEqual(kept[spoilt]);
  expect(drawn("wrongArguments")[invented]).toEqual(kept[invented]);
  expect(drawn("wrongArguments")[spoilt]).not.toEqual(kept[spoilt]);
});
