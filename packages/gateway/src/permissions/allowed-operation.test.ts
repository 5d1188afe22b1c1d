import { expect, test } from "vitest";
import { operationsAllowed } from "./allowed-operation.ts";

test.each([
  ["GET /", "List"],
  ["GET /v1/orders", "List orders"],
  ["GET /orders/{id}", "Get orders"],
  ["POST /orders", "Create orders"],
  ["POST /orders/{id}/orderLines", "Create order lines of orders"],
  ["PATCH /orders/{id}", "Update orders"],
  ["DELETE /carts/current", "Delete current"],
  ["POST /jobs/{id}:cancel", "Cancel jobs"],
  ["POST /jobs:batchGet", "Batch get jobs"],
  ["GET /files/{name}.json", "List json of files"],
])("%s is described by its path: %s", (entry, summary) => {
  expect(operationsAllowed({ allow: [entry], readOnly: false })).toMatchObject([{ summary }]);
});

test("wildcards are no operations, one shape is one, and a target that is only read has reads", () => {
  const allow = ["GET /a/{x}", "GET /a/{y}", "POST /a", "* /b", "GET /c/*", "GET /**"];
  const pathsOf = (readOnly: boolean): string[] =>
    operationsAllowed({ allow, readOnly }).map(({ method, path }) => `${method} ${path}`);
  expect(pathsOf(false)).toEqual(["GET /a/{x}", "POST /a"]);
  expect(pathsOf(true)).toEqual(["GET /a/{x}"]);
  expect(operationsAllowed({ readOnly: false })).toEqual([]);
});

test("an operation has the parameters of its path, and nothing more is known of it", () => {
  expect(operationsAllowed({ allow: ["GET /a/{x}"], readOnly: false })).toEqual([
    {
      method: "GET",
      path: "/a/{x}",
      summary: "Get a",
      fields: [{ in: "path", name: "x", type: "string", required: true, description: "" }],
      secured: false,
      bodyType: undefined,
      nullBody: false,
      encoding: {},
      promisesJson: false,
      styles: { path: new Map(), query: new Map(), header: new Map(), cookie: new Map() },
      servers: undefined,
    },
  ]);
});
