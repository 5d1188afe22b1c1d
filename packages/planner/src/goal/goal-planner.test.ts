import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { column } from "../../test/next-call.ts";
import { planGoal } from "./goal-planner.ts";

const text = (name: string, description = "") => field("answer", name, "string", description);
const into = (name: string, type = "string!", description = "") => field("body", name, type, description);
const at = (name: string, description = "") => field("path", name, "string!", description);
const api = (target: string, operations: ApiDescription["operations"]): ApiDescription => ({
  target,
  title: target,
  documented: true,
  auth: [{ type: "bearer" }],
  operations,
});

const LIBRARY = api("library", [
  operation("POST /login", "Log in", [into("user"), into("password")]),
  operation("DELETE /login*", "Log out", []),
  operation("GET /books*", "List the books", [
    field("query", "genre", "string", "Genre of the book"),
    text("[].isbn", "ISBN of the book"),
    text("[].title", "Title of the book"),
    field("answer", "[].price", "number", "Price in dollars"),
    text("[].author.authorId", "Id of the author"),
  ]),
  operation("GET /books/{isbn}*", "Show a book", [
    at("isbn", "ISBN of the book"),
    text("isbn"),
    text("title"),
  ]),
  operation("POST /loans*", "Borrow a book", [
    into("isbn", "string!", "ISBN of the book"),
    into("days", "integer!", "How many days"),
    text("loanId", "Id of the loan"),
  ]),
  operation("GET /loans*", "List my loans", [
    text("[].loanId", "Id of the loan"),
    text("[].isbn", "ISBN of the book"),
  ]),
  operation("POST /loans/{loanId}/renewal*", "Renew a loan", [at("loanId", "Id of the loan")]),
  operation("DELETE /loans/{loanId}*", "Return a loan", [at("loanId", "Id of the loan")]),
  operation("POST /books/{isbn}/reviews*", "Write a review of a book", [
    at("isbn", "ISBN of the book"),
    into("text", "string!", "Text of the review"),
    into("stars", "integer!", "Stars from 1 to 5"),
    text("reviewId", "Id of the review"),
  ]),
  operation("PATCH /books/{isbn}/reviews/{reviewId}*", "Change a review", [
    at("isbn", "ISBN of the book"),
    at("reviewId", "Id of the review"),
    into("text", "string"),
    into("stars", "integer"),
  ]),
  operation("POST /authors/{authorId}/follow*", "Follow an author", [at("authorId", "Id of the author")]),
  operation("GET /members*", "List the members", [
    text("[].memberId", "Id of the member"),
    text("[].name", "Name of the member"),
  ]),
  operation("POST /clubs*", "Found a reading club", [into("name"), text("clubId", "Id of the club")]),
  operation("PUT /clubs/{clubId}/chair*", "Appoint the chair of a club", [
    at("clubId", "Id of the club"),
    into("memberId", "string!", "Id of the member"),
  ]),
  operation("POST /clubs/{clubId}/members*", "Add a member to a club", [
    at("clubId", "Id of the club"),
    into("memberId", "string!", "Id of the member"),
  ]),
]);

const SHOP = api("shop", [
  operation("GET /products", "List the products", [
    text("items[].sku", "SKU of the product"),
    field("answer", "items[].price", "number", "Price"),
  ]),
  operation("POST /cart/items", "Add a product to the cart", [
    into("sku", "string!", "SKU of the product"),
    into("quantity", "integer!", "How many"),
  ]),
  operation("GET /cart", "Show the cart", [
    text("items[].sku", "SKU of the product"),
    field("answer", "total", "number", "Total"),
  ]),
  operation("DELETE /cart/items/{sku}", "Remove a product from the cart", [at("sku", "SKU of the product")]),
  operation("POST /orders", "Buy what is in the cart", [text("orderId", "Id of the order")]),
  operation("POST /orders/{orderId}/cancel", "Cancel an order", [at("orderId", "Id of the order")]),
  operation("GET /orders", "List the orders", [
    text("[].orderId", "Id of the order"),
    text("[].state", "State of the order"),
  ]),
  operation("GET /orders/{orderId}", "Show an order", [
    at("orderId", "Id of the order"),
    text("orderId"),
    text("state"),
  ]),
]);

/**
 * The calls that a goal is planned as, with where each input is from: a column, the nth choice from the list that a step shows, or the
 * answer of a step; `+` for what another call needs.
 */
function planned(own: ApiDescription, goal: string, row: Record<string, string> = {}): string[] {
  const facts = Object.entries(row).map(([name, value]) => column(name, value));
  const { steps, choices } = planGoal(goal, new OperationCatalog([own]), facts);
  return steps.map(({ operation: { key }, bindings, clause }) => {
    const inputs = [...bindings].map(([{ name }, binding]) => {
      if (binding.kind === "fact") return `${name}: ${binding.name}`;
      if (binding.kind === "answer") return `${name}: answer ${binding.step} ${binding.source.field.name}`;
      const { choice } = binding;
      const traits = `${choice.called === undefined ? "" : ` called ${choice.called.text}`}${choice.apart ? " apart" : ""}`;
      return `${name}: choice ${choices.indexOf(choice)} of ${choice.step} ${binding.field.name}${traits}`;
    });
    return [`${clause === undefined ? "+ " : ""}${key}`, ...inputs].join(", ");
  });
}

const ROW = { user: "ann", password: "{{password}}" };
const LOGIN = "POST /login, user: user, password: password";

test.each<[goal: string, calls: string[]]>([
  [
    "List the books, borrow a book, renew the loan, return it, log out.",
    [
      "GET /books",
      "POST /loans, isbn: choice 0 of 1 [].isbn",
      "POST /loans/{loanId}/renewal, loanId: answer 2 loanId",
      "DELETE /loans/{loanId}, loanId: answer 2 loanId",
      "DELETE /login",
    ],
  ],
  ["Borrow a book.", ["+ GET /books", "POST /loans, isbn: choice 0 of 1 [].isbn"]],
  [
    "Borrow a book for 7 days, then borrow another book.",
    [
      "+ GET /books",
      "POST /loans, isbn: choice 0 of 1 [].isbn",
      "POST /loans, isbn: choice 1 of 1 [].isbn apart",
    ],
  ],
  [
    'List the books, borrow the cheapest one, and write a review of it with the text "Good".',
    [
      "GET /books",
      "POST /loans, isbn: choice 0 of 1 [].isbn",
      "POST /books/{isbn}/reviews, isbn: choice 0 of 1 [].isbn",
    ],
  ],
  [
    'Write a review of a book, then change its text to "Bad".',
    [
      "+ GET /books",
      "POST /books/{isbn}/reviews, isbn: choice 0 of 1 [].isbn",
      "PATCH /books/{isbn}/reviews/{reviewId}, isbn: choice 0 of 1 [].isbn, reviewId: answer 2 reviewId",
    ],
  ],
  [
    "Find a book, follow its author.",
    ["GET /books", "POST /authors/{authorId}/follow, authorId: choice 0 of 1 [].author.authorId"],
  ],
  ["Show a book.", ["+ GET /books", "GET /books/{isbn}, isbn: choice 0 of 1 [].isbn"]],
  ["Return a loan.", ["+ GET /loans", "DELETE /loans/{loanId}, loanId: choice 0 of 1 [].loanId"]],
  [
    "List my loans, renew a loan.",
    ["GET /loans", "POST /loans/{loanId}/renewal, loanId: choice 0 of 1 [].loanId"],
  ],
  [
    "Found a reading club and make Ben Okafor its chair.",
    [
      "POST /clubs",
      "+ GET /members",
      "PUT /clubs/{clubId}/chair, clubId: answer 1 clubId, memberId: choice 0 of 2 [].memberId called Ben Okafor",
    ],
  ],
  [
    "Found a reading club, add two members to it.",
    [
      "POST /clubs",
      "+ GET /members",
      "POST /clubs/{clubId}/members, clubId: answer 1 clubId, memberId: choice 0 of 2 [].memberId",
      "POST /clubs/{clubId}/members, clubId: answer 1 clubId, memberId: choice 1 of 2 [].memberId apart",
    ],
  ],
  ["Log out.", ["DELETE /login"]],
])("library: %s", (goal, calls) => {
  expect(planned(LIBRARY, goal, ROW)).toEqual([`+ ${LOGIN}`, ...calls]);
});

test("one login serves a session, whoever asks for it", () => {
  expect(planned(LIBRARY, "Log in, log in, log out.", ROW)).toEqual([LOGIN, "DELETE /login"]);
  expect(planned(LIBRARY, "Log in.", {})).toEqual(["POST /login"]);
});

test.each<[goal: string, calls: string[]]>([
  [
    "Buy a product.",
    ["+ GET /products", "+ POST /cart/items, sku: choice 0 of 0 items[].sku", "POST /orders"],
  ],
  [
    "Add a product to the cart, buy it.",
    ["+ GET /products", "POST /cart/items, sku: choice 0 of 0 items[].sku", "POST /orders"],
  ],
  [
    "Add a product to the cart, add another product to the cart, remove one, check out.",
    [
      "+ GET /products",
      "POST /cart/items, sku: choice 0 of 0 items[].sku",
      "POST /cart/items, sku: choice 1 of 0 items[].sku apart",
      "DELETE /cart/items/{sku}, sku: choice 1 of 0 items[].sku apart",
      "POST /orders",
    ],
  ],
  ["Cancel an order.", ["+ GET /orders", "POST /orders/{orderId}/cancel, orderId: choice 0 of 0 [].orderId"]],
  [
    "Buy a product, cancel the order.",
    [
      "+ GET /products",
      "+ POST /cart/items, sku: choice 0 of 0 items[].sku",
      "POST /orders",
      "POST /orders/{orderId}/cancel, orderId: answer 2 orderId",
    ],
  ],
  [
    "Buy a product under $50, show the order.",
    [
      "+ GET /products",
      "+ POST /cart/items, sku: choice 0 of 0 items[].sku",
      "POST /orders",
      "GET /orders/{orderId}, orderId: answer 2 orderId",
    ],
  ],
  ["Show the cart.", ["GET /cart"]],
])("shop: %s", (goal, calls) => expect(planned(SHOP, goal)).toEqual(calls));

test("a column of the data row goes before a choice", () => {
  expect(planned(SHOP, "Add the product to the cart.", { sku: "A-1" })).toEqual([
    "POST /cart/items, sku: sku",
  ]);
});

test("a choice is made by the clauses from the list to the last one that chooses", () => {
  const bounds = (goal: string) =>
    planGoal(goal, new OperationCatalog([SHOP]), []).choices.map(({ clauses }) =>
      clauses.flatMap((clause) => clause.bounds.map(({ value }) => value)),
    );
  expect(bounds("List the products, add a product under $50 to the cart.")).toEqual([[50]]);
  expect(bounds("Add a product under $50 to the cart, add another product over $90 to the cart.")).toEqual([
    [50],
    [90],
  ]);
  expect(bounds("List the products.")).toEqual([[]]);
  expect(bounds("Show the cart.")).toEqual([[]]);
});

test("what no operation serves is named, but not a login where nothing needs one", () => {
  const uncovered = (own: ApiDescription, goal: string) =>
    planGoal(goal, new OperationCatalog([own]), []).uncovered;
  expect(uncovered(SHOP, "Paint the fence, show the cart.")).toEqual(["Paint the fence"]);
  const secured = SHOP.operations.map((one) => ({ ...one, secured: true }));
  expect(uncovered({ ...SHOP, operations: secured }, "Log in, show the cart.")).toEqual(["Log in"]);
  expect(uncovered(SHOP, "Log in, show the cart.")).toEqual([]);
  expect(uncovered(SHOP, "You are a buyer. Show the cart.")).toEqual([]);
});
