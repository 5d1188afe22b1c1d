import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { contextOf } from "../../test/context.ts";
import { field, operation } from "../../test/fake.ts";
import type { Past } from "../../test/next-call.ts";
import type { PastCall } from "../goal/past-call.ts";
import { wasWritten, writeVerificationFor } from "./write-verification.ts";

const sku = (place: "body" | "path") => field(place, "sku", "string!", "SKU of the ware");
const listed = [field("answer", "items[].sku", "string", "SKU of the ware")];
const apiWith = (...reads: ReturnType<typeof operation>[]) => ({
  target: "shop",
  title: "The shop",
  documented: true,
  auth: [],
  operations: [
    operation("GET /wares", "List the wares", listed),
    operation("POST /cart/items", "Add a ware to the cart", [sku("body")]),
    operation("PUT /cart/items", "Replace a ware in the cart", [sku("body")]),
    operation("POST /cart/checkout", "Check out: buy what is in the cart", []),
    ...reads,
  ],
});
const CART = operation("GET /cart", "Show the cart", listed);
const LIST: Past = ["GET /wares", 200, { items: [{ sku: "w1" }] }];
const ADDED: Past = ['POST /cart/items {"sku":"w1"}', 201];

/** The read that shows whether the last call of a history was done. */
function verification(goal: string, history: Past[], api = apiWith(CART)) {
  const context = contextOf(api, goal, history);
  const { calls, at } = context.progress;
  const found = writeVerificationFor(at, calls.at(-1) as PastCall, context);
  return found && [found.operation.key, found.value, found.present];
}
const GOAL = "List the wares, add a ware to the cart, check out.";
const lost = (call: string): Past => [call, 502];

test("what was added is looked for in the list that would show it", () => {
  expect(verification(GOAL, [LIST, lost('POST /cart/items {"sku":"w1"}')])).toEqual([
    "GET /cart",
    "w1",
    true,
  ]);
  expect(verification(GOAL, [LIST, lost("POST /cart/items {}")])).toBeUndefined();
});

test("what empties a list leaves nothing of what was filled in", () => {
  expect(verification(GOAL, [LIST, ADDED, lost("POST /cart/checkout")])).toEqual(["GET /cart", "w1", false]);
  expect(
    verification(GOAL, [LIST, ['POST /cart/items {"sku":"w1"}', 422], lost("POST /cart/checkout")]),
  ).toBeUndefined();
});

test.each([
  ["it writes", operation("POST /cart/list", "Show the cart", listed)],
  [
    "it needs more",
    operation("GET /cart", "Show the cart", [field("query", "day", "string!", "Day"), ...listed]),
  ],
  [
    "it shows no list",
    operation("GET /cart", "Show the cart", [field("answer", "sku", "string", "SKU of the ware")]),
  ],
])("a read is of no use where %s", (_, read) => {
  expect(verification(GOAL, [LIST, lost('POST /cart/items {"sku":"w1"}')], apiWith(read))).toBeUndefined();
});

test("the list that was chosen from shows nothing, nor the read that the goal asks for next", () => {
  expect(verification(GOAL, [LIST, lost('POST /cart/items {"sku":"w1"}')], apiWith())).toBeUndefined();
  const goal = "List the wares, add a ware to the cart, show the cart.";
  expect(verification(goal, [LIST, lost('POST /cart/items {"sku":"w1"}')])).toBeUndefined();
});

test("only what a POST did is looked for", () => {
  const goal = "List the wares, replace a ware in the cart.";
  expect(verification(goal, [LIST, lost('PUT /cart/items {"sku":"w1"}')])).toBeUndefined();
});

test.each<[present: boolean, body: Json | undefined, written: boolean]>([
  [true, { items: [{ sku: "w2" }, { sku: "w1" }] }, true],
  [true, { items: [{ sku: "w2" }] }, false],
  [true, { items: [] }, false],
  [true, undefined, false],
  [false, { items: [{ sku: "w1" }] }, false],
  [false, { items: [] }, true],
])("where presence proves it (%s), %j shows that it was written: %s", (present, body, written) => {
  const context = contextOf(apiWith(CART), GOAL, [LIST, lost('POST /cart/items {"sku":"w1"}')]);
  const found = writeVerificationFor(context.progress.at, context.progress.calls.at(-1) as PastCall, context);
  if (found === undefined) throw new Error("no verification");
  const answer = body === undefined ? undefined : { body };
  expect(wasWritten({ ...found, present }, { answer } as PastCall)).toBe(written);
});
