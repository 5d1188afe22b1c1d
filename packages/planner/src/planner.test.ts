import type { Json } from "@ape/core/lib/json";
import type { ChatRequest } from "@ape/core/protocol/chat";
import fc from "fast-check";
import { expect, test } from "vitest";
import { helpDesk } from "../test/desk.ts";
import { type Fake, renamedFake } from "../test/fake.ts";
import { market } from "../test/market.ts";
import { guestHouse } from "../test/rooms.ts";
import { requestFor, runPlannerSession, type SessionResult } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const BUYER = { mail: "b@mail.example", password: "sesame" };
const GUEST = { card: "C-117", pin: "4711" };
const SHOPPING = "Log in, find a ware under $20, put it into the basket, pay, log out.";
const STAYING =
  "Sign in, look for a room for less than 80 euros a night, book it for 3 guests and 4 nights, confirm the booking, sign out.";

function shop(fake: Fake, goal = SHOPPING, seed = 1): Promise<SessionResult> {
  return runPlannerSession({
    planner: createPlanner(),
    apis: [fake.api],
    goal,
    row: BUYER,
    secret: ["password"],
    answer: fake.answer,
    seed,
  });
}

function stay(fake: Fake, goal = STAYING): Promise<SessionResult> {
  return runPlannerSession({
    planner: createPlanner(),
    apis: [fake.api],
    goal,
    row: GUEST,
    secret: ["pin"],
    answer: fake.answer,
  });
}

const operations = ({ calls }: SessionResult) => calls.map((call) => call.replace(/[?{ ]*[?{].* ->| ->/, ""));

test("a plain journey wastes no step", async () => {
  const world = market();
  const result = await shop(world);
  expect(operations(result)).toEqual([
    "POST /tokens 200",
    "GET /wares 200",
    "POST /basket/lines 201",
    "POST /payments 422",
    "POST /payments 201",
    "DELETE /tokens/current 204",
  ]);
  expect(result.finished).toMatch(/done/);
  // Log in and look; put into the basket and pay; pay again; log out and finish.
  expect(result.asked).toBe(4);
  expect(world.books.orders).toHaveLength(1);
});

test.each([1, 9, 15])(
  "a goal of %i times the same ends with so many, however long its history",
  async (times) => {
    const world = market();
    const goal = `Log in, ${"find a ware under $20, put it into the basket, pay, ".repeat(times)}log out.`;
    const { finished } = await runPlannerSession({
      planner: createPlanner(),
      apis: [world.api],
      goal,
      row: BUYER,
      secret: ["password"],
      answer: world.answer,
      steps: 10 + 5 * times,
    });
    expect(finished).toMatch(/done/);
    expect(world.books.orders).toHaveLength(times);
  },
);

test("a secret goes out as its placeholder", async () => {
  const world = market();
  const { calls } = await shop(world);
  expect(calls[0]).toBe('POST /tokens {"mail":"b@mail.example","phrase":"{{password}}"} -> 200');
});

test.each([
  "Sign in. Look for a ware that costs at most 20 dollars; put it in your cart and then purchase everything. Finally sign out.",
  "Authenticate and buy any ware below 20 USD, then end the session.",
  "You are a buyer who likes bargains. You want to log in, browse the wares, choose one for no more than $20, add it to the basket, pay and log out. Do not log in twice.",
  "Log in, find the cheapest ware, add it to the basket, check out, and log out at the end.",
])("a goal can be put in other words: %s", async (goal) => {
  const world = market();
  const result = await shop(world, goal);
  expect(world.books).toMatchObject({ logins: 1, logouts: 1, basket: [] });
  expect(world.books.orders).toHaveLength(1);
  const ware = world.wares.find(({ ref }) => ref === world.books.orders[0]?.[0]?.ware);
  expect(ware?.cents).toBeLessThanOrEqual(2000);
  expect(result.steps).toBe(7);
});

test("what is sold out is not chosen, and how many are wanted is heard", async () => {
  for (let seed = 0; seed < 12; seed += 1) {
    const world = market();
    await shop(
      world,
      "Log in, find a ware under $20, put three of them into the basket, pay, log out.",
      seed,
    );
    const [line] = world.books.orders[0] ?? [];
    expect(line?.pieces).toBe(3);
    expect(world.wares.find(({ ref }) => ref === line?.ware)?.left).toBe(9);
  }
});

test("different seeds choose different wares, the same seed the same", async () => {
  const chosen: string[] = [];
  for (let seed = 0; seed < 10; seed += 1) {
    const world = market();
    await shop(world, SHOPPING, seed);
    const again = market();
    await shop(again, SHOPPING, seed);
    expect(again.books).toEqual(world.books);
    chosen.push(world.books.orders[0]?.[0]?.ware ?? "none");
  }
  expect(new Set(chosen).size).toBeGreaterThan(1);
});

/** A stay of which the goal leaves the day and the meals open. */
const STAY = {
  room: expect.any(Number),
  guests: 3,
  from: expect.stringMatching(/^2031-\d\d-\d\d$/),
  nights: 4,
  meal: expect.stringMatching(/^(?:none|breakfast|dinner)$/),
};

test("what the goal states is not replaced where it is refused", async () => {
  const world = guestHouse();
  const result = await stay(world, STAYING.replace("4 nights", "9 nights"));
  expect(world.books).toMatchObject({ held: [], confirmed: [] });
  expect(result.finished).toBe(
    'POST /stays failed with 422 ("must be at most 5"), and the goal states the nights.',
  );
});

test("leafs through a list by cursor, and makes up what the goal leaves open", async () => {
  const world = guestHouse();
  const result = await stay(world, STAYING);
  expect(world.books.held).toEqual([STAY]);
  expect(world.books.held[0]?.room).toBeGreaterThan(108);
  expect(world.books).toMatchObject({ confirmed: [0], signedIn: 1, signedOut: 1 });
  expect(result.finished).toMatch(/done/);
});

test("leafs through a list by offset, also where the digest hides a part of each page", async () => {
  for (const shown of [3, 5, 20]) {
    const world = market({ cheapFrom: 12 });
    await runPlannerSession({
      planner: createPlanner(),
      apis: [world.api],
      goal: SHOPPING,
      row: BUYER,
      secret: ["password"],
      answer: world.answer,
      shown,
    });
    expect(world.books.orders).toHaveLength(1);
  }
});

test("gives up where nothing suits", async () => {
  const world = market({ cheapFrom: 99 });
  const result = await shop(world);
  expect(result.finished).toMatch(/nothing that suits/);
  expect(world.books.basket).toEqual([]);
  expect(result.steps).toBeLessThan(9);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "descriptions alone are enough, names are nonsense: seed %i",
  async (seed) => {
    const world = market();
    const result = await shop({ ...renamedFake(world, seed) });
    expect(world.books.orders).toHaveLength(1);
    expect(result.steps).toBeGreaterThanOrEqual(6);
    expect(result.steps).toBeLessThanOrEqual(8);
    const house = guestHouse();
    await stay(renamedFake(house, seed));
    expect(house.books).toMatchObject({ confirmed: [0], signedIn: 1, signedOut: 1 });
    expect(house.books.held).toEqual([STAY]);
  },
);

test("logs in again after a 401 and goes on where it was", async () => {
  const world = market({
    disturb: (key, count) =>
      key === "POST /payments" && count === 1 ? { status: 401, body: { detail: "expired" } } : undefined,
  });
  const result = await shop(world);
  expect(operations(result)).toEqual([
    "POST /tokens 200",
    "GET /wares 200",
    "POST /basket/lines 201",
    "POST /payments 401",
    "POST /tokens 200",
    "POST /payments 422",
    "POST /payments 201",
    "DELETE /tokens/current 204",
  ]);
});

test("fills the basket again where a new login has lost it", async () => {
  const world = market({
    forgetful: true,
    disturb: (key, count) => (key === "POST /payments" && count === 1 ? { status: 401 } : undefined),
  });
  await shop(world);
  expect(world.books.orders).toHaveLength(1);
  expect(world.books.orders[0]).toHaveLength(1);
});

test("takes another ware after a 409, never one that has failed", async () => {
  const cheap = Array.from({ length: 18 }, (_, index) => `w${index}`).filter((ref) => ref !== "w16");
  const world = market({ gone: cheap });
  const result = await shop(world);
  const put = result.calls.filter((call) => call.startsWith("POST /basket"));
  expect(new Set(put).size).toBe(put.length);
  expect(world.books.orders).toEqual([[{ ware: "w16", pieces: expect.any(Number) }]]);
});

test.each([503, 429])("makes the same call again after a %i", async (status) => {
  const world = market({
    disturb: (key, count) =>
      key === "POST /basket/lines" && count < 3 ? { status, note: "waited 1s" } : undefined,
  });
  const result = await shop(world);
  const put = result.calls
    .filter((call) => call.startsWith("POST /basket"))
    .map((call) => call.replace(/ ->.*/, ""));
  expect(put).toHaveLength(3);
  expect(new Set(put).size).toBe(1);
  expect(world.books.orders).toHaveLength(1);
});

test.each([
  ["POST /payments", true, 2],
  ["POST /payments", false, 2],
  ["POST /basket/lines", true, 1],
  ["POST /basket/lines", false, 1],
])("does nothing twice when the answer of %s is lost (done: %s)", async (operation, after, nth) => {
  for (const lost of [{ status: 500 }, { status: 0, note: "timeout" }]) {
    const world = market({
      disturb: (key, count) => (key === operation && count === nth ? { ...lost, after } : undefined),
    });
    const result = await shop(world);
    expect(result.finished).toMatch(/done/);
    expect(world.books.orders).toHaveLength(1);
    expect(world.books.orders[0]).toHaveLength(1);
    expect(world.books.logouts).toBe(1);
  }
});

test.each([
  'Sign in, find a ticket with an urgency of at least 4, comment on it with "Looking into it", close the ticket and sign out.',
  'Start a session. Look through the tickets for one whose urgency is 4 or more, view it, then comment on it: "Looking into it". After that close it and end the session.',
])("works on what is no shop: %s", async (goal) => {
  const desk = helpDesk();
  const result = await runPlannerSession({
    planner: createPlanner(),
    apis: [desk.api],
    goal,
    row: { user: "kim", passphrase: "open sesame" },
    secret: ["passphrase"],
    answer: desk.answer,
  });
  expect(result.finished).toMatch(/done/);
  const ticket = desk.books.closed[0]?.ticket ?? "";
  expect(["T-3", "T-4", "T-8", "T-9"]).toContain(ticket);
  expect(desk.books).toEqual({
    comments: [{ ticket, text: "Looking into it", visible: "staff" }],
    closed: [{ ticket, reason: "solved" }],
    opened: 0,
  });
});

test("what never works is given up", async () => {
  for (const status of [500, 503, 401, 403, 404, 409, 422, 400, 0]) {
    const world = market({ disturb: (key) => (key === "POST /payments" ? { status } : undefined) });
    const result = await shop(world);
    expect(result.finished, String(status)).toBeDefined();
    expect(world.books.orders).toEqual([]);
  }
});

test("a long session keeps what it needs at the end", async () => {
  const house = guestHouse((key, count) =>
    key === "POST /stays" && count < 5 ? { status: 503 } : undefined,
  );
  const result = await stay(house);
  expect(house.books).toMatchObject({ signedIn: 1, signedOut: 1, confirmed: [0] });
  expect(result.finished).toMatch(/done/);
});

test("several APIs can serve one goal", async () => {
  const world = market();
  const house = guestHouse();
  const result = await runPlannerSession({
    planner: createPlanner(),
    apis: [house.api, world.api],
    goal: "Find a ware under $20, put it into the basket and pay. Then book a room for under 80 euros a night and confirm the booking.",
    row: { ...BUYER, ...GUEST },
    secret: ["password", "pin"],
    answer: (call) => (call.target === "house" ? house : world).answer(call),
  });
  expect(result.finished).toMatch(/done/);
  expect(world.books.orders).toHaveLength(1);
  expect(house.books.confirmed).toEqual([0]);
});

test("an API without a document is looked around in by its links", async () => {
  const pages: Record<string, Json> = {
    "/": { things: "/things", about: "/about" },
    "/things": [{ id: 7 }, { id: 8 }],
    "/about": {},
  };
  const result = await runPlannerSession({
    planner: createPlanner(),
    apis: [{ target: "bare", title: "bare", documented: false, auth: [], operations: [] }],
    goal: "Look at the things.",
    answer: ({ path }) => ({ status: 200, body: pages[path] ?? { ok: true } }),
  });
  expect(result.calls.slice(0, 2)).toEqual(["GET / -> 200", "GET /things -> 200"]);
  expect(result.calls).toContain("GET /things/8 -> 200");
  expect(result.finished).toBeDefined();
});

test("asks for nothing but the tools it has, and answers what it cannot read", () => {
  const planner = createPlanner();
  const { api } = market();
  const request = requestFor({ apis: [api], goal: SHOPPING }, [], []);
  const only = { ...request, tools: (request.tools ?? []).filter((tool) => tool.function.name === "finish") };
  expect(planner.plan(only).toolCalls.map(({ name }) => name)).toEqual(["finish"]);
  expect(planner.plan({ ...request, tools: [] }).toolCalls).toEqual([]);
  const broken: ChatRequest = {
    ...request,
    messages: [{ role: "user", content: "# Goal\nx\n\n# Last answers\n1. a: GET / -> 200\nbody {oops" }],
  };
  expect(planner.plan(broken).toolCalls[0]?.name).toBe("finish");
  expect(planner.plan({ model: "x", messages: [], tools: request.tools ?? [] }).toolCalls[0]?.name).toBe(
    "finish",
  );
});

test("a problem is answered with a proper call", () => {
  const { api } = market();
  const request = requestFor({ apis: [api], goal: SHOPPING, problem: "path is missing" }, [], []);
  expect(createPlanner().plan(request).toolCalls[0]?.name).toBe("post_tokens");
});

test("the same request has the same answer, from a fresh planner too", () => {
  const { api } = market();
  const request = requestFor({ apis: [api], goal: SHOPPING }, [], []);
  const planner = createPlanner();
  expect(planner.plan(request)).toEqual(planner.plan(request));
  expect(createPlanner().plan(request)).toEqual(planner.plan(request));
});

test("whatever a target answers, there are proper calls, and an end", () => {
  const planner = createPlanner();
  const { api } = market();
  const facts = Object.entries(BUYER).map(([name, value]) => ({ name, value, origin: "data" }));
  const call = fc.record({
    call: fc.constantFrom(
      'POST /tokens {"mail":"b@mail.example","phrase":"{{password}}"}',
      "GET /wares",
      "GET /wares?from=6",
      'POST /basket/lines {"ware":"w1","pieces":1}',
      'POST /basket/lines {"ware":"w1","piec...',
      'POST /payments {"means":"card"}',
      "GET /basket",
      "DELETE /tokens/current",
      "PATCH /elsewhere [1]",
    ),
    status: fc.constantFrom(0, 200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503),
    body: fc.oneof(
      fc.jsonValue() as fc.Arbitrary<Json>,
      fc.record({
        wares: fc.array(
          fc.oneof(
            fc.record({ ref: fc.string(), cents: fc.nat(3000), left: fc.nat(3) }),
            fc.constant("... 4 more"),
          ),
        ),
      }),
    ),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 12 }), fc.nat(), (calls, seed) => {
      const past = calls.map((one, index) => ({ ...one, step: index + 1, target: "market" }));
      const { toolCalls } = planner.plan(requestFor({ apis: [api], goal: SHOPPING, seed }, facts, past));
      expect(toolCalls.length).toBeGreaterThan(0);
      for (const { name, arguments: text } of toolCalls) {
        const args = JSON.parse(text) as Record<string, Json>;
        if (name.startsWith("http_")) expect(String(args.path)).toMatch(/^\/[^{}\s]*$/);
      }
    }),
    { numRuns: 400 },
  );
});
