import { expect, test } from "vitest";
import { acceptedTexts, proofBeside, unprovenTexts } from "./proof-text.ts";

const buy = { parts: ["pick it", "check out"], unproven: ["check out"] };
const send = { parts: ["send it"], unproven: [], accepted: ["send it"] };
const none = { parts: ["rent it"], unproven: ["rent it"] };

const worded = { parts: ["send it", "in Bern (not understood)"], unproven: ["in Bern (not understood)"] };
const both = { parts: ["send it", "8 (not understood)"], unproven: ["send it", "8 (not understood)"] };

test("words that are not understood are no parts, and named apart", () => {
  expect(unprovenTexts({ worded, both })).toEqual([
    ["worded", 'checks prove 1 of 1 part of the goal; not understood: "in Bern"'],
    ["both", 'checks prove 0 of 1 part of the goal: nothing proves "send it"; not understood: "8"'],
  ]);
  expect(proofBeside({ worded })).toEqual({
    text: "checks prove 1 of 1 part, and some words are not understood",
    isNothing: false,
  });
  expect(proofBeside({ both })?.isNothing).toBe(true);
});

test("each goal with a part that nothing proves, or that only the target's answer shows, is named", () => {
  const proof = { buy, send, none };
  expect(unprovenTexts(proof)).toEqual([
    ["buy", 'checks prove 1 of 2 parts of the goal: nothing proves "check out"'],
    ["none", 'checks prove 0 of 1 part of the goal: nothing proves "rent it"'],
  ]);
  expect(acceptedTexts(proof)).toEqual([["send", 'judged by its answer alone, not read back: "send it"']]);
  expect([unprovenTexts(), acceptedTexts()]).toEqual([[], []]);
});

test("what no check demands is named with what nothing proves, and beside the share", () => {
  const proof = { send: { ...send, unchecked: ["order 17"] }, buy: { ...buy, unchecked: ["SM-05"] } };
  expect(unprovenTexts(proof)).toEqual([
    ["send", 'no check demands "order 17"'],
    ["buy", 'checks prove 1 of 2 parts of the goal: nothing proves "check out"; no check demands "SM-05"'],
  ]);
  expect(acceptedTexts(proof)).toEqual([["send", 'judged by its answer alone, not read back: "send it"']]);
  expect(proofBeside({ send: proof.send })).toEqual({
    text: 'no check demands "order 17"',
    isNothing: false,
  });
  expect(proofBeside(proof)?.text).toBe('checks prove 2 of 3 parts; no check demands "order 17", "SM-05"');
  const many = { ...send, unchecked: ["a", "b", "c", "d"] };
  expect(proofBeside({ many })?.text).toBe('no check demands "a", "b", "c" and more');
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
