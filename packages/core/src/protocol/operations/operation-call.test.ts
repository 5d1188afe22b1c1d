import { expect, test } from "vitest";
import { parseOperation } from "./operation.ts";
import { bracedNames, fillBraces, operationCall } from "./operation-call.ts";

const ref = (text: string) => parseOperation(text) ?? { method: "GET" as const, template: "" };

test("an operation of the configuration becomes the call of its kind", () => {
  expect(operationCall("t", ref("GET /a/{b}"), "/a/1", {})).toEqual({
    target: "t",
    method: "GET",
    path: "/a/1",
  });
  expect(operationCall("t", ref("tool x"), "", { arguments: { a: 1 } })).toEqual({
    target: "t",
    method: "POST",
    path: "",
    tool: { name: "x", arguments: { a: 1 } },
  });
  expect(
    operationCall("t", ref("query x"), "", { document: "query ($a: Int) { x(a: $a) }", arguments: { a: 1 } }),
  ).toEqual({
    target: "t",
    method: "POST",
    path: "",
    graphql: { query: "query ($a: Int) { x(a: $a) }", variables: { a: 1 } },
  });
});

test("names in braces are found and filled wherever they are", () => {
  const value = { a: "{x}", b: ["no-{y}", 1, null], c: { d: "{z}" } };
  expect(bracedNames(value)).toEqual(["x", "y", "z"]);
  expect(fillBraces(value, (name) => ({ x: "1", y: "2" })[name])).toEqual({
    a: "1",
    b: ["no-2", 1, null],
    c: { d: "{z}" },
  });
});
