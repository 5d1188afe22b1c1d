import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { requestValues } from "./request-values.ts";

function shown(operation: string, more: Partial<ToolCall> = {}, path = operation.split(" ")[1] ?? "") {
  const [method] = operation.split(" ") as [ToolCall["method"]];
  return requestValues({ target: "shop", method, path, ...more }, operation).map(
    ({ in: where, name, value, identifies, kinds }) =>
      `${where} ${name}=${value}${identifies ? "!" : ""} ${kinds.join()}`,
  );
}

test.each<[string, string, Partial<ToolCall>, string[]]>([
  ["an id", "POST /a", { data: { orderId: "7" } }, ["body orderId=7! order,orderid"]],
  ["a number as id", "POST /a", { data: { orderId: 7 } }, ["body orderId=7! order,orderid"]],
  ["a plain id", "POST /pets", { data: { id: "7" } }, ["body id=7! pet,id"]],
  ["a plain id in an object", "POST /pets", { data: { owner: { id: "7" } } }, ["body id=7! owner"]],
  ["a text", "POST /a", { data: { color: "red" } }, ["body color=red color"]],
  ["a short text", "POST /a", { data: { color: "ab" } }, []],
  ["a large number", "POST /a", { data: { size: 1000 } }, ["body size=1000 size"]],
  ["a small number", "POST /a", { data: { size: 999 } }, []],
  ["a fraction", "POST /a", { data: { size: 1000.5 } }, []],
  ["what is neither text nor number", "POST /a", { data: { on: true, at: null } }, []],
  ["a text alone", "POST /a", { data: "plain words" }, ["body =plain words a,"]],
  [
    "a list",
    "POST /a",
    { data: { orderIds: ["x", "y"] } },
    ["body orderIds=x! order,orderid", "body orderIds=y! order,orderid"],
  ],
  ["three levels", "POST /a", { data: { a: { b: { orderId: "x" } } } }, ["body orderId=x! order,orderid"]],
  ["four levels", "POST /a", { data: { a: { b: { c: { orderId: "x" } } } } }, []],
  ["a query", "GET /a", { query: { orderId: "x" } }, ["query orderId=x! order,orderid"]],
  [
    "variables",
    "mutation x",
    { graphql: { query: "", variables: { orderId: "x" } } } as never,
    ["body orderId=x! order,orderid"],
  ],
  [
    "arguments",
    "tool x",
    { tool: { name: "x", arguments: { orderId: "x" } } } as never,
    ["body orderId=x! order,orderid"],
  ],
  [
    "the own key of what an update changes",
    "PUT /a/{id}",
    { path: "/a/1", data: { name: "lamp", orderId: "x" } },
    ["path id=1! a", "body name=lamp a,name", "body orderId=x! order,orderid"],
  ],
  [
    "keys of other resources in an update",
    "PATCH /a/{id}",
    { path: "/a/1", data: { code: "abcd", promotionCode: "x", name_id: "y" } },
    [
      "path id=1! a",
      "body code=abcd a,code",
      "body promotionCode=x! promotion,promotioncode",
      "body name_id=y! name,nameid",
    ],
  ],
  [
    "a key in a write that is no update",
    "POST /a/{id}",
    { path: "/a/1", data: { name: "lamp" } },
    ["path id=1! a", "body name=lamp! a,name"],
  ],
  ["a path that looks like a query", "GET /files", { path: "/files=abcd" }, []],
  ["a key of what is made", "POST /pets", { data: { name: "lamp" } }, ["body name=lamp! pet,name"]],
  ["a key in an update of no item", "PUT /pets", { data: { name: "lamp" } }, ["body name=lamp! pet,name"]],
  [
    "a key in a query of an update",
    "PATCH /a/{id}",
    { path: "/a/1", query: { name: "lamp" } },
    ["path id=1! a", "query name=lamp! a,name"],
  ],
])("%s", (_name, operation, more, values) => {
  expect(shown(operation, more)).toEqual(values);
});

test("the query in a path counts after its parameters", () => {
  expect(shown("GET /runs/{id}", {}, "/runs/7?orderId=8")).toEqual([
    "path id=7! run",
    "query orderId=8! order,orderid",
  ]);
});

test("at most 40 values are looked at", () => {
  const data = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, "text"]));
  expect(shown("POST /a", { data })).toHaveLength(40);
  expect(shown("POST /a", { data: { f: Array.from({ length: 60 }, () => "text") } })).toHaveLength(40);
});
