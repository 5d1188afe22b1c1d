import { apiOf } from "@ape/catalog/test/api-lines";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const KILNS = apiOf(
  "rest",
  "GET /kilns | Kilns | | [].id [].name [].state=cold,hot",
  "GET /kilns/{id} | A kiln | | id name",
  "DELETE /kilns/{id} | Scrap a kiln",
  "POST /kilns/{id}/firings | Start a firing of a kiln | cone note | id cone",
  "PATCH /kilns/{id} | Change a kiln | name state=cold,hot | id name state",
);
const HIVES = apiOf(
  "rest",
  "GET /hives | Hives | page# | items[].code items[].label items[].queen total#",
  "POST /hives/{code}/harvests | Harvest a hive | kilos# | id kilos#",
  "DELETE /hives/{code} | Dissolve a hive",
);
const BERTHS = apiOf(
  "rest",
  "GET /berths | Berths of the marina | | [].berthNo [].dock [].length#",
  "POST /moorings | Moor at a berth | berthNo! | id berthNo",
  "DELETE /moorings/{id} | Give up a mooring",
);

const kilns = (...names: string[]): Past => [
  "GET /kilns",
  200,
  names.map((name, at) => ({ id: `k${at + 1}`, name, state: "cold" })),
];
const hives: Past = [
  "GET /hives",
  200,
  {
    items: [
      { code: "H-7", label: "Old orchard", queen: "Marta" },
      { code: "H-9", label: "North meadow", queen: "Ilse" },
    ],
    total: 2,
  },
];
const berths: Past = [
  "GET /berths",
  200,
  [
    { berthNo: "A4", dock: "North dock", length: 9 },
    { berthNo: "C2", dock: "South dock", length: 12 },
  ],
];

test.each([
  ["Scrap the Little Dragon", KILNS, kilns("Big Bertha", "Little Dragon"), "DELETE /kilns/k2"],
  ["Scrap the kiln Little Dragon", KILNS, kilns("Little Dragon II", "Little Dragon"), "DELETE /kilns/k2"],
  ['Scrap the kiln "little dragon"', KILNS, kilns("Big Bertha", "Little Dragon"), "DELETE /kilns/k2"],
  ["Scrap the Bertha kiln", KILNS, kilns("Little Dragon", "Big Bertha"), "DELETE /kilns/k2"],
  ["Start a firing of the Big Bertha", KILNS, kilns("Little Dragon", "Big Bertha"), "POST /kilns/k2/firings"],
  ["Dissolve the hive H-9", HIVES, hives, "DELETE /hives/H-9"],
  ["Dissolve the North meadow", HIVES, hives, "DELETE /hives/H-9"],
  ["Moor at berth C2", BERTHS, berths, 'POST /moorings {"berthNo":"C2"}'],
  ["Find the Big Bertha, then scrap it", KILNS, kilns("Little Dragon", "Big Bertha"), "DELETE /kilns/k2"],
] as const)("%s: the thing of that name is taken", (goal, api, list, call) => {
  for (const seed of [1, 2, 3]) expect(nextCall(api, goal, [list], { seed })).toBe(call);
});

test.each([
  ["Scrap the Little Dragon", KILNS, kilns("Big Bertha", "Old Dragon"), "Little Dragon"],
  ["Scrap the Little dragon", KILNS, kilns("Little Nemo"), "Little dragon"],
  ["Scrap the Little Dragon", KILNS, kilns(), "Little Dragon"],
  ['Scrap the kiln "Smoky"', KILNS, kilns("Big Bertha"), "Smoky"],
  ["Start a firing of the Smoky Joe", KILNS, kilns("Big Bertha"), "Smoky Joe"],
  ["Dissolve the hive H-8", HIVES, hives, "H-8"],
  ["Moor at berth B1", BERTHS, berths, "B1"],
  ["Find the Smoky Joe, then scrap it", KILNS, kilns("Big Bertha"), "Smoky Joe"],
] as const)("%s: where nothing is called so, nothing else is taken", (goal, api, list, name) => {
  for (const seed of [1, 2, 3])
    expect(nextCall(api, goal, [list], { seed })).toBe(
      `finish: Cannot go on: nothing here is called "${name}".`,
    );
});

test("what the goal only describes is a choice among what fits", () => {
  expect(nextCall(KILNS, "Scrap a kiln", [kilns("Big Bertha")])).toBe("DELETE /kilns/k1");
  expect(nextCall(KILNS, "Scrap the cold kiln", [kilns("Big Bertha")])).toBe("DELETE /kilns/k1");
  expect(nextCall(KILNS, "Scrap the Kiln", [kilns("Big Bertha")])).toBe("DELETE /kilns/k1");
});

test("two things of two names in one goal", () => {
  const goal = "Scrap the Big Bertha and start a firing of the Little Dragon";
  const list = kilns("Little Dragon", "Big Bertha");
  expect(nextCall(KILNS, goal, [list])).toBe("DELETE /kilns/k2");
  expect(nextCall(KILNS, goal, [list, ["DELETE /kilns/k2", 204]])).toBe("POST /kilns/k1/firings");
});

test("a refusal of the thing that the goal names takes no other one, and its reason is quoted", () => {
  const refused: Past = ["DELETE /kilns/k2", 409, { error: "it is hot" }];
  expect(nextCall(KILNS, "Scrap the Big Bertha", [kilns("Little Dragon", "Big Bertha"), refused])).toBe(
    'finish: DELETE /kilns/k2 failed with 409 ("it is hot").',
  );
});

const MADE = apiOf(
  "rest",
  "POST /routes | Plan a route | name! | routeId name",
  "GET /routes/{routeId}/stops | Stops of a route | | [].stopId [].name",
  "POST /routes/{routeId}/stops | Add a stop to a route | name! | stopId name",
  "DELETE /routes/{routeId}/stops/{stopId} | Drop a stop",
);
const ROUTE: readonly Past[] = [
  ['POST /routes {"name":"Alps"}', 201, { routeId: "r1", name: "Alps" }],
  ['POST /routes/r1/stops {"name":"Chur"}', 201, { stopId: "s1", name: "Chur" }],
  ['POST /routes/r1/stops {"name":"Sils"}', 201, { stopId: "s2", name: "Sils" }],
];

const KEPT = [{ name: "routeId_of_POST_routes", value: "r1", origin: "step 4" }];

test.each([
  ["Chur", "s1"],
  ["Sils", "s2"],
])("what the goal made under the name %s is what it means by it", (name, id) => {
  const goal = `Plan a route called "Alps", add the stop "Chur", add the stop "Sils", drop the stop "${name}"`;
  expect(nextCall(MADE, goal, ROUTE, { facts: KEPT })).toBe(`DELETE /routes/r1/stops/${id}`);
  expect(nextCall(MADE, goal, [...ROUTE, [`DELETE /routes/r1/stops/${id}`, 204]], { facts: KEPT })).toBe(
    "finish: Every part of the goal is done.",
  );
});

test("a name that was used up is not had again", () => {
  const goal = 'Plan a route called "Alps", add the stop "Chur", drop the stop "Chur", drop the stop "Chur"';
  const dropped: Past = ["DELETE /routes/r1/stops/s1", 204];
  expect(nextCall(MADE, goal, [...ROUTE.slice(0, 2), dropped])).toBe(
    'finish: The other parts of the goal are done; nothing here is called "Chur".',
  );
});

const SONGS = apiOf(
  "rest",
  "GET /songs | Songs | | items[].id items[].title total#",
  "DELETE /songs/{id} | Delete a song",
);
const query = (name: string, type: string, description: string): ApiField => ({
  in: "query",
  name,
  type,
  required: false,
  description,
});
const PAGED = {
  ...SONGS,
  operations: SONGS.operations.map((one) =>
    one.method === "GET"
      ? {
          ...one,
          fields: [
            ...one.fields,
            query("page", "integer", "The page."),
            query("q", "string", "Words to search for."),
          ],
        }
      : one,
  ),
};
const songs = (...titles: string[]) => ({
  items: titles.map((title) => ({ id: title.toLowerCase(), title })),
  total: 40,
});

test("a thing with a name is searched for, then looked for on all pages", () => {
  const goal = "Delete the Nightingale";
  const first: Past = ["GET /songs", 200, songs("Lark", "Wren")];
  expect(nextCall(PAGED, goal, [first])).toBe("GET /songs?q=Nightingale");
  const none: Past = ["GET /songs?q=Nightingale", 200, { items: [], total: 0 }];
  expect(nextCall(PAGED, goal, [first, none])).toBe("GET /songs?page=2");
  const second: Past = ["GET /songs?page=2", 200, songs("Robin", "Nightingale")];
  expect(nextCall(PAGED, goal, [first, none, second])).toBe("DELETE /songs/nightingale");
});
