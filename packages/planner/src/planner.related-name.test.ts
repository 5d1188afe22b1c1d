import { apiOf } from "@ape/catalog/test/api-lines";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

/** The calls of a session whose reads are answered, and whose writes succeed. */
function callsFor(
  api: ReturnType<typeof apiOf>,
  goal: string,
  answers: Record<string, Json>,
  seed = 1,
): string[] {
  const past: Past[] = [];
  const calls: string[] = [];
  for (let step = 0; step < 8; step += 1) {
    const call = nextCall(api, goal, past, { seed });
    calls.push(call);
    if (call.startsWith("finish")) break;
    const body = answers[call.split("?")[0] ?? ""] ?? (call.startsWith("GET") ? [] : { id: 1 });
    past.push([call, 200, isJsonObject(body) ? { ...body } : body]);
  }
  return calls;
}

const STAYS = apiOf(
  "rest",
  "GET /stays | Stays | | [].id# [].guestId# [].cabinId# [].from@date",
  "POST /stays/{id}/cancel | Cancel a stay | | id#",
  "GET /guests | Guests | | [].id# [].name",
  "GET /cabins | Cabins | | [].id# [].title",
);
const STAYS_SHOWN: Record<string, Json> = {
  "GET /stays": [
    { id: 20, guestId: 1, cabinId: 5, from: "2027-01-02" },
    { id: 21, guestId: 2, cabinId: 6, from: "2027-01-20" },
    { id: 22, guestId: 3, cabinId: 6, from: "2027-02-20" },
  ],
  "GET /guests": [
    { id: 1, name: "Mia Lang" },
    { id: 2, name: "Anton Baker" },
    { id: 3, name: "Ole Berg" },
    { id: 4, name: "Una Moe" },
  ],
  "GET /cabins": [
    { id: 5, title: "Fox Den" },
    { id: 6, title: "Owl Nest" },
  ],
};
const GARAGE = apiOf(
  "rest",
  "GET /repairs | Repairs | | items[].id# items[].carId# items[].cost# total#",
  "PATCH /repairs/{id} | Change a repair | cost# note | id# cost#",
  "GET /cars | Cars | | items[].id# items[].plate items[].model total#",
);
const GARAGE_SHOWN: Record<string, Json> = {
  "GET /repairs": {
    items: [
      { id: 7, carId: 31, cost: 90 },
      { id: 8, carId: 32, cost: 90 },
    ],
    total: 2,
  },
  "GET /cars": {
    items: [
      { id: 31, plate: "ZH 1", model: "Panda" },
      { id: 32, plate: "ZH 2", model: "Corsa" },
    ],
    total: 2,
  },
};

test.each([
  ["Cancel the stay of Anton Baker", "POST /stays/21/cancel"],
  ["Cancel Mia Lang's stay", "POST /stays/20/cancel"],
  ["Cancel the stay in the cabin Fox Den", "POST /stays/20/cancel"],
  ["Cancel the stay in Fox Den", "POST /stays/20/cancel"],
  ["Cancel the stay of Ole Berg in Owl Nest", "POST /stays/22/cancel"],
])("%s: a name is looked for among what the things of a list belong to", (goal, call) => {
  expect(callsFor(STAYS, goal, STAYS_SHOWN)).toContain(call);
});

test("of items in an object as well", () => {
  expect(callsFor(GARAGE, "Set the cost of the repair of the Corsa to 120", GARAGE_SHOWN)).toContain(
    'PATCH /repairs/8 {"cost":120}',
  );
});

test.each([
  ["Cancel the stay of Una Moe", 'finish: Cannot go on: nothing here is about "Una Moe".'],
  ["Cancel the stay in Elk Lodge", 'finish: Cannot go on: nothing here is called "Elk Lodge".'],
  [
    "Cancel the stay of Anton Baker in Fox Den",
    'finish: Cannot go on: nothing here is about "Anton Baker", "Fox Den".',
  ],
  ["Cancel the stay of Kai Ek", 'finish: Cannot go on: nothing here is called "Kai Ek".'],
])("%s: who has none, or is not there, is named after a look", (goal, end) => {
  const calls = callsFor(STAYS, goal, STAYS_SHOWN);
  expect(calls).toContain("GET /guests");
  expect(calls.at(-1)).toBe(end);
  expect(calls.some((call) => call.startsWith("POST"))).toBe(false);
});

const PEOPLE: Record<string, Json> = {
  ...STAYS_SHOWN,
  "GET /guests": [
    { id: 1, name: "Anton Baker" },
    { id: 2, name: "Anton Moe" },
  ],
};
const CREW = apiOf(
  "rest",
  "GET /sailors | Sailors | | [].id# [].name [].rank",
  "DELETE /sailors/{id} | Dismiss a sailor",
  "PATCH /sailors/{id} | Change a sailor | rank | id#",
  "POST /sailors/{id}/reports | Write a report on a sailor | text! | id#",
);
const SAILORS: Record<string, Json> = {
  "GET /sailors": [
    { id: 1, name: "Anton Baker", rank: "mate" },
    { id: 2, name: "Anton Moe", rank: "cook" },
    { id: 3, name: "Ole Berg", rank: "cook" },
  ],
};

test.each([
  ["Cancel the stay of Anton", STAYS, PEOPLE],
  ["Dismiss Anton", CREW, SAILORS],
  ["Set the rank of Anton to 'captain'", CREW, SAILORS],
])("%s: of several things of one name none is changed or removed", (goal, api, shown) => {
  const calls = callsFor(api, goal, shown);
  expect(calls.at(-1)).toBe(
    'finish: Cannot go on: 2 things here are called "Anton", and the goal does not say which.',
  );
  expect(calls.some((call) => !/^(?:GET|finish)/.test(call))).toBe(false);
});

test("what else the goal says tells them apart", () => {
  expect(callsFor(CREW, "Dismiss Anton Moe", SAILORS)).toContain("DELETE /sailors/2");
  expect(callsFor(CREW, "Dismiss the cook Anton", SAILORS)).toContain("DELETE /sailors/2");
});

const HIRES = apiOf(
  "rest",
  "GET /hires | Hires | | [].id# [].bikeId# [].who",
  "POST /hires/{id}/end | End a hire | | id#",
  "GET /bikes | Bikes | | [].id# [].frame",
  "POST /hires | Hire a bike out | bikeId#! who! | id#",
  "POST /repairs | Send a bike to repair | bikeId#! fault! | id#",
);
const HIRES_SHOWN: Record<string, Json> = {
  "GET /hires": [
    { id: 21, bikeId: 4, who: "Ann Lee" },
    { id: 22, bikeId: 5, who: "Bo Ek" },
  ],
  "GET /bikes": [
    { id: 4, frame: "A" },
    { id: 5, frame: "B" },
    { id: 6, frame: "C" },
  ],
};

test("the same thing is no other, where nothing says which one it was", () => {
  const goal = "End the hire of Ann Lee and hire the same bike out to Bo Ek";
  const calls = callsFor(HIRES, goal, HIRES_SHOWN);
  expect(calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
  expect(calls.at(-1)).toMatch(
    /^finish: The other parts of the goal are done; nothing here serves "hire the same/,
  );
});

test.each([
  "End hire 21 and send its bike to repair with the fault chain",
  "End the hire of Ann Lee and send the same bike to repair with the fault chain",
])("%s: what is the same or belongs to it is no other", (goal) => {
  for (const seed of [1, 2, 3]) {
    const calls = callsFor(HIRES, goal, HIRES_SHOWN, seed);
    expect(calls).toContainEqual(expect.stringMatching(/^POST \/hires\/21\/end/));
    expect(calls).toContainEqual(expect.stringMatching(/^POST \/(?:hires|repairs) \{"bikeId":4/));
  }
});

test("everything that somebody has is no single thing", () => {
  const calls = callsFor(HIRES, "End everything that Ann Lee has hired", HIRES_SHOWN);
  expect(calls.some((call) => call.startsWith("POST"))).toBe(false);
});
