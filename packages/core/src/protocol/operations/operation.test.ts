import { expect, test } from "vitest";
import { foldIds, operationShape, parseOperation, templateNames } from "./operation.ts";

test("an operation is a method and a template, with or without its target", () => {
  expect(parseOperation("POST /orders")).toEqual({
    target: undefined,
    operation: "POST /orders",
    method: "POST",
    template: "/orders",
  });
  expect(parseOperation("shop: GET /a/{id}")?.target).toBe("shop");
});

test.each([
  ["query orders", undefined, "query", "orders"],
  ["shop: mutation addToCart", "shop", "mutation", "addToCart"],
  ["a: tool get-sum/x", "a", "tool", "get-sum/x"],
])("%s is an operation", (text, target, method, template) => {
  expect(parseOperation(text)).toEqual({ target, operation: `${method} ${template}`, method, template });
});

test.each([
  "",
  "orders",
  "query",
  "query a-b",
  "query /a",
  "tool a b",
  "subscription a",
  "post /orders",
  "POST orders",
  "POST",
  "FETCH /a",
  "shop POST /a",
])("%j is no operation", (text) => {
  expect(parseOperation(text)).toBeUndefined();
});

test("names in braces are found in order", () => {
  expect(templateNames("/a/{b}/c/{d}")).toEqual(["b", "d"]);
});

test.each([
  ["/orders/17", "/orders/{id}"],
  ["/orders/6f1b2c3d-1111-2222-3333-444455556666/lines", "/orders/{id}/lines"],
  ["/p/p-001", "/p/{id}"],
  ["/v1/orders", "/v1/orders"],
  ["/products/search", "/products/search"],
  ["/jobs/5:cancel", "/jobs/{id}:cancel"],
  ["/jobs/0123456789abcdef:run-now", "/jobs/{id}:run-now"],
  ["/jobs/all:cancel", "/jobs/all:cancel"],
  ["/boats/b2/book", "/boats/{id}/book"],
  ["/appointments/R500", "/appointments/{id}"],
  ["/b2/book", "/b2/book"],
  ["/api/v2/boats", "/api/v2/boats"],
  ["/files/mpeg4", "/files/mpeg4"],
])("%s folds to %s", (path, folded) => {
  expect(foldIds(path)).toBe(folded);
});

test("the names of parameters do not tell operations apart", () => {
  expect(operationShape("GET /a/{b}/c/{d}")).toBe(operationShape("GET /a/{x}/c/{y}"));
  expect(operationShape("GET /a/{b}")).not.toBe(operationShape("GET /a/b"));
  expect(operationShape("POST /order/")).toBe(operationShape("POST /order"));
  expect(operationShape("POST /order/{id}/")).toBe(operationShape("POST /order/{order}"));
  expect(operationShape("GET /")).toBe("GET /");
  expect(operationShape("GET /a//")).not.toBe(operationShape("GET /a"));
});
