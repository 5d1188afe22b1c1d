import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDecision } from "./decision.ts";
import { toolsFor } from "./tools.ts";

const api = (target: string): ApiDescription => ({
  target,
  title: "",
  documented: true,
  auth: [],
  operations: [],
});
const one = [api("shop")];

test("each tool is read into its decision", () => {
  expect(readDecision("http_post", '{"path":"/a","query":{"q":[1,"x"]},"data":{"b":1}}', one)).toMatchObject({
    kind: "action",
    target: "shop",
    method: "POST",
    path: "/a",
    query: { q: [1, "x"] },
    data: { b: 1 },
  });
  expect(readDecision("wait", '{"ms":5}', one)).toMatchObject({ kind: "wait", ms: 5 });
  expect(readDecision("finish", "", one)).toMatchObject({ kind: "finish", reason: "" });
  expect(readDecision("state_update", '{"set":{"a":1}}', one)).toMatchObject({
    kind: "state_update",
    set: { a: 1 },
  });
});

test.each([
  ["browse", "{}", /no tool "browse"/],
  ["http_get", '{"path":', /not JSON/],
  ["http_get", "{}", /needs path, the path from \/, such as \/products/],
  ["http_get", '{"path":"?page=2"}', /write the path from \/, such as \/products/],
  ["http_get", '{"path":"POST /a"}', /write the path from \//],
  ["http_get", '{"path":"/a","data":1}', /has no argument "data"; it takes api_name, path, query, headers/],
  ["http_get", '{"path":"/orders/{orderId}"}', /\{orderId\} in it/],
  ["http_post", `{"path":"/a","data":"${"x".repeat(40_000)}"}`, /at most 32768/],
  ["http_get", '{"path":{"a":1}}', /path of http_get must be text/],
  ["http_get", '{"path":"/a","query":[1]}', /query of http_get must be an object of names and values/],
  ["http_get", '{"path":"/a","api_name":"bank"}', /api_name must be one of shop/],
  ["wait", '{"ms":-1}', /ms/],
  ["http_get", "[]", /object/],
])("%s %s is explained", (name, text, problem) => {
  expect(readDecision(name, text, one)).toMatch(problem);
});

test("numbers that a model writes keep their digits", () => {
  const text =
    '{"path":"/a","query":{"id":9007199254740993123},"data":{"id":18446744073709551615,"price":1.10}}';
  const decision = readDecision("http_post", text, one);
  expect(decision).toMatchObject({ kind: "action" });
  if (typeof decision === "string" || decision.kind !== "action") return;
  expect(writeJson(decision.data)).toBe('{"id":18446744073709551615,"price":1.10}');
  expect(String(decision.query?.id)).toBe("9007199254740993123");
  expect(writeJson(decision.args)).toBe(text);
});

test("a placeholder is no unfilled parameter, and a path may be one", () => {
  for (const path of ["/o/{{id}}", "{{next}}", "/{{a}}/{{b}}"])
    expect(readDecision("http_get", JSON.stringify({ path }), one)).toMatchObject({ path });
});

test("with several targets api_name is needed", () => {
  expect(readDecision("http_get", '{"path":"/a"}', [api("a"), api("b")])).toMatch(
    /api_name must be one of a, b/,
  );
});

test("whatever a model writes, it is a decision or a sentence", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("http_get", "http_post", "wait", "x"),
      fc.oneof(fc.string(), fc.json()),
      (name, text) => {
        const read = readDecision(name, text, one);
        expect(["string", "object"]).toContain(typeof read);
      },
    ),
  );
});

test("each kind of target has tools of its own", () => {
  const kinds = [
    { ...api("g"), kind: "graphql" as const },
    { ...api("w"), kind: "web" as const },
    { ...api("m"), kind: "mcp" as const },
  ];
  expect(
    readDecision(
      "graphql",
      '{"api_name":"g","query":"{ a }","variables":{"b":1},"operation_name":"c"}',
      kinds,
    ),
  ).toMatchObject({
    kind: "action",
    target: "g",
    graphql: { query: "{ a }", variables: { b: 1 }, operationName: "c" },
  });
  expect(
    readDecision("submit_form", '{"api_name":"w","form":"2","fields":{"a":["b"]},"submit":"Go"}', kinds),
  ).toMatchObject({
    form: { named: "2", fields: { a: ["b"] }, submit: "Go" },
  });
  expect(readDecision("call_tool", '{"api_name":"m","name":"t"}', kinds)).toMatchObject({
    call: { name: "t", arguments: {} },
  });
  expect(readDecision("http_get", '{"api_name":"w","path":"/"}', kinds)).toMatchObject({
    target: "w",
    path: "/",
  });
  expect(readDecision("http_post", '{"api_name":"w","path":"/"}', kinds)).toMatch(
    /not called with http_post; use http_get/,
  );
  expect(readDecision("graphql", '{"query":"{ a }"}', one)).toMatch(/not called with graphql; use http_get/);
  expect(readDecision("call_tool", '{"name":"t","arguments":[]}', kinds)).toMatch(/object/);
});

test("agents are offered a tool for each documented operation, those of their targets' kinds and their own", () => {
  const names = (...apis: ApiDescription[]) => toolsFor(apis).map((known) => known.function.name);
  const own = ["state_update", "show_more", "wait", "finish"];
  expect(names(api("a"))).toEqual(["http_get", "http_post", "http_put", "http_patch", "http_delete", ...own]);
  expect(names({ ...api("w"), kind: "web" })).toEqual(["http_get", "submit_form", ...own]);
  const orders = { path: "/orders", secured: false, summary: "", fields: [] };
  const operations = [
    { ...orders, method: "GET" as const },
    { ...orders, method: "POST" as const },
  ];
  expect(names({ ...api("a"), operations })).toEqual(["get_orders", "post_orders", ...own]);
  expect(names({ ...api("a"), documented: false, operations }).slice(0, 5)).toEqual(
    names(api("a")).slice(0, 5),
  );
  const search = { ...orders, method: "tool" as const, path: "search" };
  expect(names({ ...api("g"), kind: "graphql" }, { ...api("m"), kind: "mcp", operations: [search] })).toEqual(
    ["search", "graphql", ...own],
  );
});

test("generic tools are short: no limits, no name of the only target", () => {
  const argumentsOf = (...apis: ApiDescription[]) => toolsFor(apis)[0]?.function.parameters;
  const bare: ApiDescription = { ...api("a"), documented: false };
  const request = { path: { type: "string" }, query: { type: "object" }, headers: { type: "object" } };
  expect(argumentsOf(bare)).toEqual({ type: "object", properties: request, required: ["path"] });
  expect(argumentsOf(bare, { ...bare, target: "b" })).toEqual({
    type: "object",
    properties: { api_name: { type: "string" }, ...request },
    required: ["path"],
  });
});

const field = (
  place: ApiField["in"],
  name: string,
  type: string,
  more: Partial<ApiField> = {},
): ApiField => ({ in: place, name, type, required: false, description: "", ...more });
const documented: ApiDescription = {
  ...api("shop"),
  operations: [
    {
      method: "PUT",
      path: "/carts/{cartId}/lines/{line}",
      id: "changeLine",
      secured: false,
      summary: "Change a line",
      fields: [
        field("path", "cartId", "string", { required: true }),
        field("path", "line", "integer", { required: true }),
        field("query", "dryRun", "boolean"),
        field("query", "headers", "string"),
        field("header", "If-Match", "string", { required: true }),
        field("cookie", "tenant", "string"),
        field("body", "count", "integer", { required: true }),
      ],
    },
  ],
};

test("a call of an operation's own tool becomes its request", () => {
  const text =
    '{"cartId":"a/b","line":9007199254740993123,"dryRun":true,"query_headers":"x","headers":{"If-Match":"\\"7\\""},"cookies":{"tenant":"a b"},"data":{"count":1.10}}';
  const decision = readDecision("changeLine", text, [documented]);
  expect(decision).toMatchObject({
    kind: "action",
    tool: "changeLine",
    target: "shop",
    method: "PUT",
    path: "/carts/a%2Fb/lines/9007199254740993123",
    query: { dryRun: true, headers: "x" },
    headers: { "If-Match": '"7"', cookie: "tenant=a%20b" },
  });
  if (typeof decision === "string" || decision.kind !== "action") return;
  expect(writeJson(decision.data)).toBe('{"count":1.10}');
});

test("placeholders stay in the path, and generic tools are accepted beside those of operations", () => {
  expect(readDecision("changeLine", '{"cartId":"{{cart}}","line":"x {{line}}"}', [documented])).toMatchObject(
    {
      path: "/carts/{{cart}}/lines/x%20{{line}}",
    },
  );
  expect(readDecision("http_get", '{"path":"/other"}', [documented])).toMatchObject({ path: "/other" });
});

test.each([
  ['{"line":1}', /changeLine needs cartId/],
  ['{"cartId":"{cartId}","line":1}', /write the real value/],
  ['{"cartId":"a","line":1,"colour":"red"}', /has no argument "colour"; it takes cartId, line, dryRun/],
  ["[]", /must be an object/],
])("changeLine %s is explained", (text, problem) => {
  expect(readDecision("changeLine", text, [documented])).toMatch(problem);
});
