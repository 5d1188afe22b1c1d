import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const DEPOTS = ["North", "South", "East"].map((name) => ({ depotCode: `DP-${name.toUpperCase()}`, name }));
/** Two shelves in each depot. */
const SHELVES = DEPOTS.flatMap(({ depotCode, name }) =>
  [1, 2].map((nth) => ({
    shelfCode: `${name.slice(0, 1)}-${nth}`,
    depotCode,
    height: nth * 10,
    state: "OPEN",
  })),
);
/** Two crates on each shelf. */
const CRATES = SHELVES.flatMap(({ shelfCode }, at) =>
  ["Bolts", "Nuts"].map((content, nth) => ({
    crateId: `crate-${at}${nth}`,
    shelfCode,
    name: `${content} ${at + 1}`,
    state: "STORED",
  })),
);
const STATES = { enum: ["STORED", "SEALED", "LOST"] };
const path = (name: string) => field("path", name, "string!", "");
const answers = (names: readonly string[]) =>
  names.map((name) => field("answer", `[].${name}`, "string", ""));

interface Options {
  steps?: number;
  missing?: string;
  shelves?: typeof SHELVES;
  seed?: number;
}

function store(goal: string, { steps, missing, shelves = SHELVES, seed }: Options = {}) {
  const { api, answer } = fake(
    "store",
    [
      operation("GET /depots", "List depots", answers(["depotCode", "name"])),
      operation("GET /depots/{depotCode}/shelves", "List the shelves of a depot", [
        path("depotCode"),
        ...answers(["shelfCode", "depotCode", "state"]),
        field("answer", "[].height", "integer", ""),
      ]),
      operation("PATCH /depots/{depotCode}/shelves/{shelfCode}", "Update a shelf", [
        path("depotCode"),
        path("shelfCode"),
        field("body", "height", "integer", ""),
      ]),
      operation("GET /depots/{depotCode}/shelves/{shelfCode}/crates", "List the crates on a shelf", [
        path("depotCode"),
        path("shelfCode"),
        ...answers(["crateId", "shelfCode", "name"]),
        field("answer", "[].state", "string", "", STATES),
      ]),
      operation("POST /depots/{depotCode}/shelves/{shelfCode}/crates", "Store a crate on a shelf", [
        path("depotCode"),
        path("shelfCode"),
        field("body", "name", "string!", ""),
        field("answer", "crateId", "string", ""),
      ]),
      operation("PATCH /crates/{crateId}", "Update a crate", [
        path("crateId"),
        field("body", "state", "string", "", STATES),
      ]),
      operation("GET /trucks", "List trucks", answers(["truckCode", "model"])),
      operation("POST /trucks/{truckCode}/loads", "Book a truck for a crate", [
        path("truckCode"),
        field("body", "crateId", "string!", ""),
        field("body", "fromDay", "integer!", ""),
        field("body", "toDay", "integer!", ""),
        field("answer", "loadId", "string", ""),
      ]),
    ],
    {
      "GET /depots": () => reply(200, DEPOTS),
      "GET /depots/{depotCode}/shelves": ({ params }) =>
        reply(
          200,
          shelves.filter(({ depotCode }) => depotCode === params.depotCode),
        ),
      "PATCH /depots/{depotCode}/shelves/{shelfCode}": () => reply(200, {}),
      "GET /depots/{depotCode}/shelves/{shelfCode}/crates": ({ params }) =>
        params.shelfCode === missing
          ? reply(404, { message: "No such shelf" })
          : reply(
              200,
              CRATES.filter(({ shelfCode }) => shelfCode === params.shelfCode),
            ),
      "POST /depots/{depotCode}/shelves/{shelfCode}/crates": () => reply(201, { crateId: "crate-new" }),
      "PATCH /crates/{crateId}": () => reply(200, {}),
      "GET /trucks": () => reply(200, [{ truckCode: "TK-8", model: "Atlas" }]),
      "POST /trucks/{truckCode}/loads": () => reply(201, { loadId: "load-1" }),
    },
  );
  return runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal,
    answer,
    ...(steps === undefined ? {} : { steps }),
    ...(seed === undefined ? {} : { seed }),
  });
}

const writes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));

test.each([
  ['Mark the crate "Nuts 1" as sealed.', 'PATCH /crates/crate-01 {"state":"SEALED"}'],
  ['Mark the crate "Bolts 3" as sealed.', 'PATCH /crates/crate-20 {"state":"SEALED"}'],
  ['Mark the crate "Nuts 6" as sealed.', 'PATCH /crates/crate-51 {"state":"SEALED"}'],
  ["Change the height of shelf S-2 to 35.", 'PATCH /depots/DP-SOUTH/shelves/S-2 {"height":35}'],
  [
    'Book truck TK-8 for the crate "Bolts 5" from day 4 to day 6.',
    'POST /trucks/TK-8/loads {"crateId":"crate-40","fromDay":4,"toDay":6}',
  ],
])("%s: the list of each parent is read until one has it", async (goal, call) => {
  for (const seed of [1, 2, 3, 4]) {
    const { calls, finished } = await store(goal, { seed });
    expect(writes(calls)).toEqual([call]);
    expect(finished).toBe("Every part of the goal is done.");
  }
});

test("each list is read once where it stays in sight", async () => {
  const { calls } = await store('Mark the crate "Nuts 2" as sealed.');
  const lists = calls.filter((call) => call.includes("/crates ->"));
  expect(new Set(lists).size).toBe(lists.length);
});

test("a name that no list has is reported after all lists were read", async () => {
  const { calls, finished } = await store('Mark the crate "Rivets" as sealed.');
  expect(writes(calls)).toEqual([]);
  expect(new Set(calls.filter((call) => /\/crates -> 200$/.test(call))).size).toBe(SHELVES.length);
  expect(finished).toBe('Cannot go on: nothing here is called "Rivets".');
});

test.each([
  [
    'Mark the crate "Bolts 4" on shelf S-2 of the depot South as sealed.',
    'PATCH /crates/crate-30 {"state":"SEALED"}',
  ],
  [
    "Change the height of shelf E-1 of the depot East to 35.",
    'PATCH /depots/DP-EAST/shelves/E-1 {"height":35}',
  ],
  [
    'Store a crate called "Screws" on shelf N-2 of North.',
    'POST /depots/DP-NORTH/shelves/N-2/crates {"name":"Screws"}',
  ],
])("%s: only the lists of the parents that the goal names are read", async (goal, call) => {
  const { calls, finished } = await store(goal);
  expect(writes(calls)).toEqual([call]);
  expect(calls.filter((one) => one.includes("/shelves ->"))).toHaveLength(1);
  expect(finished).toBe("Every part of the goal is done.");
});

test("a list that is not there does not end the search", async () => {
  for (const missing of ["N-1", "S-1", "E-1"]) {
    const { calls } = await store('Mark the crate "Nuts 2" as sealed.', { missing });
    expect(writes(calls)).toEqual(['PATCH /crates/crate-11 {"state":"SEALED"}']);
  }
});

test("no more than twelve lists are read, and the end says that there are more", async () => {
  const shelves = DEPOTS.flatMap(({ depotCode }) =>
    Array.from({ length: 9 }, (_, nth) => ({
      shelfCode: `${depotCode}-${nth}`,
      depotCode,
      height: 1,
      state: "OPEN",
    })),
  );
  const { calls, finished } = await store('Mark the crate "Rivets" as sealed.', { shelves, steps: 60 });
  expect(new Set(calls.filter((call) => /\/crates -> 200$/.test(call))).size).toBe(12);
  expect(finished).toBe(
    'Cannot go on: nothing is called "Rivets" in the 12 lists that were read, and there are more.',
  );
});
