import fc from "fast-check";
import { expect, test } from "vitest";
import { randomFrom } from "../lib/random.ts";
import { type Detour, detourWords, drawDetours, readDetours } from "./detour.ts";

const ALL: Detour[] = ["details", "compare", "searchAgain", "changeMind"];

test("what a prompt says of detours is read back, whatever stands before it", () => {
  fc.assert(
    fc.property(fc.subarray(ALL), fc.string(), (taken, before) => {
      const said = taken.includes("compare") ? taken.filter((one) => one !== "details") : taken;
      expect(readDetours(`${before} ${detourWords(taken)}`)).toEqual(said);
    }),
  );
  expect(readDetours("You are careful. Look at a thing in detail before you choose it.")).toBeUndefined();
  expect(readDetours("You come back. This time, be careful.")).toBeUndefined();
  expect(detourWords([])).toBe("This time, go straight to the goal.");
});

test("each detour is drawn at its rate, and none without one", () => {
  const random = randomFrom(5);
  const drawn = Array.from({ length: 4_000 }, () =>
    drawDetours({ details: 0.5, changeMind: 1, searchAgain: 0, abandon: 0.25 }, random),
  );
  const share = (has: (one: (typeof drawn)[number]) => boolean): number =>
    drawn.filter(has).length / drawn.length;
  expect(share(({ taken }) => taken.includes("details"))).toBeCloseTo(0.5, 1);
  expect(share(({ taken }) => taken.includes("changeMind"))).toBe(1);
  expect(share(({ taken }) => taken.includes("searchAgain") || taken.includes("compare"))).toBe(0);
  expect(share(({ leavesAfter }) => leavesAfter !== undefined)).toBeCloseTo(0.25, 1);
  const left = new Set(drawn.flatMap(({ leavesAfter }) => leavesAfter ?? []));
  expect([...left].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("the same random numbers draw the same detours", () => {
  const rates = { details: 0.5, compare: 0.5, searchAgain: 0.5, changeMind: 0.5, abandon: 0.5 };
  expect(drawDetours(rates, randomFrom(3))).toEqual(drawDetours(rates, randomFrom(3)));
});
