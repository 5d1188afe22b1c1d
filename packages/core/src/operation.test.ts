import fc from "fast-check";
import { expect, test } from "vitest";
import { foldIds, operationShape, parseOperation, RouteTable, templateNames } from "./operation.ts";

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

test("a fixed segment wins over a parameter, and backs off where it leads nowhere", () => {
  const routes = new RouteTable();
  for (const template of [
    "/",
    "/orders",
    "/orders/{id}",
    "/orders/latest",
    "/orders/{id}/lines",
    "/{any}/latest/x",
  ])
    routes.add("GET", template);
  expect(routes.match("GET", "/")).toBe("/");
  expect(routes.match("GET", "/orders")).toBe("/orders");
  expect(routes.match("GET", "/orders/latest")).toBe("/orders/latest");
  expect(routes.match("GET", "/orders/17")).toBe("/orders/{id}");
  expect(routes.match("GET", "/orders/latest/lines")).toBe("/orders/{id}/lines");
  expect(routes.match("GET", "/orders/latest/x")).toBe("/{any}/latest/x");
  expect(routes.match("POST", "/orders")).toBeUndefined();
});

test("a filled template is always found again", () => {
  const segment = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(segment, fc.boolean()), { minLength: 1, maxLength: 6 }), (parts) => {
      const template = `/${parts.map(([name, variable]) => (variable ? `{${name}}` : name)).join("/")}`;
      const routes = new RouteTable();
      routes.add("PUT", template);
      expect(routes.match("PUT", template.replaceAll(/\{(\w+)\}/g, "value-$1"))).toBe(template);
    }),
  );
});

test.each([
  ["/orders/17", "/orders/{id}"],
  ["/orders/6f1b2c3d-1111-2222-3333-444455556666/lines", "/orders/{id}/lines"],
  ["/p/p-001", "/p/{id}"],
  ["/v1/orders", "/v1/orders"],
  ["/products/search", "/products/search"],
])("%s folds to %s", (path, folded) => {
  expect(foldIds(path)).toBe(folded);
});

test("the names of parameters do not tell operations apart", () => {
  expect(operationShape("GET /a/{b}/c/{d}")).toBe(operationShape("GET /a/{x}/c/{y}"));
  expect(operationShape("GET /a/{b}")).not.toBe(operationShape("GET /a/b"));
});

test("a slash at the end is let pass, unless the document has a path of its own there", () => {
  const table = new RouteTable();
  table.add("GET", "/users");
  table.add("GET", "/users/{name}");
  expect(table.match("GET", "/users/")).toBe("/users");
  expect(table.match("GET", "/users/a/")).toBe("/users/{name}");
  expect(table.match("GET", "/users//")).toBeUndefined();
  table.add("GET", "/users/");
  expect(table.match("GET", "/users/")).toBe("/users/");
});
