import { expect, test } from "vitest";
import { keptStepsText } from "./kept-steps-text.ts";
import { LATENCY_BOUNDS_MS, latencyIndex } from "./latency-bounds.ts";
import { proofText, unprovenTexts } from "./proof-text.ts";
import { throttlingText } from "./throttling-text.ts";

test("a latency belongs to the first bound that it does not exceed", () => {
  expect([...LATENCY_BOUNDS_MS].sort((a, b) => a - b)).toEqual(LATENCY_BOUNDS_MS);
  for (const [index, bound] of LATENCY_BOUNDS_MS.entries())
    expect([bound - 0.01, bound, bound + 0.01].map(latencyIndex)).toEqual([index, index, index + 1]);
  expect(latencyIndex(0)).toBe(0);
});

test.each([
  [["a"], [], undefined],
  [["a"], ["a"], 'checks prove 0 of 1 part of the goal: nothing proves "a"'],
  [["a", "b", "c"], ["a", 'c"'], 'checks prove 1 of 3 parts of the goal: nothing proves "a", "c\\""'],
])("of the parts %j, %j are unproven: %j", (parts, unproven, text) => {
  const proof = { parts: parts.map((part) => ({ text: part })), unproven } as never;
  expect(proofText(proof)).toBe(text);
  expect(unprovenTexts({ g: proof })).toEqual(text === undefined ? [] : [["g", text]]);
});

test("a goal without a proof, and a run without limits of its steps, say nothing", () => {
  expect(unprovenTexts()).toEqual([]);
  expect(keptStepsText({ events: undefined } as never)).toBe("");
});

test("what is kept and what was held back is said with figures", () => {
  expect(keptStepsText({ events: { keep: 0.1, successful: 12_000, withSteps: 1_200 } } as never)).toBe(
    "The steps of 10.00% of the successful sessions are kept (1,200 of 12,000; events.keep: 0.1), and those of all others; the figures count every step.",
  );
  expect(keptStepsText({ events: { keep: 1, successful: 0, withSteps: 0 } } as never)).toContain("(0 of 0;");
  expect(throttlingText(1_240)).toBe(
    "A CPU limit held APE's processes back, one of them for 1.2 s: latencies include that. Raise the limit or remove it.",
  );
});
