import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { referencedValues, sendsValue } from "./referenced-values.ts";

const of = (more: Partial<ToolCall>, operation = "POST /a"): string[] =>
  referencedValues({ target: "shop", method: "POST", path: "/a", ...more }, operation);

test.each<[string, Partial<ToolCall>, string, string[]]>([
  ["the parameters of the route", { path: "/a/1/b/x%20y?c=def" }, "GET /a/{id}/b/{n}", ["1", "x y", "def"]],
  ["no fixed segments", { path: "/a/1" }, "GET /a/1", []],
  ["texts of three characters", { query: { q: "ab", r: "abc" } }, "GET /a", ["abc"]],
  [
    "short ids",
    { query: { id: "a", orderIds: "b", token: "c", Tokens: "d" } },
    "GET /a",
    ["a", "b", "c", "d"],
  ],
  [
    "numbers from a thousand on",
    { data: { a: 999, b: 1_000, c: 1_000.5, d: 2_000 } },
    "POST /a",
    ["1000", "2000"],
  ],
  ["small numbers that are ids", { data: { orderId: 7 } }, "POST /a", ["7"]],
  [
    "items of lists under their name",
    { data: { ids: [1, "b"], tags: ["c", "def"] } },
    "POST /a",
    ["1", "b", "def"],
  ],
  ["three levels", { data: { a: { b: { c: "abc", d: { e: "def" } } } } }, "POST /a", ["abc"]],
  ["variables of GraphQL", { graphql: { query: "{a}", variables: { id: "x" } } }, "query a", ["x"]],
  ["arguments of a tool", { tool: { name: "t", arguments: { id: "x" } } }, "tool t", ["x"]],
  ["neither null nor truth values", { data: { id: null, otherId: true } }, "POST /a", []],
])("a call names %s", (_what, more, operation, values) => {
  expect(of(more, operation)).toEqual(values);
});

test("at most forty values are named, of a list the first forty", () => {
  const list = Array.from({ length: 50 }, (_, n) => `abc${n}`);
  expect(of({ data: list })).toHaveLength(40);
  expect(of({ data: { a: list.slice(0, 39), b: "def", c: "ghi" } })).toEqual([...list.slice(0, 39), "def"]);
  const many = list.map((_, n) => `{p${n}}`).join("/");
  expect(of({ path: `/${list.join("/")}` }, `GET /${many}`)).toHaveLength(40);
});

test("a call sends what is in its data or query, as JSON writes it", () => {
  const call: ToolCall = {
    target: "a",
    method: "POST",
    path: "/xyz",
    query: { q: "abc" },
    data: { d: 'd"e' },
  };
  expect(["abc", 'd"e', "xyz", "q"].map((value) => sendsValue(call, value))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(sendsValue({ target: "a", method: "GET", path: "/" }, "abc")).toBe(false);
});

test("a query at the beginning of a path is one, too", () => {
  expect(of({ path: "?id=x" })).toEqual(["x"]);
});
