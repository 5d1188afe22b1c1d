import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const DEPOTS = apiOf(
  "rest",
  "GET /tools | Tools | | [].id# [].name [].depotId#",
  "DELETE /tools/{id} | Remove a tool",
  "POST /tools/{id}/transfer | Transfer a tool to a depot | depotId!# force? | id#",
  "GET /depots | Depots | | [].id# [].name",
);
const HARBOUR = apiOf(
  "rest",
  "GET /vessels | Vessels | | [].id# [].name [].quayId#",
  "POST /vessels/{id}/mooring | Moor a vessel at a quay | quayId!# | id#",
  "GET /quays | Quays | | [].id# [].title",
);
const DAIRY = apiOf(
  "rest",
  "GET /wheels | Wheels | | [].id# [].sort",
  "POST /orders | Order a wheel | wheelId!# | id#",
);
const KENNEL = apiOf(
  "rest",
  "GET /animals | Animals | | [].id# [].name",
  "POST /animals/{id}/tags | Add a tag to an animal | label! | id#",
);

const tools: Past = [
  "GET /tools",
  200,
  [
    { id: 1, name: "Hammer", depotId: 1 },
    { id: 2, name: "Band saw", depotId: 2 },
    { id: 3, name: "Angle grinder", depotId: 1 },
  ],
];
const depots: Past = [
  "GET /depots",
  200,
  [
    { id: 1, name: "North depot" },
    { id: 2, name: "South depot" },
    { id: 3, name: "Old depot" },
  ],
];
const vessels: Past = [
  "GET /vessels",
  200,
  [
    { id: 1, name: "Anna", quayId: 2 },
    { id: 2, name: "Bella", quayId: 1 },
  ],
];
const quays: Past = [
  "GET /quays",
  200,
  [
    { id: 1, title: "Salt quay" },
    { id: 2, title: "Long quay" },
  ],
];
const wheels: Past = [
  "GET /wheels",
  200,
  [
    { id: 1, sort: "Tilsiter" },
    { id: 2, sort: "Gouda" },
    { id: 3, sort: "Tilsiter" },
  ],
];
const animals: Past = ["GET /animals", 200, [{ id: 4, name: "Bello" }]];

test.each([
  [
    "Transfer the angle grinder to the south depot.",
    DEPOTS,
    [tools, depots],
    'POST /tools/3/transfer {"depotId":2}',
  ],
  [
    "Transfer the hammer to the old depot with force.",
    DEPOTS,
    [tools, depots],
    'POST /tools/1/transfer {"depotId":3,"force":true}',
  ],
  [
    "Moor the vessel Bella at the long quay.",
    HARBOUR,
    [vessels, quays],
    'POST /vessels/2/mooring {"quayId":2}',
  ],
])("%s: each thing is taken from its own list, by the words that tell it", (goal, api, past, call) => {
  expect(nextCall(api, goal, past as readonly Past[])).toBe(call);
});

test.each([
  ["Remove the drill.", DEPOTS, [tools], '"drill"'],
  ["Transfer the hammer to the west depot.", DEPOTS, [tools, depots], '"west"'],
  ["Moor the vessel Anna at the iron quay.", HARBOUR, [vessels, quays], '"iron"'],
])("%s: another one is not meant", (goal, api, past, name) => {
  expect(nextCall(api, goal, past as readonly Past[])).toBe(
    `finish: Cannot go on: nothing here is called ${name}.`,
  );
});

test("each of several things has a call", () => {
  const first: Past = ["DELETE /tools/1", 204];
  expect(nextCall(DEPOTS, "Remove the hammer and the band saw.", [tools])).toBe("DELETE /tools/1");
  expect(nextCall(DEPOTS, "Remove the hammer and the band saw.", [tools, first])).toBe("DELETE /tools/2");
  const goal = "Transfer the band saw to the north depot and the hammer to the old depot.";
  const moved: Past = ['POST /tools/2/transfer {"depotId":1}', 200, { id: 2 }];
  expect(nextCall(DEPOTS, goal, [tools, depots])).toBe('POST /tools/2/transfer {"depotId":1}');
  expect(nextCall(DEPOTS, goal, [tools, depots, moved])).toBe('POST /tools/1/transfer {"depotId":3}');
  const tag: Past = ['POST /animals/4/tags {"label":"shy"}', 201, { id: 9 }];
  expect(nextCall(KENNEL, 'Add the tags "shy" and "old" to Bello.', [animals, tag])).toBe(
    'POST /animals/4/tags {"label":"old"}',
  );
});

test("what a thing is marked as is the text of its mark, and is not made up", () => {
  expect(nextCall(KENNEL, "Tag Bello as shy.", [animals])).toBe('POST /animals/4/tags {"label":"shy"}');
  expect(nextCall(KENNEL, "Tag Bello as shy, old and calm.", [animals])).toMatch(
    /^finish: Cannot go on: the label is not understood; nothing takes "as shy/,
  );
});

test("several of one sort are of that sort", () => {
  const goal = "Order two wheels of Tilsiter.";
  const first: Past = ['POST /orders {"wheelId":1}', 201, { id: 9 }];
  expect(nextCall(DAIRY, goal, [wheels, first])).toBe('POST /orders {"wheelId":3}');
  const only: Past = ['POST /orders {"wheelId":2}', 201, { id: 9 }];
  expect(nextCall(DAIRY, "Order two wheels of Gouda.", [wheels, only])).toBe(
    'finish: Cannot go on: nothing else here is called "Gouda".',
  );
});

test("how something is to be done is named where nothing takes it", () => {
  const done: Past = ["DELETE /tools/1", 204];
  for (const manner of ["with gloves", "with force"])
    expect(nextCall(DEPOTS, `Remove the hammer ${manner}.`, [tools, done])).toBe(
      `finish: What was understood of the goal is done; not understood: "${manner}".`,
    );
});

const DOSES = apiOf(
  "rest",
  "GET /animals | Animals | | [].id# [].name",
  "POST /animals/{id}/doses | Give a dose | substance! mg!# | id#",
);
const PLOTS = apiOf(
  "graphql",
  "query plots | Plots | | [].id# [].name",
  "mutation addCrop | Add a crop to a plot | plotId!# kind! | id#",
);
const TREES = apiOf(
  "rest",
  "GET /trees | Trees | | [].id# [].kind",
  "POST /trees/{id}/yields | Add a yield to a tree | kilos!# | id#",
);

test.each(["Give Bello 20 mg of Aspirin.", "Give 20 mg of Aspirin to Bello."])(
  "%s: an amount of something is one dose of it",
  (goal) => {
    const given: Past = ['POST /animals/4/doses {"substance":"Aspirin","mg":20}', 201, { id: 9 }];
    expect(nextCall(DOSES, goal, [animals])).toBe('POST /animals/4/doses {"substance":"Aspirin","mg":20}');
    expect(nextCall(DOSES, goal, [animals, given])).toBe("finish: Every part of the goal is done.");
  },
);

test.each([
  ["Harvest the carrots.", PLOTS],
  ["Harvest the carrots of plot 3.", PLOTS],
  ["Reap the wheat.", PLOTS],
  ["Fell the pear tree.", TREES],
])("%s: what takes something away makes none of it", (goal, api) => {
  expect(nextCall(api, goal, [])).toMatch(/^finish: Nothing is done: nothing here serves /);
});
