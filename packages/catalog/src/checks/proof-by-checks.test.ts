import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import type { CheckDraft } from "./check-draft.ts";
import { proofOf } from "./goal-proof.ts";

const SHOP = apiOf(
  "rest",
  "POST /login | Log in | user! password!@password | token",
  "POST /logout | Log out",
  "GET /orders | List orders | | [].id [].title [].state",
  "POST /orders | Place an order | title! note | id title state",
  "GET /orders/{orderId} | An order | | id title note state=open,paid",
  "PATCH /orders/{orderId} | Change an order | note | id",
  "POST /orders/{orderId}/payment | Pay an order | card!",
  "DELETE /orders/{orderId} | Cancel an order",
  "POST /cart/items | Add an item to the cart | sku!",
  "POST /cart/purchase | Buy what is in the cart",
  "GET /boats | List boats | | [].id [].name",
  "POST /boats | Register a boat | name! | id",
);

const did = (operation: string, count?: number): CheckDraft => ({
  action: { operation, ...(count === undefined ? {} : { count }) },
});

/** A read: by the fields that it compares, by a text, by another status, or after an operation. */
const read = (operation: string, { body, contains, status = 200, after }: ReadBy = {}): CheckDraft => ({
  probe: {
    operation,
    ...(after === undefined ? {} : { after }),
    expect: {
      status,
      ...(body === undefined ? {} : { body }),
      ...(contains === undefined ? {} : { text: { contains } }),
    },
  },
});
interface ReadBy {
  body?: Record<string, string | number>;
  contains?: string;
  status?: number | number[];
  after?: string;
}

/** The parts that are not proven, with `~` those that were only accepted, and with `?` texts that nothing checks. */
function openParts(goal: string, checks: readonly CheckDraft[], apis = [SHOP]): string[] {
  const { unproven, accepted = [], unchecked = [] } = proofOf(goal, apis, checks);
  return [...unproven, ...accepted.map((part) => `~${part}`), ...unchecked.map((text) => `?${text}`)];
}

const PLACE = 'Place an order titled "Tea"';
const PAY = 'pay it with card "K1"';
const ORDER = "GET /orders/{orderId}";

test.each([
  [
    [did("POST /orders"), did("POST /orders/{id}/payment")],
    [`~${PLACE}`, `~${PAY}`],
  ],
  [[did("POST /orders/{id}/payment")], [`~${PLACE}`, `~${PAY}`]],
  [[did("POST /orders")], [PAY, `~${PLACE}`]],
  [[read(ORDER, { body: { "$.state": "paid" } })], []],
  [[read(ORDER, { body: { "$.title": "Tea" } })], [PAY]],
  [[read(ORDER, { body: { "$.title": "Tea" }, after: "POST /orders" })], [PAY]],
  [[read(ORDER, { after: "POST /orders" })], [PAY]],
  [[read(ORDER, { after: "POST /orders/{x}/payment" })], [`~${PAY}`]],
  [[read(ORDER)], [PAY]],
])("what is made and paid for is proven by %j", (checks, open) => {
  expect(openParts(`${PLACE}, then ${PAY}`, checks)).toEqual(open);
});

test.each([
  ["Cancel order 7", read("GET /orders/7", { status: 404 }), []],
  ["Cancel order 7", read("GET /orders/7", { status: [410, 404] }), []],
  ["Cancel order 7", read("GET /orders/7", { status: 204 }), ["Cancel order 7"]],
  ["Cancel order 7", read("GET /orders", { body: { "$.length()": 0 } }), ["?order 7"]],
  [
    'Set the note of order 7 to "late"',
    read("GET /orders/7", { status: 404 }),
    ['Set the note of order 7 to "late"'],
  ],
  ['Set the note of order 7 to "late"', read("GET /orders/7"), ['Set the note of order 7 to "late"']],
  ['Set the note of order 7 to "late"', read("GET /orders/7", { contains: "late" }), []],
  [
    'Set the note of the order Tea to "late"',
    read(ORDER, { contains: "Tea" }),
    ['Set the note of the order Tea to "late"'],
  ],
  ["Check that order 7 is paid", read("GET /boats"), ["?order 7"]],
  ["Check that order 7 is paid", read("GET /orders/7", { body: { "$.state": "paid" } }), []],
  ["Place two orders", did("POST /orders"), ["Place two orders"]],
  ["Place two orders", did("POST /orders", 2), ["~Place two orders"]],
  [
    "Add an item to the cart, then buy it",
    did("POST /cart/purchase"),
    ["~Add an item to the cart", "~buy it"],
  ],
  ["Log in and place an order", did("POST /login"), ["place an order"]],
  ["Log in and place an order", did("POST /logout"), ["place an order"]],
  ["Place an order and register a boat", did("GET /orders"), ["Place an order", "register a boat"]],
  [
    "Register the boat Otter and place an order",
    read("GET /boats", { after: "POST /boats" }),
    ["place an order"],
  ],
])("%s by %j", (goal, check, open) => {
  expect(openParts(goal, [check])).toEqual(open);
});

const OTHER = { ...apiOf("rest", "POST /orders | Place an order | title! | id"), target: "other" };

test.each([
  ["POST /orders", ["~Place an order"]],
  ["app POST /orders", ["~Place an order"]],
])("of two targets the one of the call is meant: %s", (operation, open) => {
  expect(openParts("Place an order", [did(operation)], [SHOP, OTHER])).toEqual(open);
});
