import { randomFrom } from "@ape/core/lib/random";
import { expect, test } from "vitest";
import { drawWeighted, sessionRandom } from "./weighted-choice.ts";

test("weights are shares", () => {
  const random = randomFrom(1);
  const list = [
    { name: "a", weight: 3 },
    { name: "b", weight: 1 },
  ];
  let a = 0;
  for (let n = 0; n < 20_000; n += 1) if (drawWeighted(list, random)?.name === "a") a += 1;
  expect(a / 20_000).toBeCloseTo(0.75, 1);
  expect(drawWeighted([], random)).toBeUndefined();
});

test("a session's numbers depend on nothing but seed, worker and number", () => {
  const take = (...of: [number, number, number]): number[] => Array.from({ length: 5 }, sessionRandom(...of));
  expect(take(1, 0, 7)).toEqual(take(1, 0, 7));
  expect(take(1, 0, 7)).not.toEqual(take(1, 1, 7));
  expect(take(1, 0, 7)).not.toEqual(take(1, 0, 8));
});
