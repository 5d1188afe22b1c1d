import { expect, test } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import type { ApiField, ApiOperation } from "../api.ts";
import { keepingPlaceholders, readOperationArguments } from "./operation-arguments.ts";
import { operationTools } from "./operation-tools.ts";

const field = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField => ({
  in: place,
  name,
  type: "string",
  required: false,
  description: "",
  ...more,
});

function toolOf(path: string, fields: ApiField[], more: Partial<ApiOperation> = {}) {
  const operation: ApiOperation = {
    id: "op",
    method: "POST",
    path,
    summary: "",
    secured: false,
    fields,
    ...more,
  };
  const [tool] = operationTools([
    { target: "a", title: "", documented: true, auth: [], operations: [operation] },
  ]);
  if (tool === undefined) throw new Error("no tool");
  return tool;
}

const FULL = toolOf(
  "/a/{id}/b/{id}",
  [
    field("path", "id", { required: true }),
    field("query", "page", { type: "integer" }),
    field("query", "data"),
    field("header", "If-Match"),
    field("cookie", "lang"),
  ],
  { openBody: true },
);

test.each<[JsonObject, unknown]>([
  [{ id: "7" }, { path: "/a/7/b/7" }],
  [{ id: "a/b" }, { path: "/a/a%2Fb/b/a%2Fb" }],
  [{ id: 7 }, { path: "/a/7/b/7" }],
  [{ id: ["x"] }, { path: "/a/%5B%22x%22%5D/b/%5B%22x%22%5D" }],
  [
    { id: "7", page: 2, query_data: "x" },
    { path: "/a/7/b/7", query: { page: 2, data: "x" } },
  ],
  [{ id: "7", page: null }, { path: "/a/7/b/7" }],
  [
    { id: "7", data: { a: 1 } },
    { path: "/a/7/b/7", data: { a: 1 } },
  ],
  [
    { id: "7", headers: { "If-Match": 5, b: null, c: { d: 1 } } },
    { path: "/a/7/b/7", headers: { "If-Match": "5", c: '{"d":1}' } },
  ],
  [{ id: "7", headers: null }, { path: "/a/7/b/7" }],
  [{ id: "7", headers: {} }, { path: "/a/7/b/7" }],
  [{ id: "7", headers: "x" }, "headers must be an object of texts by their names"],
  [
    { id: "7", cookies: { lang: "a b", t: "{{token}};" } },
    { path: "/a/7/b/7", headers: { cookie: "lang=a%20b; t={{token}}%3B" } },
  ],
  [{ id: "7", cookies: { lang: null } }, { path: "/a/7/b/7" }],
  [{ id: "7", cookies: [] }, "cookies must be an object of texts by their names"],
  [{}, "op needs id, a part of the path"],
  [{ id: null }, "op needs id, a part of the path"],
  [{ id: "" }, "op needs id, a part of the path"],
  [{ id: "{id}" }, "id is {id}; write the real value there, taken from what you know"],
  [{ id: "{{id}}" }, { path: "/a/%7B%7Bid%7D%7D/b/%7B%7Bid%7D%7D" }],
  [{ id: "x{id}" }, { path: "/a/x%7Bid%7D/b/x%7Bid%7D" }],
  [{ id: "{id}x" }, { path: "/a/%7Bid%7Dx/b/%7Bid%7Dx" }],
  [
    { id: "7", other: 1 },
    'op has no argument "other"; it takes id, page, query_data, headers, cookies, data',
  ],
  [
    { id: "7", ["o".repeat(61)]: 1 },
    `op has no argument "${"o".repeat(60)}"; it takes id, page, query_data, headers, cookies, data`,
  ],
])("the arguments %j become %j", (args, call) => {
  expect(readOperationArguments(FULL, args)).toEqual(call);
});

test("a problem names the part of the path in the document's words, and what the tool takes", () => {
  const described = toolOf("/a/{id}", [field("path", "id", { description: "as listed" })]);
  expect(readOperationArguments(described, {})).toBe("op needs id, as listed");
  expect(readOperationArguments(toolOf("/a", []), { x: 1 })).toBe('op has no argument "x"; it takes none');
  expect(readOperationArguments(toolOf("/a", []), { data: 1 })).toBe(
    'op has no argument "data"; it takes none',
  );
  const body = toolOf("/a", [field("body", "name")]);
  expect(readOperationArguments(body, { x: 1 })).toBe('op has no argument "x"; it takes name');
  const many = toolOf(
    "/a",
    Array.from({ length: 31 }, (_, n) => field("query", `q${n}`)),
  );
  expect(readOperationArguments(many, { x: 1 })).toMatch(/ q28, q29$/);
});

test("values of the path are encoded as the caller asks", () => {
  const tool = toolOf("/a/{id}", [field("path", "id")]);
  expect(readOperationArguments(tool, { id: "b" }, (text) => `<${text}$&>`)).toEqual({ path: "/a/<b$&>" });
});

test.each([
  ["a b", "a%20b"],
  ["{{a b}}", "{{a b}}"],
  ["x y{{a}}{{b}}/", "x%20y{{a}}{{b}}%2F"],
  ["{{}}", "%7B%7B%7D%7D"],
  ["", ""],
])("%j is encoded as %j: placeholders stay", (text, encoded) => {
  expect(keepingPlaceholders(text)).toBe(encoded);
});
