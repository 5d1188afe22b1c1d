import { expect, test } from "vitest";
import { allocateFromSlab } from "./buffer-slab.ts";

test("parts are joined, of any length and kind, and none overwrites another", () => {
  const made: [Buffer, string][] = [];
  for (let n = 0; n < 60; n += 1)
    for (const length of [0, 1, 5_000, 21_845, 21_846, 70_000]) {
      const [text, bytes] = ["é".repeat(length), Buffer.from(`${n}€`)];
      made.push([allocateFromSlab([text, bytes, "a"]), `${text}${n}€a`]);
    }
  for (const [joined, text] of made) expect(joined.toString() === text).toBe(true);
  const small = made.filter(([joined]) => joined.length < 20_000);
  expect(new Set(small.map(([joined]) => joined.buffer)).size).toBeLessThan(small.length / 4);
});
