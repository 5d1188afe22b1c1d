import { expect, test } from "vitest";
import { acceptedTexts, proofBeside, unprovenTexts } from "./proof-text.ts";

const buy = { parts: ["pick it", "check out"], unproven: ["check out"] };
const send = { parts: ["send it"], unproven: [], accepted: ["send it"] };
const none = { parts: ["rent it"], unproven: ["rent it"] };

test("each goal with a part that nothing proves, or that only the target's answer shows, is named", () => {
  const proof = { buy, send, none };
  expect(unprovenTexts(proof)).toEqual([
    ["buy", 'checks prove 1 of 2 parts of the goal: nothing proves "check out"'],
    ["none", 'checks prove 0 of 1 part of the goal: nothing proves "rent it"'],
  ]);
  expect(acceptedTexts(proof)).toEqual([["send", 'accepted by the target, not read back: "send it"']]);
  expect([unprovenTexts(), acceptedTexts()]).toEqual([[], []]);
});

test.each([
  [undefined, undefined],
  [{ send }, undefined],
  [
    { buy, send },
    { text: "checks prove 2 of 3 parts", isNothing: false },
  ],
  [{ none }, { text: "checks prove 0 of 1 part", isNothing: true }],
])("beside a share of successes: %j", (proof, expected) => {
  expect(proofBeside(proof)).toEqual(expected);
});
