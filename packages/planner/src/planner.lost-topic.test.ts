import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const DESKS = apiOf(
  "rest",
  "GET /desks | List desks | | [].id# [].label [].roomId# [].height#",
  "PATCH /desks/{id} | Change a desk | roomId# height# note | id# roomId# height#",
  "DELETE /desks/{id} | Remove a desk",
  "GET /rooms | List rooms | | [].id# [].name",
);
const TRAMS = apiOf(
  "rest",
  "GET /trams | Trams | | [].id# [].line [].depotId# [].wagons#",
  "PUT /trams/{id} | Update a tram | depotId#! wagons#! | id#",
  "GET /depots | Depots | | [].id# [].title",
);
const GOATS = apiOf(
  "graphql",
  "query goats | Goats | | [].id# [].breed [].penId# [].weight#",
  "mutation updateGoat | Update a goat | id!# penId# weight# | id# | (id: Int!, penId: Int, weight: Int): Goat",
  "query pens | Pens | | [].id# [].name",
);

const desks: Past = [
  "GET /desks",
  200,
  [
    { id: 4, label: "Old oak", roomId: 1, height: 60 },
    { id: 5, label: "Teak", roomId: 2, height: 61 },
  ],
];
const rooms: Past = [
  "GET /rooms",
  200,
  [
    { id: 1, name: "Attic" },
    { id: 2, name: "Blue Room" },
  ],
];

test.each([
  ["Move desk 4 to the Blue Room", 'PATCH /desks/4 {"roomId":2}'],
  ["Move desk 5 to the Attic", 'PATCH /desks/5 {"roomId":1}'],
  ["Change the room of desk 4 to the Blue Room", 'PATCH /desks/4 {"roomId":2}'],
  ["Move desk 4 to the Red Room", 'finish: Cannot go on: nothing here is called "Red Room".'],
])("%s: a thing is moved to what has the name alone", (goal, call) => {
  expect(nextCall(DESKS, goal, [desks, rooms])).toBe(call);
});

test("an earlier change gives no value to a later one", () => {
  const set: Past = ['PATCH /desks/4 {"height":70}', 200, { id: 4, height: 70 }];
  const goal = (place: string): string => `Set the height of desk 4 to 70 and move it to ${place}`;
  expect(nextCall(DESKS, goal("the Blue Room"), [desks, set, rooms])).toBe('PATCH /desks/4 {"roomId":2}');
  expect(nextCall(DESKS, goal("the Cellar"), [desks, set, rooms])).toBe(
    'finish: Cannot go on: nothing here is called "Cellar".',
  );
});

test("a whole replacement keeps the rest of what is moved", () => {
  const trams: Past = ["GET /trams", 200, [{ id: 7, line: "North", depotId: 1, wagons: 3 }]];
  const depots: Past = ["GET /depots", 200, [{ id: 2, title: "Harbour" }]];
  expect(nextCall(TRAMS, "Move tram 7 to the Harbour", [trams, depots])).toMatch(
    /^PUT \/trams\/7 \{"depotId":2,"wagons":3\}$/,
  );
});

test("a clause that nothing serves says of which thing the next one is", () => {
  const goal = (name: string): string => `Polish the ${name} desk and set its height to 90`;
  expect(nextCall(DESKS, goal("Teak"), [desks])).toBe('PATCH /desks/5 {"height":90}');
  expect(nextCall(DESKS, goal("Birch"), [desks, rooms])).toBe(
    'finish: Cannot go on: nothing here is called "Birch desk".',
  );
  const goats: Past = [
    "query goats",
    200,
    {
      data: {
        goats: [
          { id: 1, breed: "Toggenburg", weight: 50 },
          { id: 2, breed: "Saanen", weight: 55 },
        ],
      },
    },
  ];
  expect(nextCall(GOATS, "Brush the Nubian goat and set its weight to 60", [goats])).toMatch(/^finish/);
});

test("where a thing is or whose it is, no list that was asked for shows", () => {
  expect(nextCall(DESKS, "Polish the desk in the Blue Room and remove it", [])).toBe(
    'finish: Nothing is done: nothing here serves "Polish the desk in the Blue Room", "remove it".',
  );
});
