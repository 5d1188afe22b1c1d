import { expect, test } from "vitest";
import { stem } from "../../words/words.ts";
import { proseAt } from "./prose-at.ts";

const others = new Set(["text", "headline", "days", "order", "trip"].map(stem));

test.each([
  ["Tremor fading and the text It is over", "Tremor fading"],
  ["Keep away from the crater and the headline Closed", "Keep away from the crater"],
  ["Replace the battery 3 days", "Replace the battery"],
  ["Replace 2 of the batteries", "Replace 2 of the batteries"],
  ["Summit closed, text Keep away", "Summit closed"],
  ["Clean and dry the lens", "Clean and dry the lens"],
  ["Ring twice for the order", "Ring twice"],
  ["Hello in the news", "Hello"],
  ["Tremor fading in the west", "Tremor fading in the west"],
  ["Take two ropes for Kestrel", "Take two ropes"],
  ["Smells of hay", "Smells of hay"],
  ["Late then check out", "Late"],
  ["We are closed, sorry", "We are closed, sorry"],
  ["Ready to", "Ready"],
])("%s", (text, prose) => {
  expect(proseAt(text, (one) => others.has(one))).toBe(prose);
});

test.each([
  ["Hello and goodbye", "Hello and goodbye"],
  ["Late which is bad", "Late"],
  ["Cut; then stop", "Cut"],
  ["Wet or dry", "Wet"],
  ["Ready for a walk", "Ready"],
  ["Hello at 5", "Hello"],
])("%s, where no field has a name in it", (text, prose) => {
  expect(proseAt(text)).toBe(prose);
});
