import type { JsonObject } from "@ape/core/lib/json";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDecision } from "../decision.ts";
import { decisionFormat } from "../decision-schema.ts";
import { toolsFor } from "../tools.ts";

const field = (
  place: ApiField["in"],
  name: string,
  type = "string",
  more: Partial<ApiField> = {},
): ApiField => ({
  in: place,
  name,
  type,
  required: false,
  description: "",
  ...more,
});
const plain: ApiDescription = { target: "shop", title: "", documented: false, auth: [], operations: [] };
const documented: ApiDescription = {
  ...plain,
  documented: true,
  operations: [
    {
      method: "GET",
      path: "/products",
      id: "listProducts",
      secured: false,
      summary: "",
      fields: [
        field("query", "page", "integer"),
        field("query", "tags", "string[]"),
        field("query", "inStock", "boolean"),
      ],
    },
    {
      method: "POST",
      path: "/carts/{cartId}/items",
      id: "addItem",
      secured: false,
      summary: "",
      fields: [
        field("path", "cartId", "string", { required: true }),
        field("body", "sku", "string", { required: true }),
        field("body", "count", "integer", { required: true }),
        field("body", "note", "string"),
      ],
    },
  ],
};

const read = (name: string, args: unknown, api = plain) => {
  const decision = readDecision(name, typeof args === "string" ? args : JSON.stringify(args), [api]);
  if (typeof decision === "string" || decision.kind !== "action") throw new Error(JSON.stringify(decision));
  const { method, path, query, headers, data, repairs } = decision;
  return { method, path, query, headers, data, repairs };
};

test.each([
  ["functions.http_get", { path: "/a" }, { path: "/a", repairs: ["tool_name"] }],
  ["http_get:0", { path: "/a" }, { path: "/a", repairs: ["tool_name"] }],
  [" http_get ", { path: "/a" }, { path: "/a", repairs: ["tool_name"] }],
  ["HTTP-GET", { path: "/a" }, { path: "/a", repairs: ["tool_name"] }],
  ["GET /a", {}, { method: "GET", path: "/a", repairs: ["tool_name"] }],
  ["http_get", '"{\\"path\\":\\"/a\\"}"', { path: "/a", repairs: ["arguments_text"] }],
  ["http_get", '```json\n{"path":"/a"}\n```', { path: "/a", repairs: ["arguments_text"] }],
  ["http_get", '{}{"path":"/a"}', { path: "/a", repairs: ["arguments_text"] }],
  ["http_get", '{"path":"/a"}}', { path: "/a", repairs: ["arguments_text"] }],
  ["http_get", '{"path":"/a","query":{"q":[1,2,],},}', { query: { q: [1, 2] }, repairs: ["arguments_text"] }],
  ["http_post", '{"path":"/a","data":"one,\n}two"}', { data: "one,\n}two", repairs: ["arguments_text"] }],
  ["http_get", { path: "/a", query: null, headers: null }, { query: undefined, repairs: ["argument_type"] }],
  [
    "http_get",
    { path: "/a", query: "page=1&pageSize=5" },
    { query: { page: "1", pageSize: "5" }, repairs: ["query_text"] },
  ],
  ["http_get", { path: "/a", query: '{"page":1}' }, { query: { page: 1 }, repairs: ["argument_type"] }],
  ["http_post", { path: "/a", body: { x: 1 } }, { data: { x: 1 }, repairs: ["argument_name"] }],
  ["http_post", { url: "/a", json: { x: 1 } }, { path: "/a", data: { x: 1 }, repairs: ["argument_name"] }],
  ["http_post", { path: "/a", data: '{"x":1}' }, { data: { x: 1 }, repairs: ["argument_type"] }],
  ["http_get", { path: "products" }, { path: "/products", repairs: ["path"] }],
  ["http_get", { path: "GET /products" }, { path: "/products", repairs: ["path"] }],
  [
    "http_get",
    { path: "/a", headers: { Authorization: "Bearer x" } },
    { headers: undefined, repairs: ["header"] },
  ],
  [
    "http_get",
    { path: "/a", headers: { Host: "b", accept: "text/csv" } },
    { headers: { accept: "text/csv" }, repairs: ["header"] },
  ],
  ["http_get", { path: "/a" }, { path: "/a", repairs: undefined }],
])("%s %j is put right", (name, args, expected) => {
  expect(read(name, args)).toMatchObject(expected);
});

test.each([
  ["list_products", { page: "2" }, { query: { page: 2 }, repairs: ["tool_name", "argument_type"] }],
  ["GET /products", { page: 2 }, { path: "/products", query: { page: 2 }, repairs: ["tool_name"] }],
  ["GET /products/7", {}, { path: "/products/7", repairs: ["tool_name"] }],
  ["POST /carts/{cartId}/items", { cartId: "c", data: { sku: "s", count: 1 } }, { path: "/carts/c/items" }],
  [
    "listProducts",
    { tags: "red", inStock: "true" },
    { query: { tags: ["red"], inStock: true }, repairs: ["argument_type"] },
  ],
  ["listProducts", { query: { page: 2 } }, { query: { page: 2 }, repairs: ["argument_name"] }],
  ["listProducts", { params: "page=2" }, { query: { page: 2 }, repairs: ["query_text", "argument_type"] }],
  [
    "addItem",
    { cartId: 7, data: { sku: 12, count: "3" } },
    { path: "/carts/7/items", data: { sku: "12", count: 3 } },
  ],
  [
    "addItem",
    { cartId: "c", body: { sku: "s", count: 1 } },
    { data: { sku: "s", count: 1 }, repairs: ["argument_name"] },
  ],
  ["addItem", { cartId: "c", sku: "s", count: 1 }, { data: { sku: "s", count: 1 }, repairs: undefined }],
  [
    "addItem",
    { cartId: "c", data: '{"sku":"s","count":1}' },
    { data: { sku: "s", count: 1 }, repairs: ["argument_type"] },
  ],
  ["addItem", { cartId: "c", data: { sku: "s", count: 1, note: null } }, { data: { sku: "s", count: 1 } }],
])("of an operation's tool %s %j is put right", (name, args, expected) => {
  expect(read(name, args, documented)).toMatchObject(expected);
});

test.each([
  ["http_get", { path: "POST /a" }],
  ["http_get", { path: "the products" }],
  ["http_get", { path: "/a", data: { x: 1 } }],
  ["http_get", { path: "/a", query: "everything" }],
  ["DELETE /a/{id}", {}],
  ["addItem", { cartId: "c", sku: "s", query: { colour: "red" } }],
  ["addItem", { cartId: "c", sku: "s", args: { colour: "red" } }],
  ["addItem", { sku: "s", count: 1 }],
  ["addItem", { cartId: "c", data: { sku: "s" }, sku: "t" }],
  ["http", { path: "/a" }],
])("what could mean something else is refused: %s %j", (name, args) => {
  expect(typeof readDecision(name, JSON.stringify(args), [documented])).toBe("string");
});

test("texts that are no plain numbers stay texts", () => {
  for (const page of ["007", "1e3", "two", " ", "0x10"])
    expect(read("listProducts", { page }, documented).query).toEqual({ page });
});

test("arguments that fit are never changed", () => {
  const args = fc.record({
    cartId: fc.string({ minLength: 1 }).filter((text) => !/^\{[^{}]*\}$/.test(text)),
    data: fc.record(
      { sku: fc.string(), count: fc.integer(), note: fc.string() },
      { requiredKeys: ["sku", "count"] },
    ),
  });
  fc.assert(
    fc.property(args, (given) => {
      const { data, repairs } = read("addItem", given, documented);
      expect(repairs).toBeUndefined();
      expect(data as JsonObject).toEqual(given.data);
    }),
  );
});

test("a value of a further type that the document allows is sent as it is", () => {
  const operation: ApiDescription["operations"][number] = {
    method: "POST",
    path: "/issues",
    id: "create",
    summary: "",
    secured: false,
    fields: [
      field("body", "milestone", "string", { also: ["integer"] }),
      field("body", "due", "string", { nullable: true }),
      field("body", "any", "string", { also: ["any"] }),
      field("body", "title"),
    ],
  };
  const api: ApiDescription = { ...plain, documented: true, operations: [operation] };
  const data = { milestone: 1, due: null, any: [1, { a: null }], title: "x" };
  expect(readDecision("create", JSON.stringify({ data }), [api])).toMatchObject({ data });
  expect(readDecision("create", JSON.stringify({ data }), [api])).not.toHaveProperty("repairs");
});

test.each<[data: object, sent: object, repairs: string[] | undefined]>([
  [{ u: '["x"]' }, { u: ["x"] }, ["argument_type"]],
  [{ u: "[x" }, { u: "[x" }, undefined],
  [{ u: "x" }, { u: "x" }, undefined],
  [{ o: '{"a":1}' }, { o: { a: 1 } }, ["argument_type"]],
  [{ o: "[1]" }, { o: "[1]" }, undefined],
  [{ t: '["x"]' }, { t: '["x"]' }, undefined],
  [{ u: "{{names}}" }, { u: "{{names}}" }, undefined],
])("text %j that is JSON of another type that is allowed is that: %j", (data, sent, repairs) => {
  const operation: ApiDescription["operations"][number] = {
    method: "POST",
    path: "/search",
    id: "search",
    summary: "",
    secured: false,
    fields: [
      field("body", "u", "string", { also: ["array"] }),
      field("body", "o", "string", { also: ["object"] }),
      field("body", "t"),
    ],
  };
  const decision = readDecision("search", JSON.stringify({ data }), [
    { ...plain, documented: true, operations: [operation] },
  ]);
  expect(decision).toMatchObject({ data: sent });
  expect(typeof decision === "string" ? decision : decision.repairs).toEqual(repairs);
});

test("a body of any form that came as text is read where it is JSON", () => {
  const operation: ApiDescription["operations"][number] = {
    method: "PUT",
    path: "/store",
    id: "store",
    summary: "",
    secured: false,
    fields: [],
    openBody: true,
  };
  const api = { ...plain, documented: true, operations: [operation] };
  expect(readDecision("store", '{"data":"{\\"a\\":1}"}', [api])).toMatchObject({ data: { a: 1 } });
  expect(readDecision("store", '{"data":"hello"}', [api])).toMatchObject({ data: "hello" });
});

test("an MCP tool whose arguments are open is offered as such", () => {
  const api: ApiDescription = {
    ...plain,
    kind: "mcp",
    documented: true,
    operations: [
      { method: "tool", path: "run", summary: "", secured: false, fields: [], openBody: true },
      { method: "tool", path: "stop", summary: "", secured: false, fields: [] },
    ],
  };
  const offered = toolsFor([api]).map((one) => one.function);
  expect(offered.find(({ name }) => name === "run")?.parameters.additionalProperties).toBe(true);
  expect(offered.find(({ name }) => name === "stop")?.parameters).not.toHaveProperty("additionalProperties");
  expect(readDecision("run", '{"a":{"b":1}}', [api])).toMatchObject({ call: { arguments: { a: { b: 1 } } } });
});

test("a grammar allows the types that a description adds", () => {
  const nullable = { type: "integer", description: "How many <min 1; or null; or string>" };
  const format = decisionFormat([
    {
      type: "function",
      function: {
        name: "f",
        description: "",
        parameters: { type: "object", properties: { nullable, any: {} } },
      },
    },
  ]);
  expect(JSON.stringify(format)).toContain('"type":["integer","null","string"]');
});

test.each<[string, string, object, object]>([
  [
    "a search by another name",
    "find_operations",
    { query: "star a repository" },
    { words: "star a repository" },
  ],
  ["a search in keywords", "find_operations", { keywords: "labels" }, { words: "labels" }],
])("%s", (_, tool, args, expected) => {
  const cut: ApiDescription = { ...plain, documented: true, leftOut: 9 };
  expect(readDecision(tool, JSON.stringify(args), [cut])).toMatchObject({
    kind: "find_operations",
    ...expected,
    repairs: ["argument_name"],
  });
});

test("an operation that the prompt leaves out is searched for by the name that a model knows it by", () => {
  const cut: ApiDescription = { ...plain, documented: true, leftOut: 9 };
  for (const name of ["activity/star-repo-for-authenticated-user", "activityStarRepo", "activity_star_repo"])
    expect(readDecision(name, "{}", [cut])).toMatchObject({
      kind: "find_operations",
      words: expect.stringMatching(/^activity star repo/),
      repairs: ["tool_name"],
    });
  expect(readDecision("activity/star-repo", "{}", [{ ...cut, leftOut: 0 }])).toMatch(/^there is no tool/);
  expect(readDecision("banana", "{}", [cut])).toMatch(/^there is no tool/);
});

test("an MCP tool by the name that a gateway gives it", () => {
  const api: ApiDescription = {
    ...plain,
    kind: "mcp",
    documented: true,
    operations: [
      { method: "tool", path: "add-to.cart", summary: "", secured: false, fields: [field("body", "sku")] },
    ],
  };
  for (const name of ["shop_add-to.cart", "shop_add_to_cart", "shop.add-to.cart", "add-to.cart"])
    expect(readDecision(name, '{"sku":"a"}', [api])).toMatchObject({ call: { name: "add-to.cart" } });
});

const graphql: ApiDescription = {
  ...plain,
  kind: "graphql",
  documented: true,
  operations: [
    {
      method: "mutation",
      path: "addToCart",
      signature: "(sku: ID!): Cart!",
      summary: "",
      secured: false,
      fields: [],
    },
  ],
};

test.each([
  { document: "mutation { a }" },
  { mutation: "mutation { a }", variables: null },
  { gql: "mutation { a }", operationName: null },
])("a GraphQL operation by another usual name", (args) => {
  expect(readDecision("graphql", JSON.stringify(args), [graphql])).toMatchObject({
    graphql: { query: "mutation { a }" },
    repairs: expect.arrayContaining(["argument_name"]),
  });
});

test("a field of a GraphQL schema that is called as a tool is explained", () => {
  for (const name of ["addToCart", "mutation.addToCart", "functions.addToCart"])
    expect(readDecision(name, '{"sku":"a"}', [graphql])).toMatch(
      /^addToCart is a field of the GraphQL schema, addToCart\(sku: ID!\): Cart!; call the tool graphql with \{"query": "mutation/,
    );
});

test.each([
  [{ cartId: "c" }, {}],
  [
    { cartId: "c", sku: "s", colour: "red" },
    { sku: "s", colour: "red" },
  ],
  [{ cartId: "c", payload: '{"sku":"s"}' }, { sku: "s" }],
  [{ path: { cartId: "c" }, sku: "s" }, { sku: "s" }],
])("fields of a body beside the other arguments are that body: %j", (args, data) => {
  expect(readDecision("addItem", JSON.stringify(args), [documented])).toMatchObject({
    path: "/carts/c/items",
    data,
  });
});
