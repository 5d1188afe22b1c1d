import { join } from "node:path";
import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { choiceConstraints } from "./choice-constraints.ts";
import { clausesOf } from "./clause.ts";
import { notUnderstood } from "./not-understood.ts";

const field = (
  place: ApiField["in"],
  name: string,
  type = "string",
  more: Partial<ApiField> = {},
): ApiField => apiField(place, name, { type, ...more });

const LIST: ApiOperation = {
  method: "GET",
  path: "/products",
  summary: "List products",
  secured: false,
  fields: [
    field("query", "q", "string", { description: "Words to search for" }),
    field("query", "min_price", "number"),
    field("query", "max_price", "number"),
    field("query", "priceBelow", "integer", { description: "In cents" }),
    field("query", "sort", "string", { enum: ["price_asc", "price_desc", "name"] }),
    field("query", "category", "string", { enum: ["lamp", "chair", "desk"] }),
    field("query", "in_stock", "boolean"),
    field("query", "colour"),
    field("query", "from", "string", { format: "date" }),
    field("query", "until", "string", { format: "date", description: "Last day" }),
    field("query", "limit", "integer"),
    field("query", "currency", "string", { enum: ["USD", "EUR"] }),
  ],
};
const BOOK: ApiOperation = {
  method: "POST",
  path: "/bookings",
  summary: "Book a room",
  secured: false,
  fields: [
    field("body", "title", "string", { required: true }),
    field("body", "date", "string", { format: "date", required: true }),
    field("body", "startTime", "string", { description: "Time of day, HH:MM" }),
    field("body", "endTime", "string", { description: "Time of day, HH:MM" }),
    field("body", "guests", "integer", { required: true }),
    field("body", "nights", "integer"),
    field("body", "note", "string", { description: "Anything else" }),
    field("body", "email", "string", { format: "email" }),
    field("body", "room", "string", { enum: ["blue", "green"] }),
    field("body", "price.amount", "number"),
    field("body", "price.currency", "string", { enum: ["USD", "EUR"] }),
    field("body", "state", "string", { enum: ["draft", "confirmed", "cancelled"] }),
    field("body", "private", "boolean"),
    field("body", "tags[]"),
  ],
};

const GOALS: readonly [operation: ApiOperation, goal: string][] = [
  ...[
    "List products under $20",
    "Find a lamp between 10 and 20 euros",
    "Look for chairs of at least 50 dollars, the cheapest first",
    'Search for "blue lamp" that costs at most $9.99',
    "Find the dearest desk in stock",
    "List 5 products sorted by name",
    "Find products from 2030-01-02 until 2030-02-03",
    "Search for products called Aurora",
    "Find a red product over 100",
    "List products sorted by price, descending",
    "Find anything cheaper than 30 cents",
    "Look at lamps with the word oak",
  ].map((goal): [ApiOperation, string] => [LIST, goal]),
  ...[
    "Book a room for 3 guests and 2 nights",
    "Book the blue room on 2030-01-02 from 10:00 to 11:30",
    'Book a room titled "Plan" with the note "Bring cake" for 4 guests',
    "Book a private room for ann@mail.example",
    "Book a room called Team Meeting at 9 am",
    "Book a room for two guests at 12.50 euros",
    "Book a room as a draft, then confirm it",
    'Book a room with the tags "a" and "b"',
    "Book a room for tomorrow",
    "Book a room, title Retro, guests 7, nights 1",
    "Book a room for {{guest_email}} with the title {{name}}",
    "Book a room for at least 3 guests",
    "Book the green room and set its state to cancelled",
    "Book a room from 2030-01-02 to 2030-01-05",
    "Book a confirmed room that is not private",
  ].map((goal): [ApiOperation, string] => [BOOK, goal]),
];

test("the values that goals state for fields, and what is not understood of them, as it was reviewed", async () => {
  const texts = GOALS.map(([operation, goal]) => {
    const catalog = new OperationCatalog([
      { target: "app", title: "", documented: true, auth: [], operations: [LIST, BOOK] },
    ]);
    const found = catalog.operations.find(({ key }) => key === `${operation.method} ${operation.path}`);
    const clauses = clausesOf(goal, catalog.verbs);
    if (found === undefined) throw new Error("there is no such operation");
    const step = { operation: found, clause: clauses[0], bindings: new Map() };
    const values = choiceConstraints(step, [{ clauses: clauses.slice(1) }]);
    const alone = choiceConstraints({ ...step, clause: undefined }, [{ clauses }]);
    const told = (of: typeof values): string =>
      [...of].map(([{ name }, value]) => `${name}=${JSON.stringify(value)}`).join(" ");
    const open = [false, true].flatMap((chooses) =>
      clauses
        .slice(0, 1)
        .flatMap((clause) => notUnderstood({ clause, operation: found, values, chooses }, catalog)),
    );
    return `${goal}\n  ${told(values)}\n  as a choice: ${told(alone)}\n  not understood: ${JSON.stringify(open)}`;
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/values.txt"),
  );
});
