import { expect, test } from "vitest";
import {
  isKeyName,
  isSameKind,
  kindOf,
  kindOfField,
  kindsOfOperation,
  kindsOfPlace,
  pathParameters,
} from "./resource-kind.ts";

test.each([
  ["orderItems", "orderitem"],
  ["order-item", "orderitem"],
  ["order_items", "orderitem"],
  ["categories", "category"],
  ["ties", "tie"],
  ["addresses", "address"],
  ["boxes", "box"],
  ["batches", "batch"],
  ["dishes", "dish"],
  ["quizzes", "quizz"],
  ["address", "address"],
  ["bus", "bus"],
  ["runs", "run"],
  ["gas", "gas"],
  ["", ""],
])("%s is of the kind %s", (word, kind) => {
  expect(kindOf(word)).toBe(kind);
});

test.each([
  ["item", "item", true],
  ["item", "lineitem", true],
  ["lineitem", "item", true],
  ["lineitem", "line", false],
  ["id", "grid", false],
  ["run", "trun", true],
  ["", "", false],
  ["", "item", false],
])("%s and %s are the same kind: %j", (a, b, same) => {
  expect(isSameKind(a, b)).toBe(same);
});

test.each([
  ["id", true, undefined],
  ["orderId", true, "order"],
  ["order_ids", true, "order"],
  ["name", true, undefined],
  ["email", true, undefined],
  ["handle", true, undefined],
  ["color", false, "color"],
])("%s is the name of a key: %j, of the kind %j", (name, key, kind) => {
  expect([isKeyName(name), kindOfField(name)]).toEqual([key, kind]);
});

test.each([
  ["GET /runs", ["run"]],
  ["GET /runs/{id}", ["run"]],
  ["POST /runs/{id}/start", ["start", "run"]],
  ["GET /runs/{id}/steps", ["step"]],
  ["GET /{id}", []],
  ["GET /", []],
  ["query orders", ["order"]],
])("%s is about %j", (operation, kinds) => {
  expect(kindsOfOperation(operation)).toEqual(kinds);
});

test.each([
  [[], "GET /runs", ["run"]],
  [["orderId"], "GET /runs", ["order", "orderid"]],
  [["color"], "GET /runs", ["color"]],
  [["id"], "GET /runs", ["id", "run"]],
  [["items", "id"], "GET /runs", ["id", "item", "run"]],
  [["customer", "id"], "GET /runs", ["id", "customer"]],
  [["customer", "data", "id"], "GET /runs", ["id", "data", "customer"]],
  [["name"], "GET /runs", ["name", "run"]],
])("the value at %j of %s is of the kinds %j", (keys, operation, kinds) => {
  expect(kindsOfPlace(keys, operation)).toEqual(kinds);
});

test.each([
  ["/runs/7", "GET /runs/{id}", [["id", "7", ["run"], "runs"]]],
  ["/runs/7?x=/9", "GET /runs/{runId}", [["runId", "7", ["run", "run"], "runs"]]],
  ["/a%20b", "GET /{name}", [["name", "a b", ["name"], ""]]],
  [
    "/runs/7/steps/8",
    "GET /runs/{id}/steps/{no}",
    [
      ["id", "7", ["run"], "runs"],
      ["no", "8", ["no", "step"], "steps"],
    ],
  ],
  [
    "/runs/7/8",
    "GET /runs/{id}/{stepId}",
    [
      ["id", "7", ["run"], "runs"],
      ["stepId", "8", ["step"], "runs"],
    ],
  ],
  ["/files/v7.json", "GET /files/v{no}.json", [["no", "7", ["no", "file"], "files"]]],
  ["/files/7.xml", "GET /files/v{no}.json", [["no", "7.xml", ["no", "file"], "files"]]],
  ["/runs", "GET /runs/{id}", []],
] as const)("the parameters of %s by %s", (path, operation, wanted) => {
  expect(
    pathParameters(path, operation).map(({ name, value, kinds, collection }) => [
      name,
      value,
      kinds,
      collection,
    ]),
  ).toEqual(wanted);
});

test.each("item items result record node edge value object list docs hits _embedded page body".split(" "))(
  "%s only wraps a resource",
  (wrapper) => {
    expect(kindsOfPlace(["customer", wrapper, "id"], "GET /runs")).toEqual([
      "id",
      kindOf(wrapper),
      "customer",
    ]);
  },
);

test.each(["metadata", "datax", "itemsx", "subject"])("%s is a resource of its own", (name) => {
  expect(kindsOfPlace(["customer", name, "id"], "GET /runs")).toEqual(["id", kindOf(name)]);
});

test("words that only look alike are no keys and no plurals", () => {
  expect(["rename", "names", "handler", "retoken"].map(isKeyName)).toEqual([false, false, false, false]);
  expect(["sesame", "boxesful"].map(kindOf)).toEqual(["sesame", "boxesful"]);
  expect([isSameKind("id", "id"), isSameKind("ab", "cab")]).toEqual([true, false]);
});
