import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationIndex } from "./operation-index.ts";

const SHOP = apiOf(
  "rest",
  "POST /login | Log in | email! password! | token",
  "GET /shops | List shops | | [].id [].name",
  "GET /shops/{shopId} | Show a shop | | id name",
  "GET /shops/{shopId}/orders | List the orders of a shop | | [].id [].state",
  "POST /shops/{shopId}/orders | Place an order | productVariantId! couponCode! note | id state",
  "GET /shops/{shopId}/orders/{order_id} | Show an order | | id state",
  "DELETE /shops/{shop}/orders/{order_id}.json | Cancel an order",
  "GET /orders | List all orders | | [].id [].state",
  "GET /products | List products | | [].id [].variants[].productVariantId",
  "GET /catalog/products | List products of a season | season! | [].productVariantId",
  "GET /me/line_items | List my items. Of every order | | [].id",
  "POST /contributors | Add a contributor | role=owner,guest | id",
  "PUT /contributors/{contributorId}/role | Change the role | role! |",
);
const index = new OperationIndex([SHOP]);
const of = (key: string) => {
  const found = index.operations.find(({ source }) => `${source.method} ${source.path}` === key);
  if (found === undefined) throw new Error(`there is no ${key}`);
  return found;
};
const keys = (found: readonly { source: { method: string; path: string } }[]): string[] =>
  found.map(({ source }) => `${source.method} ${source.path}`);

test.each<[string, string[]]>([
  ["GET /shops", []],
  ["GET /shops/{shopId}", ["GET /shops"]],
  ["GET /shops/{shopId}/orders/{order_id}", ["GET /shops/{shopId}/orders", "GET /shops"]],
  ["DELETE /shops/{shop}/orders/{order_id}.json", ["GET /shops/{shopId}/orders", "GET /shops"]],
  ["POST /shops/{shopId}/orders", ["GET /shops", "GET /products"]],
  // There is no list: what makes one answers its id.
  ["PUT /contributors/{contributorId}/role", ["POST /contributors"]],
])("the ids that %s needs come from %j", (key, expected) => {
  expect(keys(index.producersOf(of(key)))).toEqual(expected);
  expect(index.producersOf(of(key))).toBe(index.producersOf(of(key)));
});

test.each<[string, string[]]>([
  ["GET /shops", ["GET /shops/{shopId}", "GET /shops/{shopId}/orders", "POST /shops/{shopId}/orders"]],
  ["GET /shops/{shopId}", ["GET /shops", "GET /shops/{shopId}/orders", "POST /shops/{shopId}/orders"]],
  [
    "DELETE /shops/{shop}/orders/{order_id}.json",
    ["GET /shops/{shopId}/orders", "POST /shops/{shopId}/orders", "GET /shops/{shopId}/orders/{order_id}"],
  ],
  ["PUT /contributors/{contributorId}/role", ["POST /contributors"]],
  ["GET /orders", []],
])("%s is related to %j", (key, expected) => {
  expect(keys(index.relativesOf(of(key)))).toEqual(expected);
});

test("operations of another target, of another protocol or of a list of too many are not related", () => {
  const other = { ...SHOP, target: "other" };
  const both = new OperationIndex([SHOP, other]);
  for (const { target } of both.operations.flatMap((one) =>
    both.relativesOf(one).map((two) => ({ target: `${one.target} ${two.target}` })),
  ))
    expect(["app app", "other other"]).toContain(target);
  const many = (count: number) =>
    new OperationIndex([
      apiOf(
        "rest",
        "GET /things | List",
        ...Array.from({ length: count - 1 }, (_, n) => `POST /things/x${n} | Do`),
      ),
    ]);
  const related = (count: number): number => {
    const one = many(count);
    return one.relativesOf(one.operations[0] as (typeof one.operations)[0]).length;
  };
  expect([related(24), related(25)]).toEqual([23, 0]);
  const tools = new OperationIndex([
    apiOf("mcp", "tool list_orders | List", "tool show_order | Show | order_id!"),
  ]);
  expect(tools.operations.flatMap((one) => tools.relativesOf(one))).toEqual([]);
  expect(keys(tools.producersOf(tools.operations[1] as (typeof tools.operations)[0]))).toEqual([
    "tool list_orders",
  ]);
});

test("of the reads of one thing that is the list which needs the fewest ids, for each target", () => {
  expect(keys(index.listsOf("order"))).toEqual(["GET /orders"]);
  expect(keys(index.listsOf("product"))).toEqual(["GET /products"]);
  expect(keys(index.listsOf("item"))).toEqual(["GET /me/line_items"]);
  expect(index.listsOf("contributor")).toEqual([]);
  expect(index.listsOf("xylophone")).toEqual([]);
  const both = new OperationIndex([SHOP, { ...SHOP, target: "other" }]);
  expect(both.listsOf("order").map(({ target }) => target)).toEqual(["app", "other"]);
  expect(
    both.producersOf(both.operations.at(2) as (typeof both.operations)[0]).map(({ target }) => target),
  ).toEqual(["app"]);
  expect(both.login("other")?.target).toBe("other");
});

test("the login of a target is found by its path", () => {
  expect(index.login("app")?.source.path).toBe("/login");
  expect(index.login("other")).toBeUndefined();
  expect(new OperationIndex([apiOf("rest", "GET /a | List")]).login("app")).toBeUndefined();
});

test("a stem that no name has is related to names with the same long beginning", () => {
  expect(index.names("contributors")).toBe(true);
  expect(index.names("role")).toBe(true);
  expect(index.names("xylophone")).toBe(false);
  // The names of fields are no names of operations.
  expect(index.names("season")).toBe(true);
  expect(index.names("coupon")).toBe(false);
  expect(index.related("contribut")).toEqual(["contributor"]);
  expect(index.related("contributor")).toEqual([]);
  expect(index.related("contri")).toEqual([]);
  expect(index.related("contra")).toEqual([]);
  expect(index.related("contr")).toEqual([]);
  expect(index.related("contributabcdefgh")).toEqual([]);
});

test("an operation is indexed by its names, and by its fields to a lesser degree", () => {
  const add = of("POST /contributors");
  expect(add).toMatchObject({ subject: "contributor", shape: "/contributors", own: false, index: 11 });
  expect(add.weights.get("contributor")).toBeGreaterThan(add.weights.get("role") ?? 1);
  expect(add.weights.get("guest")).toBe(0.15);
  expect(add.head.has("guest")).toBe(false);
  const mine = of("GET /me/line_items");
  expect(mine).toMatchObject({ subject: "item", own: true });
  // Only the first sentence of a summary is a name.
  expect([mine.head.has("order"), mine.weights.has("order")]).toEqual([false, true]);
  expect(of("DELETE /shops/{shop}/orders/{order_id}.json").shape).toBe("/shops/{}/orders/{}");
  for (const path of ["/my/a", "/api/self", "/user/repos", "/accounts/current", "/account"])
    expect(new OperationIndex([apiOf("rest", `GET ${path} | List`)]).operations[0]?.own, path).toBe(true);
  for (const path of ["/users/a", "/meal", "/amy/a"])
    expect(new OperationIndex([apiOf("rest", `GET ${path} | List`)]).operations[0]?.own, path).toBe(false);
});

test("numbers are no names, and a list of values is read up to the 24th", () => {
  const values = Array.from({ length: 25 }, (_, n) => `value${String.fromCharCode(97 + n)}`);
  const [only] = new OperationIndex([apiOf("rest", `POST /2024/orders | Add 12 | kind=${values.join(",")}`)])
    .operations;
  expect([...(only?.head.keys() ?? [])].filter((token) => /\d/.test(token))).toEqual([]);
  expect(only?.weights.has("valuex")).toBe(true);
  expect(only?.weights.has("valuey")).toBe(false);
});
