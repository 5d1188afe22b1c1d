import { Ajv } from "ajv";
import { expect, test } from "vitest";
import {
  CALL_TOOL,
  calledToolOf,
  FIND_OPERATIONS_TOOL,
  GRAPHQL_TOOL,
  graphqlOf,
  HTTP_REQUEST_TOOL,
  HTTP_TOOLS,
  SUBMIT_FORM_TOOL,
  TOOL_METHODS,
  tool,
} from "./tools.ts";

const TOOLS = [
  ...HTTP_TOOLS,
  HTTP_REQUEST_TOOL,
  FIND_OPERATIONS_TOOL,
  GRAPHQL_TOOL,
  SUBMIT_FORM_TOOL,
  CALL_TOOL,
];
const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: false });
const takes = (name: string, args: object): boolean => {
  const found = TOOLS.find((one) => one.function.name === name);
  if (found === undefined) throw new Error(name);
  return ajv.validate(found.function.parameters, args);
};

test("every tool is a function with a name and words of its own", () => {
  expect(TOOLS.map(({ type }) => type)).toEqual(TOOLS.map(() => "function"));
  const words = TOOLS.map(({ function: { name, description } }) => [name, description]);
  for (const one of words.flat()) expect(one).not.toBe("");
  expect(new Set(words.flat()).size).toBe(2 * TOOLS.length);
  expect(HTTP_TOOLS.map(({ function: { name } }) => name)).toEqual(Object.keys(TOOL_METHODS));
  expect(Object.values(TOOL_METHODS)).toEqual(["GET", "POST", "PUT", "PATCH", "DELETE"]);
  expect(tool("a", "b", {}, []).function.parameters).not.toHaveProperty("required");
});

const PATH = { path: "/a" };

test.each<[string, object, boolean]>([
  ["http_get", PATH, true],
  ["http_get", {}, false],
  ["http_get", { path: "a" }, false],
  ["http_get", { path: "{{next}}" }, true],
  ["http_get", { path: "{next}" }, false],
  ["http_get", { path: 1 }, false],
  ["http_get", { path: `/${"a".repeat(1_999)}` }, true],
  ["http_get", { path: `/${"a".repeat(2_000)}` }, false],
  ["http_get", { ...PATH, api_name: "shop" }, true],
  ["http_get", { ...PATH, api_name: 1 }, false],
  ["http_get", { ...PATH, query: { a: "1", b: 1, c: true, d: [1], e: {} } }, true],
  ["http_get", { ...PATH, query: { a: null } }, false],
  ["http_get", { ...PATH, query: "a=1" }, false],
  ["http_get", { ...PATH, headers: { a: "1" } }, true],
  ["http_get", { ...PATH, headers: { a: 1 } }, false],
  ["http_get", { ...PATH, headers: [] }, false],
  ["http_get", { ...PATH, other: 1 }, false],
  ["http_get", { ...PATH, data: {} }, false],
  ["http_post", { ...PATH, data: {} }, true],
  ["http_put", { ...PATH, data: "text" }, true],
  ["http_patch", { ...PATH, data: [1] }, true],
  ["http_delete", { ...PATH, data: null }, true],
  ["http_request", PATH, false],
  ["http_request", { method: "GET" }, false],
  ["http_request", { method: "GET", ...PATH }, true],
  ["http_request", { method: "HEAD", ...PATH }, false],
  [
    "http_request",
    { method: "PUT", ...PATH, api_name: "a", query: { a: 1 }, headers: { a: "b" }, data: 1 },
    true,
  ],
  ["http_request", { method: "PUT", ...PATH, query: [] }, false],
  ["http_request", { method: "PUT", ...PATH, headers: { a: 1 } }, false],
  ["http_request", { method: "PUT", path: "a" }, false],
  ["http_request", { method: "PUT", ...PATH, api_name: 1 }, false],
  ["find_operations", {}, false],
  ["find_operations", { words: "a".repeat(200) }, true],
  ["find_operations", { words: "a".repeat(201) }, false],
  ["find_operations", { words: 1 }, false],
  ["graphql", {}, false],
  ["graphql", { api_name: "a", query: "{a}", variables: {}, operation_name: "b" }, true],
  ["graphql", { query: "a".repeat(8_000) }, true],
  ["graphql", { query: "a".repeat(8_001) }, false],
  ["graphql", { query: 1 }, false],
  ["graphql", { query: "{a}", variables: [] }, false],
  ["graphql", { query: "{a}", api_name: 1 }, false],
  ["graphql", { query: "{a}", operation_name: "b".repeat(201) }, false],
  ["graphql", { query: "{a}", operation_name: 1 }, false],
  ["submit_form", {}, false],
  ["submit_form", { fields: {} }, true],
  ["submit_form", { fields: [] }, false],
  ["submit_form", { fields: { a: "1", b: 1, c: true, d: ["x", 1, true] } }, true],
  ["submit_form", { fields: { a: {} } }, false],
  ["submit_form", { fields: { a: [{}] } }, false],
  ["submit_form", { api_name: "a", fields: {}, form: "f".repeat(200), submit: "s".repeat(200) }, true],
  ["submit_form", { fields: {}, form: "f".repeat(201) }, false],
  ["submit_form", { fields: {}, form: 1 }, false],
  ["submit_form", { fields: {}, submit: "s".repeat(201) }, false],
  ["submit_form", { fields: {}, submit: 1 }, false],
  ["submit_form", { fields: {}, api_name: 1 }, false],
  ["call_tool", {}, false],
  ["call_tool", { api_name: "a", name: "n".repeat(200), arguments: {} }, true],
  ["call_tool", { name: "n".repeat(201) }, false],
  ["call_tool", { name: 1 }, false],
  ["call_tool", { name: "a", arguments: [] }, false],
  ["call_tool", { name: "a", api_name: 1 }, false],
])("%s takes %j: %j", (name, args, accepted) => {
  expect(takes(name, args)).toBe(accepted);
});

test("arguments become the parts of a call, without those that are missing", () => {
  expect(graphqlOf({ query: "{a}" })).toEqual({ query: "{a}" });
  expect(graphqlOf({ query: "{a}", variables: { b: 1 }, operation_name: "c" })).toEqual({
    query: "{a}",
    variables: { b: 1 },
    operationName: "c",
  });
  expect(calledToolOf({ name: "a" })).toEqual({ name: "a", arguments: {} });
  expect(calledToolOf({ name: "a", arguments: { b: 1 } })).toEqual({ name: "a", arguments: { b: 1 } });
});
