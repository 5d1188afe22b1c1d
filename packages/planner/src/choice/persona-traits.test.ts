import { type Detour, detourWords } from "@ape/core/config/detour";
import { BUILT_IN_PERSONAS } from "@ape/core/config/persona";
import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { type Fake, fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession, type SessionResult } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";
import { parsePersonaTraits } from "./persona-traits.ts";

const PLAIN = {
  looks: 0,
  changesMind: false,
  searchesAgain: false,
  first: false,
  cheapest: false,
  errs: false,
};

test.each([
  ["impatient", { first: true }],
  ["careful", { looks: 1 }],
  ["novice", {}],
  ["bargain-hunter", { cheapest: true }],
  ["adversarial", { errs: true }],
] as const)("APE's own persona %s is understood", (name, traits) => {
  expect(parsePersonaTraits(BUILT_IN_PERSONAS[name].prompt)).toEqual({ ...PLAIN, ...traits });
});

test.each([
  [undefined, {}],
  ["You like blue things.", {}],
  ["You never compare.", {}],
  ["You take the first offer, without details.", { first: true }],
  ["You read the details of everything.", { looks: 1 }],
  ["You always want the lowest price.", { cheapest: true }],
  ["You send malformed values.", { errs: true }],
])("of other words only what can be acted on: %s", (words, traits) => {
  expect(parsePersonaTraits(words)).toEqual({ ...PLAIN, ...traits });
});

/** A yard that sells boats: each can be looked at by itself. */
function yard(): Fake & { bought: { boat: string; days: number }[]; refused: JsonObject[] } {
  const boats = Array.from({ length: 8 }, (_, index) => ({
    hull: `H${index}`,
    price: 100 - ((index * 37) % 80),
  }));
  const bought: { boat: string; days: number }[] = [];
  const refused: JsonObject[] = [];
  const shown = (prefix: string) => [
    field("answer", `${prefix}hull`, "string", "Hull number of the boat, its id"),
    field("answer", `${prefix}price`, "number", "Price a day in dollars"),
  ];
  const world = fake(
    "yard",
    [
      operation("GET /boats", "Find boats", shown("[].")),
      operation("GET /boats/{hull}", "Show a boat", [
        field("path", "hull", "string!", "Hull number of the boat"),
        ...shown(""),
      ]),
      operation("POST /rentals", "Rent a boat", [
        field("body", "hull", "string!", "Hull number of the boat, its id"),
        field("body", "days", "integer!", "For how many days", { minimum: 1 }),
      ]),
    ],
    {
      "GET /boats": () => reply(200, boats),
      "GET /boats/{hull}": ({ params }) => {
        const boat = boats.find(({ hull }) => hull === params.hull);
        return boat === undefined ? reply(404, {}) : reply(200, boat);
      },
      "POST /rentals": ({ data }) => {
        if (Number(data.days) < 1) {
          refused.push(data);
          return reply(422, { errors: [{ field: "days", message: "must be at least 1" }] });
        }
        bought.push({ boat: String(data.hull), days: Number(data.days) });
        return reply(201, {});
      },
    },
  );
  return { ...world, bought, refused };
}

type Name = keyof typeof BUILT_IN_PERSONAS;

function rent(
  world: Fake,
  name?: Name,
  seed = 1,
  goal = "Find a boat, rent it for 3 days.",
  detours?: readonly Detour[],
): Promise<SessionResult> {
  const persona = [
    ...(name === undefined ? [] : [BUILT_IN_PERSONAS[name].prompt]),
    ...(detours === undefined ? [] : [detourWords(detours)]),
  ].join(" ");
  return runPlannerSession({
    planner: createPlanner(),
    apis: [world.api],
    goal,
    answer: world.answer,
    seed,
    shown: 12,
    ...(persona === "" ? {} : { persona }),
  });
}

/** What is rented over some seeds. */
async function choices(name?: Name): Promise<Set<string>> {
  const taken = new Set<string>();
  for (let seed = 0; seed < 12; seed += 1) {
    const world = yard();
    await rent(world, name, seed);
    for (const { boat } of world.bought) taken.add(boat);
  }
  return taken;
}

test("without a persona any that will do; impatient the first, a bargain hunter the cheapest", async () => {
  expect((await choices()).size).toBeGreaterThan(2);
  expect(await choices("impatient")).toEqual(new Set(["H0"]));
  expect(await choices("bargain-hunter")).toEqual(new Set(["H2"]));
});

test("what the goal asks for goes before what the persona likes", async () => {
  const world = yard();
  await rent(world, "bargain-hunter", 1, "Find the most expensive boat, rent it for 3 days.");
  expect(world.bought).toEqual([{ boat: "H0", days: 3 }]);
});

test("careful looks at a thing by itself, once, and takes that very thing", async () => {
  for (let seed = 0; seed < 6; seed += 1) {
    const world = yard();
    const { calls, finished } = await rent(world, "careful", seed);
    expect(finished).toMatch(/done/);
    const looked = calls.flatMap((call) => /GET \/boats\/(\w+)/.exec(call)?.[1] ?? []);
    expect(looked).toHaveLength(1);
    expect(world.bought).toEqual([{ boat: looked[0], days: 3 }]);
  }
});

/** The boats that a session with detours looked at, and the one that it rented. */
async function looksOf(detours: readonly Detour[], seed: number, name: Name = "careful") {
  const world = yard();
  const { calls, finished } = await rent(world, name, seed, undefined, detours);
  expect(finished).toMatch(/done/);
  const looked = calls.flatMap((call) => /GET \/boats\/(\w+)/.exec(call)?.[1] ?? []);
  expect(world.bought).toHaveLength(1);
  return { looked, rented: world.bought[0]?.boat };
}

test("the detours of a session go before what its persona usually does", async () => {
  for (let seed = 0; seed < 6; seed += 1) {
    expect((await looksOf([], seed)).looked).toEqual([]);
    const compared = await looksOf(["compare"], seed);
    expect(new Set(compared.looked).size).toBe(2);
    expect(compared.looked).toContain(compared.rented);
    const changed = await looksOf(["changeMind"], seed);
    expect(changed.looked).toHaveLength(1);
    expect(changed.looked).not.toContain(changed.rented);
    const both = await looksOf(["compare", "changeMind"], seed);
    expect(new Set(both.looked).size).toBe(2);
    expect(both.looked).not.toContain(both.rented);
  }
  const cheap = await looksOf(["compare"], 3, "bargain-hunter");
  expect([cheap.looked.length, cheap.rented]).toEqual([2, "H2"]);
});

test("adversarial sends what no target should take, once, and then what the goal wants", async () => {
  const world = yard();
  const { calls, finished } = await rent(world, "adversarial");
  expect(finished).toMatch(/done/);
  expect(world.refused).toMatchObject([{ days: -1 }]);
  expect(world.bought).toMatchObject([{ days: 3 }]);
  expect(calls.filter((call) => call.startsWith("POST"))).toHaveLength(2);
});

test("the same seed and persona do the same again", async () => {
  for (const name of ["careful", "adversarial", "novice"] as const) {
    const [one, two] = [await rent(yard(), name, 5), await rent(yard(), name, 5)];
    expect(one).toEqual(two);
  }
});
