import { detourWords } from "@ape/core/config/detour";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../../test/fake.ts";
import { runPlannerSession } from "../../../test/session.ts";
import { createPlanner } from "../../planner.ts";

const BOATS = Array.from({ length: 24 }, (_, index) => ({ hull: `H${index}`, price: 100 - index }));
const SIZE = 4;

/** What a session without data calls at a yard with six pages of boats. */
async function visit(goal: string, seed: number, persona?: string) {
  const shown = (prefix: string) => [
    field("answer", `${prefix}hull`, "string", "Hull number of the boat, its id"),
    field("answer", `${prefix}price`, "number", "Price a day in dollars"),
  ];
  const world = fake(
    "yard",
    [
      operation("GET /boats", "List the boats", [
        field("query", "page", "integer", "Which page to show, counting from 1", { minimum: 1 }),
        field("answer", "pages", "integer", "How many pages there are"),
        ...shown("items[]."),
      ]),
      operation("GET /boats/{hull}", "Show a boat", [
        field("path", "hull", "string!", "Hull number of the boat"),
        ...shown(""),
      ]),
    ],
    {
      "GET /boats": ({ query }) => {
        const from = (Number(query.page ?? 1) - 1) * SIZE;
        return reply(200, { items: BOATS.slice(from, from + SIZE), pages: BOATS.length / SIZE });
      },
      "GET /boats/{hull}": ({ params }) => reply(200, BOATS.find(({ hull }) => hull === params.hull) ?? {}),
    },
  );
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [world.api],
    goal,
    answer: world.answer,
    seed,
    shown: 12,
    ...(persona === undefined ? {} : { persona }),
  });
  expect(finished).toMatch(/done/);
  const boats = calls.flatMap((call) => /^GET \/boats\/(\w+)/.exec(call)?.[1] ?? []);
  return { boats, lists: calls.filter((call) => /^GET \/boats(?:\?| )/.test(call)).length };
}

const GOAL = "List the boats, then show one boat.";
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

test("sessions choose from all pages of a list, and a look at another page is no step of the goal", async () => {
  const chosen = new Set<string>();
  let further = 0;
  for (const seed of SEEDS) {
    const { boats, lists } = await visit(GOAL, seed);
    expect(boats).toHaveLength(1);
    chosen.add(boats[0] ?? "");
    if (lists > 1) further += 1;
  }
  expect(chosen.size).toBeGreaterThan(14);
  expect(further).toBeGreaterThan(15);
  expect(further).toBeLessThan(45);
});

test("who takes the first thing, or wants an extreme, stays on the first page", async () => {
  for (const seed of SEEDS.slice(0, 12)) {
    expect(await visit(GOAL, seed, "You are in a hurry.")).toEqual({ boats: ["H0"], lists: 1 });
    expect((await visit("List the boats, then show the cheapest boat.", seed)).lists).toBe(1);
  }
});

test("a session whose detour is to search again always looks at another page, once", async () => {
  for (const seed of SEEDS.slice(0, 12))
    expect((await visit(GOAL, seed, detourWords(["searchAgain"]))).lists).toBe(2);
});
