import { join } from "node:path";
import { BOARD, SHOP } from "@ape/catalog/test/example-apis";
import { expect, test } from "vitest";
import { helpDesk } from "../test/desk.ts";
import { echo } from "../test/echo.ts";
import type { Fake } from "../test/fake.ts";
import { market } from "../test/market.ts";
import { guestHouse } from "../test/rooms.ts";
import { type FakeAnswer, runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const ROWS = {
  market: { mail: "b@mail.example", password: "sesame" },
  desk: { name: "kim", secret: "open sesame" },
  rooms: { card: "C-117", pin: "4711" },
  shop: { email: "ada@mail.example", password: "sesame" },
  board: {},
};

/** What befalls a session: an operation, its call from 1, and the answer in its place. */
type Trouble = readonly [operation: string, count: number, answer: FakeAnswer];

const disturb =
  (troubles: readonly Trouble[]) =>
  (operation: string, count: number): FakeAnswer | undefined =>
    troubles.find((one) => one[0] === operation && one[1] === count)?.[2];

const WORLDS = {
  market: (troubles: readonly Trouble[]) =>
    market({ disturb: disturb(troubles), page: 4, cheapFrom: 6, gone: ["w6"] }),
  desk: () => helpDesk(),
  rooms: (troubles: readonly Trouble[]) => guestHouse(disturb(troubles)),
  shop: (troubles: readonly Trouble[]) => echo(SHOP, disturb(troubles)),
  board: (troubles: readonly Trouble[]) => echo(BOARD, disturb(troubles)),
} satisfies Record<string, (troubles: readonly Trouble[]) => Fake>;

interface Session {
  world: keyof typeof WORLDS;
  goal: string;
  seed?: number;
  troubles?: readonly Trouble[];
}

const refused = (status: number, message: string): FakeAnswer => ({ status, body: { message } });

const SESSIONS: readonly Session[] = [
  ...[1, 2, 3].map(
    (seed): Session => ({
      world: "market",
      seed,
      goal: "Log in, find a ware under $20, put two of them into the basket, pay, log out.",
    }),
  ),
  { world: "market", goal: "Log in, put the cheapest ware and the dearest ware into the basket, pay." },
  {
    world: "market",
    goal: "Log in, find a ware between 40 and 41 dollars, add it to the basket, check out.",
    troubles: [["POST /basket/lines", 1, refused(500, "oops")]],
  },
  {
    world: "market",
    goal: "Log in, find a ware under $20, put it into the basket, pay.",
    troubles: [["POST /basket/lines", 1, refused(401, "token expired")]],
  },
  {
    world: "market",
    goal: "Log in, find a ware under $20, put it into the basket, pay.",
    troubles: [["POST /payments", 1, refused(409, "the basket is being changed, try again")]],
  },
  {
    world: "market",
    goal: "Log in, find a ware under $20, put it into the basket, pay.",
    troubles: [["GET /wares", 1, { status: 429, headers: { "retry-after": "2" }, body: {} }]],
  },
  {
    world: "desk",
    goal: 'Sign in, find an open ticket of urgency 4 or more, comment "On it." on it, close it, sign out.',
  },
  { world: "desk", goal: "Sign in, open a ticket about a broken lamp, then close the first open ticket." },
  {
    world: "rooms",
    goal: "Sign in, look for a room for less than 80 euros a night, book it for 3 guests and 4 nights, confirm the booking, sign out.",
  },
  {
    world: "rooms",
    goal: "Sign in, book the cheapest room for two guests and one night with breakfast, then cancel the booking.",
  },
  ...[
    'Log in, put two of the first product into a cart and place an order to "Main St 1".',
    "Create a cart, add an item, order it to Main St 1, then pay the order by card.",
    "Place an order, then cancel it.",
    'Place an order and change its address to "Second St".',
    'Write a review of the cheapest product with rating 4 that says "Good".',
    "Write a review, then delete it.",
    "Look at the products and read the reviews of the dearest one.",
    "Add a product to the cart, then remove the item from the cart.",
    "Place two orders.",
    "List my orders and look at the last one.",
    "Find a product under 25 and write a review with 5 stars.",
    "Fly to the moon.",
  ].map((goal): Session => ({ world: "shop", goal })),
  {
    world: "shop",
    goal: "Place an order.",
    troubles: [["POST /orders", 1, refused(422, "address must be at least 12 characters long")]],
  },
  {
    world: "shop",
    goal: "Place an order.",
    troubles: [
      ["POST /orders", 1, refused(422, "cartId is unknown")],
      ["POST /orders", 2, refused(422, "cartId is unknown")],
    ],
  },
  {
    world: "shop",
    goal: "Write a review.",
    troubles: [["POST /reviews", 1, refused(400, "rating must be between 1 and 5")]],
  },
  {
    world: "shop",
    goal: "Place an order, then cancel it.",
    troubles: [["POST /orders/{orderId}/cancel", 1, refused(404, "no such order")]],
  },
  {
    world: "shop",
    goal: "Place an order, then pay it.",
    troubles: [["POST /orders/{orderId}/payments", 1, { status: 0, note: "timeout" }]],
  },
  ...[
    'Create a private board called "Plan".',
    'Create a board, add a card titled "Buy milk" and comment "Soon" on it.',
    "Create a board and add three cards.",
    "Create a board, star it, then unstar it.",
    'Create a board called "A", rename it to "B" and archive it.',
    "Create a board, add a card, mark it as done.",
    "Create a board, add a card, assign it to a user.",
    'Create a board and invite "a@b.c" as a guest to it.',
    "Create a board, add a card due on 2030-01-02, delete the card.",
    "Add a card to a board, look at the cards of the board.",
  ].map((goal): Session => ({ world: "board", goal })),
];

/** Not all that they do is what their goals want: a change of the planner shows what it changes. */
test("sessions of example goals, call by call, as they were reviewed", async () => {
  const texts: string[] = [];
  const planner = createPlanner();
  for (const { world: name, goal, seed = 1, troubles = [] } of SESSIONS) {
    const world: Fake = WORLDS[name](troubles);
    const row: Record<string, string> = ROWS[name];
    const { calls, finished, asked } = await runPlannerSession({
      planner,
      apis: [world.api],
      goal,
      seed,
      row,
      secret: Object.keys(row).slice(1),
      answer: world.answer,
      steps: 25,
    });
    const about = troubles.map(([operation, count, { status }]) => ` [${operation} ${count}: ${status}]`);
    texts.push(
      [`${name} ${seed}: ${goal}${about.join("")}`, ...calls, `${asked} decisions: ${finished}`].join("\n  "),
    );
  }
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../test/approved/sessions.txt"),
  );
});
