import { apiOf } from "@ape/catalog/test/api-lines";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

/** The calls of a session, where each POST answers the next id, and each GET what `lists` says. */
async function callsFor(goal: string, api: ReturnType<typeof apiOf>, lists: Record<string, Json>) {
  let made = 0;
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal,
    answer: ({ method, path }) => {
      if (method === "GET") return { status: 200, body: lists[path] ?? null };
      if (method !== "POST") return { status: 204 };
      made += 1;
      return { status: 201, body: { id: `n${made}` } };
    },
  });
  return [...calls, finished];
}

const LIBRARY = apiOf(
  "rest",
  "GET /readers | List readers | | items[].id items[].name",
  "POST /readers | Register a reader | name! | id name",
  "GET /books | List books | | items[].id items[].title",
  "POST /loans | Lend a book | readerId! bookId! note | id",
);
const BOOKS: Record<string, Json> = {
  "/books": { items: [{ id: "b7", title: "Emma" }] },
  "/readers": {
    items: [
      { id: "r1", name: "Ana Ruiz" },
      { id: "r2", name: "Ben Ode" },
    ],
  },
};

test("what is new is made first, and its id is taken", async () => {
  expect(await callsFor("Lend a book to a new reader called Mia Lang", LIBRARY, BOOKS)).toEqual([
    'POST /readers {"name":"Mia Lang"} -> 201',
    "GET /books -> 200",
    'POST /loans {"readerId":"n1","bookId":"b7"} -> 201',
    "Every part of the goal is done.",
  ]);
});

test("one that is there is found by its name, and no other is taken instead", async () => {
  expect(await callsFor("Lend a book to the reader called Ben Ode", LIBRARY, BOOKS)).toContain(
    'POST /loans {"readerId":"r2","bookId":"b7"} -> 201',
  );
  const calls = await callsFor("Lend a book to the reader called Zoe Zorn", LIBRARY, BOOKS);
  expect(calls.filter((call) => call?.startsWith("POST"))).toEqual([]);
  expect(calls.at(-1)).toMatch(/^Cannot go on/);
});

const TEAMS = apiOf(
  "rest",
  "POST /teams | Found a team | name! | id name",
  "GET /players | Players | | [].id [].name",
  "PUT /teams/{teamId}/players/{playerId} | Put a player into a team",
  "DELETE /teams/{teamId}/players/{playerId} | Take a player out of a team",
);
const PLAYERS: Record<string, Json> = {
  "/players": [
    { id: "p1", name: "Ana Ruiz" },
    { id: "p2", name: "Ben Ode" },
    { id: "p3", name: "Cy Fox" },
  ],
};

test("as many different things come along as are counted, and one of them is taken out again", async () => {
  const calls = await callsFor(
    "Found a team called Owls with two players and take one of them out again",
    TEAMS,
    PLAYERS,
  );
  const put = calls.filter((call) => call?.startsWith("PUT"));
  expect(new Set(put).size).toBe(2);
  const taken = calls.find((call) => call?.startsWith("DELETE"));
  expect(put.map((call) => call?.split(" ")[1])).toContain(taken?.split(" ")[1]);
});

test("somebody with a name comes along", async () => {
  expect(await callsFor("Found a team called Owls with Cy Fox in it", TEAMS, PLAYERS)).toEqual([
    'POST /teams {"name":"Owls"} -> 201',
    "GET /players -> 200",
    "PUT /teams/n1/players/p3 -> 204",
    "Every part of the goal is done.",
  ]);
});

const POOL = apiOf(
  "rest",
  "GET /swimmers | List swimmers | | [].id [].name [].lane.id",
  "GET /lanes | List lanes | | [].id [].name",
  "POST /lanes/{laneId}/cleanings | Clean a lane | grams# | id",
  "POST /swimmers/{swimmerId}/moves | Move a swimmer | laneId! | id",
);
const SWIMMERS: Record<string, Json> = {
  "/swimmers": [{ id: "s1", name: "Ana", lane: { id: "l2" } }],
  "/lanes": [
    { id: "l1", name: "Blue" },
    { id: "l2", name: "Red" },
    { id: "l3", name: "Green" },
  ],
};

test("a thing of a shown one is that one, and one with a name is found by it", async () => {
  expect(
    await callsFor("Find a swimmer, clean her lane and move her to the lane Green", POOL, SWIMMERS),
  ).toEqual([
    "GET /swimmers -> 200",
    "POST /lanes/l2/cleanings -> 201",
    "GET /lanes -> 200",
    'POST /swimmers/s1/moves {"laneId":"l3"} -> 201',
    "Every part of the goal is done.",
  ]);
  expect(await callsFor("Clean the lane Blue 20 grams", POOL, SWIMMERS)).toContain(
    'POST /lanes/l1/cleanings {"grams":20} -> 201',
  );
});
