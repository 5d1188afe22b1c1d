import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apisWithGoals } from "../../test/apis-with-goals.ts";
import { checkText } from "../../test/check-text.ts";
import { BOARD, LIBRARY, NOTES, ROOMS, SHOP } from "../../test/example-apis.ts";
import { largeApi } from "../../test/large-api.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { suggestChecks } from "../checks/suggest-checks.ts";
import { clausesOf } from "../goal/clause.ts";
import { findOperations } from "../selection/find-operations.ts";
import { SelectionSource, selectOperations } from "../selection/select-operations.ts";
import { OperationCatalog } from "./operation-catalog.ts";
import { subjectOf } from "./operation-subject.ts";

/** What is read of example APIs and goals, as it was reviewed: a change of a rule shows where it matters. */
const approved = (name: string): string => join(import.meta.dirname, "../../test/approved", name);

const APIS = { shop: SHOP, board: BOARD, library: LIBRARY, notes: NOTES, rooms: ROOMS };

const GOALS: Readonly<Record<keyof typeof APIS, readonly string[]>> = {
  shop: [
    "Log in, look for a lamp under $20, put two of them into the cart, place the order to Main St 1, pay by invoice and log out.",
    "You are a customer. Create a cart, add the cheapest product to it, remove it again, then look at the cart.",
    'Place an order, change its address to "Second St", cancel it because "too late" and check that it is cancelled.',
    'Review the product with 5 stars and the text "Good", read all of its reviews, delete the review.',
    "List my orders; never delete anything. Buy the dearest product that is in stock.",
    "Before you pay the order, look at it. If it is paid, do nothing.",
    "Order at least 3 and at most 5 pieces of a product between 10 and 20 dollars.",
  ],
  board: [
    'Create a private board called "Plan", add a card titled "Buy milk" due 2030-01-02, comment "Soon" on it and mark it done.',
    'Create a board, star it, invite ann@mail.example as an admin, rename the board to "B" and archive it.',
    'Add two cards to the board "Work", assign the first one to Ann, delete the second one.',
    "Find the user Bob, make him a member of a board, list the members.",
    'Set the title of the card to "X" and its due date to tomorrow.',
    "Unstar the board and see whether it is starred.",
  ],
  library: [
    'Borrow a book called "Emma" for 3 days, then return the loan.',
    'Add a book called "Emma" by Jane Austen, look at it, remove it.',
    "List the books and borrow the first one.",
  ],
  notes: [
    'Create a note titled "Plan", change its body to "B", read it, delete it.',
    'Set the variable "speed" to "9" and get it.',
    "List the notes.",
  ],
  rooms: [
    'Log in, add a room called "Blue" with 4 seats, book it for 2 hours on 2030-01-02.',
    "Delete a room.",
  ],
};

/** Shorter goals, for their checks alone. */
const SHORT: typeof GOALS = {
  shop: [
    'Log in, put two lamps into the cart and place an order to "Main St 1".',
    "Create a cart, add an item, order it, then pay the order by card.",
    "Place an order, then cancel it.",
    'Place an order and change its address to "Second St".',
    'Write a review with rating 4 that says "Good".',
    "Write a review, then delete it.",
    "Look at the products and read the reviews of the cheapest one.",
    "Add a lamp to the cart, then remove the item from the cart.",
    "List my orders.",
  ],
  board: [
    'Create a private board called "Plan".',
    'Create a board, add a card titled "Buy milk" and comment "Soon" on it.',
    "Create a board and add three cards.",
    "Create a board, star it, then unstar it.",
    'Create a board called "A", rename it to "B" and archive it.',
    "Create a board, add a card, mark it as done.",
    "Create a board, add a card, assign it to a user.",
    'Invite "a@b.c" as a guest to the board.',
    "Create a board, add a card due on 2030-01-02, delete the card.",
    "Star a board.",
  ],
  library: [
    "Borrow a book for 3 days.",
    "Borrow a book, then return the loan.",
    'Add a book called "Emma".',
    'Add a book called "Emma", then remove it.',
  ],
  notes: [
    'Create a note titled "Plan".',
    'Create a note, change its title to "B", then delete it.',
    'Set the variable "speed" to "9".',
    "List the notes.",
  ],
  rooms: ['Log in, add a room called "Blue" with 4 seats.', "Book a room for 2030-01-02.", "Delete a room."],
};

const entries = Object.entries(APIS) as [keyof typeof APIS, ApiDescription][];
const lines = (value: readonly unknown[]): string => value.map((one) => JSON.stringify(one)).join("\n");
/** JSON of any value; the numbers of synsets change with the thesaurus. */
const jsonOf = (given: object): string =>
  JSON.stringify(given, (name, value: unknown) => {
    if (/synsets$/i.test(name)) return undefined;
    return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
  });
const rounded = (weights: ReadonlyMap<string, number>): string =>
  [...weights].map(([token, weight]) => `${token} ${Math.round(weight * 1_000) / 1_000}`).join(", ");

/** What is known of the operations of an API. */
function knownOf(api: ApiDescription): string[] {
  const catalog = new OperationCatalog([api]);
  return [
    `verbs: ${[...catalog.verbs].join(" ")}`,
    ...catalog.operations.map((one) => {
      const { weights, inputs, answers, ...traits } = one;
      const sources = inputs.map((input) => {
        const from = catalog
          .sources(one, input)
          .slice(0, 3)
          .map(
            ({ operation, field, score, listed, made }) =>
              `${operation.key} ${field.name} ${Math.round(score * 100)}${listed ? " listed" : ""}${made ? " made" : ""}`,
          );
        return `  ${input.in} ${input.name}: ${from.join("; ")}`;
      });
      const plainTraits = Object.fromEntries(
        Object.entries(traits).filter(([, value]) => ["string", "boolean", "number"].includes(typeof value)),
      );
      return [
        one.key,
        `  ${JSON.stringify(plainTraits)}`,
        `  words: ${rounded(weights)}`,
        `  list: ${JSON.stringify(one.list?.prefix ?? null)}, answers: ${answers.map(({ name }) => name).join(" ")}`,
        `  subject: ${jsonOf(subjectOf(one))}`,
        ...sources,
      ].join("\n");
    }),
  ];
}

test("what is known of each operation, and where its inputs come from", async () => {
  const texts = entries.flatMap(([, api]) => knownOf(api));
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(approved("operations.txt"));
});

test("what is known of operations with ids, codes, numbers and states of other forms", async () => {
  const file = join(import.meta.dirname, "../../test/rows/forms-of-ids.txt");
  const texts = apisWithGoals(readFileSync(file, "utf8")).flatMap(({ api }) => knownOf(api));
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(approved("forms-of-ids.txt"));
});

test("the clauses of goals, and the operations and values that serve them", async () => {
  const texts = entries.flatMap(([name, api]) => {
    const catalog = new OperationCatalog([api]);
    return GOALS[name].flatMap((goal) => [
      `# ${name}: ${goal}`,
      ...clausesOf(goal, catalog.verbs).map(
        ({ weights, ...clause }) => `${jsonOf(clause)}\n  ${rounded(weights)}`,
      ),
      ...goalParts(goal, catalog).map((part) => {
        const { kind, clause } = part;
        const operation = part.operation?.key ?? "none";
        return `  part ${kind} ${JSON.stringify(clause.text)}: ${operation}`;
      }),
    ]);
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(approved("clauses.txt"));
});

test("the checks of goals, why they are suggested and what they prove", async () => {
  const texts = entries.flatMap(([name, api]) =>
    [...GOALS[name], ...SHORT[name]].map((goal) => {
      const { checks, proof } = suggestChecks(goal, [api]);
      return [
        `# ${name}: ${goal}`,
        ...checks.map(
          ({ check, why, proves }) => `${checkText(check)}\n  ${why}\n  proves ${proves.join(" + ")}`,
        ),
        JSON.stringify(proof),
      ].join("\n");
    }),
  );
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(approved("checks.txt"));
});

test("the operations that are selected of many, and found in the rest", async () => {
  const source = new SelectionSource([
    { ...SHOP, target: "shop" },
    { ...BOARD, target: "board" },
    largeApi(),
  ]);
  const texts = [
    ...GOALS.shop,
    ...GOALS.board,
    "Create an invoice, send a shipment to the customer.",
    "Archive the oldest contract.",
  ].flatMap((goal) =>
    [900].map((budget) => {
      const selection = selectOperations(goal, source, budget, 12);
      const { apis, selected, tokens } = selection;
      return [
        `# ${budget}: ${goal}`,
        `${selected} operations, ${tokens} tokens`,
        lines(
          apis.flatMap(({ target, operations, leftOut }) => [
            `${target}: ${leftOut} left out`,
            ...operations.map(
              ({ method, path, fields }) => `${method} ${path}: ${fields.map(({ name }) => name).join(" ")}`,
            ),
          ]),
        ),
        findOperations(goal.slice(0, 60), source, selection),
      ].join("\n");
    }),
  );
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(approved("selection.txt"));
});
