import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apisWithGoals } from "../../test/apis-with-goals.ts";
import { clausesOf } from "../goal/clause.ts";
import { OperationIndex } from "./operation-index.ts";
import { searchOperations } from "./operation-search.ts";
import { SelectionSource, selectOperations } from "./select-operations.ts";

const SYSTEMS = apisWithGoals(
  readFileSync(join(import.meta.dirname, "../../test/rows/systems.txt"), "utf8"),
).map(({ api }) => ({ ...api, target: api.target.split(" ").at(-1) ?? "" }));

/** Short goals, of which each differs from another one in what the order of the operations follows. */
const GOALS: readonly string[] = [
  "Show my bookings",
  "Show bookings",
  "Show a booking",
  "List all reviews",
  "Book a hall",
  "Book it",
  "Set up a board",
  "Please create a card",
  "Create cards and comments",
  "Delete the card",
  "Remove a member from a board",
  "Pin a card",
  "Unpin it",
  "Send it",
  "Send a message",
  "Search for halls",
  "Search",
  "Find a doctor",
  "Find my tickets",
  "I want my orders",
  "Log in",
  "Log out, then log in",
  "Change the state of an appointment",
  "Update a patient",
  "Freeze a wallet",
  "Deposit money into a wallet",
  "Transfer money, then show the transfer",
  "Give a bike back",
  "Hire a bike and report a damage",
  "Follow a teacher",
  "Grade an enrolment",
  "Apply a coupon to the cart",
  "Put a product into the cart and check out",
  "Take it out",
  "Track a parcel",
  "Cancel a shipment and note something",
  "Lend an exhibit",
  "Restore it",
  "Hire a guide, create a tour",
  "Publish a post, like it, comment on it",
  "Block a user",
  "Turn a device on",
  "Lock it, unlock it",
  "Approve a request",
  "Withdraw it",
  "File an expense",
  "Open a bottle",
  "Create a page, append text to it, delete it",
  "Add two numbers",
  "Ask a question about an article",
  "Buy a ticket, check in",
  "The weather of tomorrow",
];

test("the operations for short goals, best first: as they are, for what is made, and for the caller's own", async () => {
  const index = new OperationIndex(SYSTEMS);
  const texts = GOALS.map((goal) => {
    const clauses = clausesOf(goal, new Set(index.catalog.verbs));
    const ranked = clauses.flatMap((clause) =>
      [
        { makes: false, own: false },
        { makes: true, own: false },
        { makes: false, own: true },
      ].map((traits) => {
        const context = clauses[0]?.weights ?? clause.weights;
        const found = searchOperations({ ...clause, ...traits }, context, index).slice(0, 7);
        return `  ${found.map(({ target, source: { method, path } }) => `${target} ${method} ${path}`).join(", ")}`;
      }),
    );
    return [goal, ...ranked].join("\n");
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/searches.txt"),
  );
});

test("what is selected of many operations within a budget", async () => {
  const source = new SelectionSource(SYSTEMS);
  const texts = GOALS.filter((_, at) => at % 4 === 0).map((goal) => {
    const { apis, selected, tokens } = selectOperations(goal, source, 700, 9);
    const chosen = apis.flatMap(({ target, operations, leftOut }) =>
      operations.map(
        ({ method, path, fields }) =>
          `  ${target} (${leftOut} left out): ${method} ${path} ${fields.map(({ name }) => name).join(" ")}`,
      ),
    );
    return [`${goal}: ${selected} in ${tokens} tokens`, ...chosen].join("\n");
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/selected.txt"),
  );
});
