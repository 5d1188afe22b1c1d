import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import type { Request } from "../planning-context.ts";
import { operationToolCall } from "./operation-tool-call.ts";

const [boats] = new OperationCatalog([
  {
    target: "app",
    title: "t",
    documented: true,
    auth: [],
    operations: [
      operation("PUT /boats/{id}", "Change a boat", [
        field("path", "id", "integer!", ""),
        field("query", "day", "string", ""),
        field("query", "count", "integer", ""),
        field("query", "filter", "object", ""),
        field("body", "name", "string!", ""),
      ]),
    ],
  },
]).operations;

/** The arguments of the tool's call for a request; undefined if the tool cannot make it. */
function call(
  request: Partial<Request>,
  { flat = false, names = {} as Record<string, string> } = {},
): Json | undefined {
  if (boats === undefined) throw new Error("no operation");
  const own = {
    "path id": "id",
    "query day": "day",
    "query count": "count",
    "query filter": "filter",
    ...names,
  };
  const made = operationToolCall({ target: "app", method: "PUT", path: "/boats/7", ...request }, boats, {
    name: "put_boats",
    method: "PUT",
    path: "/boats/{id}",
    summary: "",
    inputs: [],
    arguments: new Map(Object.entries(own)),
    flat,
  });
  expect(made?.name ?? "put_boats").toBe("put_boats");
  return made && (JSON.parse(made.arguments) as Json);
}

test.each<[string, Partial<Request>, Json]>([
  [
    "parameters in the types of their fields",
    { query: { day: "5", count: "5" } },
    { id: 7, day: "5", count: 5 },
  ],
  [
    "an object that an earlier call wrote as text",
    { query: { filter: '{"a":1}' } },
    { id: 7, filter: { a: 1 } },
  ],
  ["a text that only looks like an object", { query: { filter: "{a" } }, { id: 7, filter: "{a" }],
  ["a text that is no object", { query: { filter: "a" } }, { id: 7, filter: "a" }],
  ["headers", { headers: { "If-Match": "v1" } }, { id: 7, headers: { "If-Match": "v1" } }],
  [
    "cookies apart from headers",
    { headers: { cookie: "a=1; b=x%20y", x: "z" } },
    { id: 7, headers: { x: "z" }, cookies: { a: "1", b: "x y" } },
  ],
  ["a cookie without a value", { headers: { cookie: "a" } }, { id: 7, cookies: { a: "" } }],
  ["a body as an object of its own", { data: { name: "x" } }, { id: 7, data: { name: "x" } }],
  ["a body that is a list", { data: [1] }, { id: 7, data: [1] }],
  ["a value that is encoded in the path", { path: "/boats/a%20b" }, { id: "a b" }],
])("a tool is given %s", (_, request, args) => expect(call(request)).toEqual(args));

test("a flat body is given as arguments, unless a name has another meaning there", () => {
  expect(call({ data: { name: "x" } }, { flat: true })).toEqual({ id: 7, name: "x" });
  expect(call({ data: { id: "x" } }, { flat: true })).toBeUndefined();
  expect(call({ data: { headers: "x" } }, { flat: true })).toBeUndefined();
  expect(call({ data: [1] }, { flat: true })).toBeUndefined();
  expect(call({}, { flat: true })).toEqual({ id: 7 });
});

test("arguments have the names that the tool gives them; what it does not take it cannot make", () => {
  expect(call({ query: { day: "1" } }, { names: { "query day": "query_day" } })).toEqual({
    id: 7,
    query_day: "1",
  });
  expect(call({ query: { other: "1" } })).toBeUndefined();
  expect(call({ path: "/boats/7/parts" })).toBeUndefined();
  expect(call({ path: "/boats" })).toBeUndefined();
});
