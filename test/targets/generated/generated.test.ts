import { expect, test } from "vitest";
import { drawSystem } from "./draw.ts";
import { runGenerated } from "./generated.ts";
import { goalsOf } from "./goals.ts";
import { SystemState } from "./state.ts";

/** Seeds of two systems of each face; `npm run bench -- generality` runs 400. */
const SEEDS = [1, 4, 2, 6, 11, 31];

test("the simulated model reaches goals in a user's words on systems that it was not made for", {
  timeout: 60_000,
}, async () => {
  for (const seed of SEEDS)
    for (const { prompt, sessions, reached, failure } of await runGenerated(seed, 2))
      expect({ seed, prompt, reached, failure }).toEqual({
        seed,
        prompt,
        reached: sessions,
        failure: undefined,
      });
});

test("a seed draws the same system and the same goals again", () => {
  expect(drawSystem(17)).toEqual(drawSystem(17));
  const prompts = (seed: number) => goalsOf(drawSystem(seed)).map(({ prompt }) => prompt);
  expect(prompts(17)).toEqual(prompts(17));
  expect(new Set(Array.from({ length: 50 }, (_, seed) => prompts(seed)).flat()).size).toBeGreaterThan(120);
});

test("a goal is reached by what the session itself has done, and by nothing else", () => {
  const plan = drawSystem(9);
  const [choose, , folder] = goalsOf(plan);
  const state = new SystemState(plan);
  for (const item of plan.items) state.deal({ user: "ann", trace: "t1" }, item.id);
  expect(choose?.isReached(state, "t1")).toBe(true);
  expect(choose?.isReached(state, "t2")).toBe(false);
  expect(folder?.isReached(state, "t1")).toBe(false);
});
