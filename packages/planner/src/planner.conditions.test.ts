import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const PLOTS = apiOf(
  "rest",
  "GET /plots | Plots | | [].number [].water? [].area#",
  "POST /tenancies | Apply for a plot | plotNumber! | id plotNumber",
);
const ROOMS = apiOf(
  "rest",
  "GET /rooms | Rooms | | [].id [].name [].hasBalcony?",
  "POST /bookings | Book a room | roomId! | id state",
  "POST /bookings/{id}/confirm | Confirm a booking | | id state",
);
const BOATS = apiOf(
  "rest",
  "GET /boats | Boats | | [].id [].name [].engine?",
  "POST /boats/{id}/charters | Charter a boat | | id",
);
const plots: Past = [
  "GET /plots",
  200,
  [
    { number: "P1", water: false, area: 90 },
    { number: "P2", water: true, area: 90 },
  ],
];
const rooms: Past = [
  "GET /rooms",
  200,
  [
    { id: "r1", name: "Blue", hasBalcony: true },
    { id: "r2", name: "Red", hasBalcony: false },
  ],
];
const boats: Past = [
  "GET /boats",
  200,
  [
    { id: "b1", name: "Ida", engine: true },
    { id: "b2", name: "Eva", engine: false },
  ],
];
const SEEDS = [1, 2, 3, 4, 5, 6];

test.each([
  ["Apply for a plot with water", PLOTS, plots, 'POST /tenancies {"plotNumber":"P2"}'],
  ["Apply for a plot without water", PLOTS, plots, 'POST /tenancies {"plotNumber":"P1"}'],
  ["Book a room with a balcony", ROOMS, rooms, 'POST /bookings {"roomId":"r1"}'],
  ["Book a room that has no balcony", ROOMS, rooms, 'POST /bookings {"roomId":"r2"}'],
  ["Charter a boat without an engine", BOATS, boats, "POST /boats/b2/charters"],
] as const)("%s: only what fits is taken", (goal, api, list, call) => {
  for (const seed of SEEDS) expect(nextCall(api, goal, [list], { seed })).toBe(call);
});

test("where nothing fits, nothing is taken", () => {
  const dry: Past = ["GET /plots", 200, [{ number: "P1", water: false, area: 90 }]];
  expect(nextCall(PLOTS, "Apply for a plot with water", [dry])).toMatch(/^finish: Cannot go on/);
});

test("a conflict with what was made takes no other thing that the goal did not ask for", () => {
  const made: Past = ['POST /bookings {"roomId":"r1"}', 201, { id: "k1", state: "open" }];
  const refused: Past = ["POST /bookings/k1/confirm", 409, { error: "it needs a deposit" }];
  const goal = "List the rooms, book a room and confirm the booking";
  expect(nextCall(ROOMS, goal, [rooms, made, refused])).toBe(
    'finish: POST /bookings/k1/confirm failed with 409 ("it needs a deposit").',
  );
});
