import type { JsonObject } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { toolCatalog } from "./tool-catalog.ts";

const described = (target: string, kind: NonNullable<ApiDescription["kind"]>): ApiDescription => ({
  target,
  title: target,
  kind,
  documented: true,
  auth: [],
  operations: [
    { method: "GET", path: "/things/{id}", summary: "One thing", fields: [], secured: false },
    { method: "POST", path: "/things", id: "makeThing", summary: "New", fields: [], secured: false },
    { method: "query", path: "things", summary: "Things", fields: [], secured: false },
  ],
});
const catalogue = (
  kinds: Record<string, NonNullable<ApiDescription["kind"]>>,
  expose: "generic" | "operations",
) => toolCatalog({ describe: (name) => described(name, kinds[name] ?? "rest") }, Object.keys(kinds), expose);

function toolCall(read: ToolCall | string | undefined): ToolCall {
  if (typeof read !== "object") throw new Error(`no call: ${read}`);
  return read;
}

test("the tools of a kind are listed where a target is of it", () => {
  expect([...catalogue({ shop: "rest" }, "generic").keys()]).not.toContain("graphql");
  const tools = catalogue({ shop: "rest", api: "graphql", box: "mcp" }, "generic");
  expect([...tools.keys()]).toEqual(expect.arrayContaining(["http_get", "graphql", "call_tool"]));
  expect(
    tools
      .get("graphql")
      ?.read({ api_name: "api", query: "{ a }", variables: { n: 1 }, headers: { cookie: "a=1" } }),
  ).toEqual({
    target: "api",
    method: "POST",
    path: "",
    headers: { cookie: "a=1" },
    graphql: { query: "{ a }", variables: { n: 1 } },
  });
  expect(toolCall(tools.get("call_tool")?.read({ api_name: "box", name: "echo" })).tool).toEqual({
    name: "echo",
    arguments: {},
  });
  expect(tools.get("call_tool")?.read({ arguments: {} })).toMatch(/name/);
});

test("operations are tools of their own where asked for, those of HTTP alone", () => {
  const names = [...catalogue({ shop: "rest" }, "operations").keys()];
  expect(names).toEqual(expect.arrayContaining(["shop_get_things_by_id", "shop_makeThing"]));
  expect(names.some((name) => name.includes("query"))).toBe(false);
});

test("an object among the parameters is one argument with its properties and their bounds", () => {
  const field = { in: "query", required: true, description: "" } as const;
  const api: ApiDescription = {
    ...described("shop", "rest"),
    operations: [
      {
        method: "GET",
        path: "/things",
        summary: "Things",
        secured: false,
        fields: [
          { ...field, name: "filter", type: "object" },
          { ...field, name: "filter.size", type: "integer", maximum: 5 },
          { ...field, name: "filter.deep.er", type: "string" },
          { ...field, name: "ids", type: "string[]", minItems: 1, maxLength: 3, required: false },
        ],
      },
    ],
  };
  const tool = toolCatalog({ describe: () => api }, ["shop"], "operations").get("shop_get_things");
  expect(tool?.definition.function.parameters).toMatchObject({
    properties: {
      filter: {
        type: "object",
        properties: { size: { type: "integer", maximum: 5 }, "deep.er": { type: "string" } },
        required: ["size", "deep.er"],
      },
      ids: { type: "array", minItems: 1, items: { type: "string", maxLength: 3 } },
    },
    required: ["filter"],
  });
  expect(tool?.read({ filter: { size: 6, "deep.er": "a" } })).toMatch(/<= 5/);
  expect(toolCall(tool?.read({ filter: { size: 3, "deep.er": "a" }, ids: ["a"] })).query).toEqual({
    filter: { size: 3, "deep.er": "a" },
    ids: ["a"],
  });
});

const operation = (
  more: Partial<ApiDescription["operations"][number]>,
): ApiDescription["operations"][number] => ({
  method: "POST",
  path: "/orders/{orderId}/lines",
  id: "addLine",
  summary: "Add a line",
  secured: false,
  fields: [],
  ...more,
});
const catalogOf = (operations: ApiDescription["operations"], more: Partial<ApiDescription> = {}) =>
  toolCatalog(
    { describe: () => ({ ...described("shop", "rest"), operations, ...more }) },
    ["shop"],
    "operations",
  );
const input = { required: true, description: "", type: "string" } as const;

test("an operation's tool has its body, its headers and its answer in types", () => {
  const tool = catalogOf([
    operation({
      fields: [
        { ...input, in: "path", name: "orderId" },
        { ...input, in: "query", name: "headers", required: false },
        { ...input, in: "header", name: "If-Match" },
        { ...input, in: "body", name: "sku" },
        { ...input, in: "body", name: "count", type: "integer", required: false, nullable: true },
        { ...input, in: "answer", name: "lineId" },
      ],
    }),
  ]).get("shop_addLine");
  const { parameters } = tool?.definition.function ?? {};
  expect(parameters).toMatchObject({
    properties: {
      query_headers: { type: "string" },
      headers: { properties: { "If-Match": { type: "string" } }, additionalProperties: { type: "string" } },
      data: { type: "object", required: ["sku"], properties: { count: { type: ["integer", "null"] } } },
    },
    required: ["orderId", "headers", "data"],
  });
  const args = {
    orderId: "a/b",
    query_headers: "x",
    headers: { "If-Match": '"1"', authorization: "Bearer t" },
    data: { sku: "s", count: null },
  };
  expect(tool?.read(args)).toBeTypeOf("object");
  expect(tool?.read(args)).toEqual({
    target: "shop",
    method: "POST",
    path: "/orders/a%2Fb/lines",
    query: { headers: "x" },
    headers: args.headers,
    data: args.data,
  });
  const { data: _, ...withoutBody } = args;
  expect(tool?.read(withoutBody)).toMatch(/data/);
  // The body's own rules are the target's to check: a document may leave it open, or have alternatives.
  expect(tool?.read({ ...args, data: { other: 1 } })).toBeTypeOf("object");
  expect(JSON.stringify((parameters as { properties: { data: object } }).properties.data)).not.toContain(
    "additionalProperties",
  );
  expect(tool?.read({ ...args, orderId: "" })).toMatch(/orderId/);
  expect(tool?.outputSchema).toMatchObject({
    properties: {
      body: { properties: { json: { anyOf: [{ properties: { lineId: { type: "string" } } }, {}] } } },
    },
  });
});

test("operations of one name, and those without a document, are all listed", () => {
  const same = [operation({}), operation({ path: "/carts/{cartId}/lines" }), operation({ id: "http_get" })];
  const names = [...catalogOf(same).keys()].filter((name) => name.startsWith("shop_"));
  expect(names).toEqual(["shop_addLine", "shop_addLine_2", "shop_http_get"]);
  const open = catalogOf([operation({ id: undefined } as never)], { documented: false });
  const tool = open.get("shop_post_orders_by_orderId_lines");
  expect(tool?.definition.function.parameters).toMatchObject({ properties: { data: {} } });
});

test("errors name the field and what is allowed there", () => {
  const tools = catalogue({ shop: "rest", box: "rest" }, "operations");
  const get = (args: JsonObject) => tools.get("http_get")?.read(args);
  expect(get({ api_name: "shop", path: "items" })).toBe(
    'write the path from /, such as /products, not "items"',
  );
  expect(get({ path: "/items" })).toBe("http_get needs api_name");
  expect(get({ api_name: "other", path: "/items" })).toMatchObject({ target: "other" });
  expect(get({ api_name: "shop", path: "/items", url: "x" })).toMatch(
    /^http_get has no argument "url"; it takes api_name, path/,
  );
  expect(get({ api_name: "shop", path: 1 })).toBe("path of http_get must be text");
  expect(tools.get("shop_makeThing")?.read({ sort: "x" })).toMatch(/has no argument "sort"/);
});

test("tools say which APIs they call and what a call may change", () => {
  const tools = catalogue({ shop: "rest", box: "rest" }, "operations");
  const { properties } = tools.get("http_post")?.definition.function.parameters ?? {};
  expect(properties).toMatchObject({ api_name: { enum: ["shop", "box"], description: expect.any(String) } });
  expect(catalogue({ shop: "rest" }, "generic").get("http_get")?.read({ path: "/a" })).toMatchObject({
    target: "shop",
  });
  expect(tools.get("http_get")?.annotations).toEqual({ readOnlyHint: true });
  expect(tools.get("http_delete")?.annotations).toEqual({ destructiveHint: true, idempotentHint: true });
  expect(tools.get("shop_get_things_by_id")?.annotations).toEqual({ readOnlyHint: true });
  expect(tools.get("shop_makeThing")?.annotations).toEqual({ readOnlyHint: false });
});
