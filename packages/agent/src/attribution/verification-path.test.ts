import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { readOfKind, readOfPath } from "./verification-path.ts";

const apiOf = (...operations: string[]): ApiDescription => ({
  target: "shop",
  title: "",
  documented: true,
  auth: [],
  operations: operations.map((one) => {
    const [method, path] = one.split(" ") as [ToolCall["method"], string];
    return { method: method as never, path, summary: "", secured: false, fields: [] };
  }),
});
const call = (text: string, more: Partial<ToolCall> = {}): ToolCall => {
  const [method, path] = text.split(" ") as [ToolCall["method"], string];
  return { target: "shop", method, path, ...more };
};
const RUNS = apiOf("GET /runs/{run}", "DELETE /runs/{id}", "POST /runs/{id}/start");

test.each<[string, string, ApiDescription | undefined, string | undefined]>([
  ["DELETE /runs/7", "DELETE /runs/{id}", RUNS, "/runs/7"],
  ["POST /runs/7/start", "POST /runs/{id}/start", RUNS, "/runs/7"],
  ["POST /runs/7/start?now=1", "POST /runs/{id}/start", RUNS, "/runs/7"],
  [
    "POST /runs/7/start",
    "POST /runs/{id}/start",
    apiOf("GET /runs/{id}/start", "GET /runs/{id}"),
    "/runs/7/start",
  ],
  ["POST /runs/7/steps/8", "POST /runs/{id}/steps/{no}", RUNS, undefined],
  ["DELETE /runs/7", "DELETE /runs/{id}", apiOf("POST /runs/{id}"), undefined],
  ["DELETE /runs/7", "DELETE /runs/{id}", undefined, "/runs/7"],
  ["DELETE /runs/7", "DELETE /runs/{id}", { ...apiOf(), documented: false }, "/runs/7"],
  ["POST /runs", "POST /runs", undefined, undefined],
  ["POST /", "POST /", undefined, undefined],
  ["POST /runs/7/start/now", "POST /runs/{id}", undefined, "/runs/7/start/now"],
])("%s as %s is verified", (text, operation, api, path) => {
  const read = readOfPath(call(text), operation, api);
  expect(read).toEqual(path === undefined ? undefined : { target: "shop", method: "GET", path });
});

test("a read is repeated with its query; queries and tools are not verified", () => {
  expect(readOfPath(call("GET /a", { query: { q: "1" } }), "GET /a", undefined)).toEqual(
    call("GET /a", { query: { q: "1" } }),
  );
  expect(readOfPath(call("GET /a"), "GET /a", undefined)).toEqual(call("GET /a"));
  expect(
    readOfPath(call("GET /a", { graphql: { query: "" } } as never), "GET /a", undefined),
  ).toBeUndefined();
  expect(readOfPath(call("GET /a", { tool: { name: "a" } } as never), "GET /a", undefined)).toBeUndefined();
});

test.each<[string, ApiDescription | undefined, string | undefined]>([
  ["one read", apiOf("GET /products/{id}", "GET /runs/{id}"), "/products/p%2F1"],
  ["a longer kind", apiOf("GET /api/shopproducts/{id}"), "/api/shopproducts/p%2F1"],
  ["two reads", apiOf("GET /products/{id}", "GET /v2/products/{id}"), undefined],
  ["a list only", apiOf("GET /products"), undefined],
  ["a write only", apiOf("DELETE /products/{id}"), undefined],
  ["a read below another", apiOf("GET /shops/{shop}/products/{id}"), undefined],
  ["another kind", apiOf("GET /runs/{id}"), undefined],
  ["no document", { ...apiOf("GET /products/{id}"), documented: false }, undefined],
  ["another kind of target", { ...apiOf("GET /products/{id}"), kind: "graphql" }, undefined],
  ["nothing known", undefined, undefined],
])("with %s the read of a product", (_name, api, path) => {
  const read = readOfKind("shop", ["product"], "p/1", api);
  expect(read).toEqual(path === undefined ? undefined : { target: "shop", method: "GET", path });
});
