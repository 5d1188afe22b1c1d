import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { checksFor, goalName, isSecretName, signInOf, suggestGoals } from "./suggest.ts";

const operation = (
  method: ApiOperation["method"],
  path: string,
  summary: string,
  fields: Record<string, ApiOperation["fields"][number]["in"]> = {},
  secured = true,
): ApiOperation => ({
  method,
  path,
  summary,
  secured,
  fields: Object.entries(fields).map(([name, place]) => ({
    in: place,
    name,
    type: "string",
    required: place === "body",
    description: "",
  })),
});
const api = (operations: ApiOperation[], kind?: ApiDescription["kind"]): ApiDescription => ({
  target: "app",
  title: "An API",
  documented: true,
  auth: [],
  operations,
  ...(kind === undefined ? {} : { kind }),
});

const SHOP = api([
  operation("POST", "/accounts", "Create an account", { email: "body", password: "body" }, false),
  operation("POST", "/login", "Log in", { email: "body", password: "body", accessToken: "answer" }, false),
  operation("POST", "/logout", "Log out"),
  operation("GET", "/products", "List and find products", {}, false),
  operation("GET", "/products/{productId}", "Show a product", {}, false),
  operation("POST", "/cart/items", "Add a product to the cart", { productId: "body" }),
  operation("POST", "/orders", "Check out", { id: "answer" }),
  operation("GET", "/orders/{orderId}", "Show an order"),
]);

test.each([
  "password",
  "pw",
  "pwd",
  "user_pass",
  "passwd",
  "PIN",
  "kennwort",
  "apiKey",
  "client_secret",
  "accessToken",
])("the column %s is secret", (name) => expect(isSecretName(name)).toBe(true));

test.each(["email", "user", "spinner", "pwr", "compass_heading", "pinCode2", "name"])(
  "the column %s is no secret",
  (name) => expect(isSecretName(name)).toBe(false),
);

test("signing in is the call that takes a secret, and no registration", () => {
  expect(signInOf(SHOP)).toMatchObject({
    operation: { path: "/login" },
    columns: ["email", "password"],
    secret: ["password"],
  });
  expect(signInOf(api([operation("GET", "/login", "Log in")]))).toBeUndefined();
  expect(signInOf(api([]))).toBeUndefined();
});

test("what can be made and read back is a goal, proven by reading it back; looking around is another", () => {
  expect(suggestGoals(SHOP)).toEqual([
    {
      name: "orders",
      prompt: "Log in, list and find products, add a product to the cart, check out, log out.",
      success: [
        { action: { operation: "POST /cart/items", status: "2xx" } },
        { action: { operation: "POST /orders", status: "2xx", capture: { orderId: "$.id" } } },
        { probe: { operation: "GET /orders/{orderId}", expect: { status: 200 } } },
      ],
    },
    {
      name: "browse",
      prompt: "List and find products, show a product.",
      success: [
        { action: { operation: "GET /products" } },
        { action: { operation: "GET /products/{productId}" } },
      ],
    },
  ]);
});

test("GraphQL and MCP: the last thing that changes something, by the words of its name", () => {
  const graphql = api(
    [
      operation("query", "listings", ""),
      operation("mutation", "signIn", "", { email: "body", password: "body" }),
      operation("mutation", "addToBasket", "", { listingId: "body" }),
      operation("mutation", "checkout", ""),
      operation("mutation", "signOut", ""),
    ],
    "graphql",
  );
  expect(suggestGoals(graphql)[0]).toEqual({
    name: "checkout",
    prompt: "Sign in, look at listings, add to basket, checkout, sign out.",
    success: [
      { action: { operation: "mutation addToBasket", status: "2xx" } },
      { action: { operation: "mutation checkout", status: "2xx" } },
    ],
  });
  const tools = api([operation("tool", "echo", "Echoes back the input")], "mcp");
  expect(suggestGoals(tools)).toEqual([
    {
      name: "echo",
      prompt: "Echoes back the input.",
      success: [{ action: { operation: "tool echo", status: "2xx" } }],
    },
  ]);
});

test("nothing known is a look around", () => {
  expect(suggestGoals(api([]))).toMatchObject([
    { name: "look", success: [{ action: { operation: "GET /" } }] },
  ]);
});

test("a goal in words is proven by what it changes, else by what it reads last", () => {
  const proof = (prompt: string): unknown =>
    checksFor(prompt, SHOP).map((check) => ("action" in check ? check.action.operation : "probe"));
  expect(proof("Log in, find a product under $50, add it to the cart, check out, log out.")).toEqual([
    "POST /cart/items",
    "POST /orders",
    "probe",
  ]);
  expect(proof("Look at the products")).toEqual(["GET /products"]);
  expect(proof("Dance all night")).toEqual([]);
});

test("names of goals are short, legal and each there once", () => {
  expect(goalName("Buy a lamp under $50", [])).toBe("buy-lamp");
  expect(goalName("Buy a lamp under $50", [{ name: "buy-lamp" }])).toBe("buy-lamp-2");
  expect(goalName("50 lamps!", [{ name: "x" }])).toBe("goal-2");
});

test.each([
  ["Log in, find a book, borrow it, log out.", "borrow-book"],
  ["Log in, find a product under $50, add it to the cart, check out, log out.", "check-out"],
  ['Open a topic called "Hello", then reply to it.', "open-topic"],
  ["Place an order.", "place-order"],
  ["List the tools.", "list-tools"],
  ["Create a pet type and give it a name", "create-pet-type"],
])("%s is called %s", (prompt, name) => {
  expect(goalName(prompt, [])).toBe(name);
});
