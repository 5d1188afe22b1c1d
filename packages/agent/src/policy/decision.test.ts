import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
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
  ["http_get", "{}", /required property 'path'/],
  ["http_get", '{"path":"http://x"}', /pattern/],
  ["http_get", '{"path":"/a","data":1}', /additional properties, such as "data"/],
  ["http_get", '{"path":"/orders/{orderId}"}', /\{orderId\} in it/],
  ["http_post", `{"path":"/a","data":"${"x".repeat(40_000)}"}`, /at most 32768/],
  ["http_get", '{"path":"/a","headers":{"Keep-Alive":"5"}}', /Keep-Alive is set for you/],
  ["http_get", '{"path":7}', /string/],
  ["http_get", '{"path":"/a","headers":{"Host":"a"}}', /Host is set for you/],
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

test("agents are offered the tools of their targets' kinds and their own", () => {
  const names = (...apis: ApiDescription[]) => toolsFor(apis).map((known) => known.function.name);
  const own = ["state_update", "wait", "finish"];
  expect(names(api("a"))).toEqual(["http_get", "http_post", "http_put", "http_patch", "http_delete", ...own]);
  expect(names({ ...api("w"), kind: "web" })).toEqual(["http_get", "submit_form", ...own]);
  const orders = { path: "/orders", secured: false, summary: "", fields: [] };
  expect(
    names({
      ...api("a"),
      operations: [
        { ...orders, method: "GET" },
        { ...orders, method: "POST" },
      ],
    }),
  ).toEqual(["http_get", "http_post", ...own]);
  expect(names({ ...api("g"), kind: "graphql" }, { ...api("m"), kind: "mcp" })).toEqual([
    "graphql",
    "call_tool",
    ...own,
  ]);
});

test("what a model is offered is short: no limits, no headers that nobody reads, no name of the only target", () => {
  const fields = [
    { in: "header", name: "x-tenant", type: "string", required: true, description: "" } as const,
  ];
  const documented: ApiDescription = {
    ...api("a"),
    operations: [{ method: "GET", path: "/orders", secured: false, summary: "", fields }],
  };
  const argumentsOf = (...apis: ApiDescription[]) => toolsFor(apis)[0]?.function.parameters;
  expect(
    argumentsOf({ ...documented, operations: [{ ...documented.operations[0], fields: [] } as never] }),
  ).toEqual({
    type: "object",
    properties: { path: { type: "string" }, query: { type: "object" } },
    required: ["path"],
  });
  expect(argumentsOf(documented, api("b"))).toEqual({
    type: "object",
    properties: {
      api_name: { type: "string" },
      path: { type: "string" },
      query: { type: "object" },
      headers: { type: "object" },
    },
    required: ["path"],
  });
});
