import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { bodyText, callText, shownHeaders } from "./call-rendering.ts";

const action = {
  kind: "action",
  tool: "http_post",
  args: {},
  target: "shop",
  method: "POST",
  path: "/a",
} as const;
const result = (more: Partial<ToolResult>): ToolResult => ({
  status: 200,
  headers: {},
  body: { kind: "empty" },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "POST /a",
  ...more,
});

const same = (text: string): string => text;

test("a call reads as it was written, and is bounded", () => {
  expect(
    callText({ ...action, query: { q: ["x", 1], p: true }, data: { password: "{{password}}" } }, 200),
  ).toBe('POST /a?q=x,1&p=true {"password":"{{password}}"}');
  expect(callText({ ...action, data: "y".repeat(500) }, 200)).toHaveLength(200);
});

test("only headers that matter are shown, each bounded", () => {
  expect(
    shownHeaders(result({ headers: { server: "x", "retry-after": "2", location: "l".repeat(999) } }), same),
  ).toEqual({
    location: "l".repeat(300),
    "retry-after": "2",
  });
  const upper = (text: string) => text.toUpperCase();
  expect(shownHeaders(result({ headers: { location: "/a" } }), upper)).toEqual({ location: "/A" });
  expect(shownHeaders(result({ headers: { "set-cookie": ["a=1"] } }), same)).toBeUndefined();
});

test("every kind of body has a text", () => {
  expect(bodyText(result({ body: { kind: "json", json: { a: 1 }, bytes: 7 } }))).toBe('{"a":1}');
  expect(bodyText(result({ body: { kind: "text", text: "t", bytes: 1, cut: false } }))).toBe("t");
  expect(bodyText(result({}))).toBe("");
  expect(bodyText(result({ body: { kind: "binary", bytes: 9, cut: true } }))).toBe("9 bytes of binary data");
});

test.each([
  [
    { etag: '"v1"', "last-modified": "Sat, 01 Jan 2022 00:00:00 GMT", server: "x" },
    ["etag", "last-modified"],
  ],
  [{ "x-total-count": "51", "x-next-page": "2", "x-powered-by": "y" }, ["x-total-count", "x-next-page"]],
  [{ "x-csrf-token": "abc", "content-range": "items 0-9/51", date: "z" }, ["x-csrf-token", "content-range"]],
  [{ "x-ratelimit-remaining": "99", "x-ratelimit-reset": "10" }, []],
  [
    { "x-ratelimit-remaining": "2", "x-ratelimit-reset": "10" },
    ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ],
])("headers that a further request may need are shown: %j", (headers, names) => {
  expect(Object.keys(shownHeaders(result({ headers }), same) ?? {})).toEqual(names);
});

test("headers that the document names are shown", () => {
  const headers = { "x-request-cost": "3", "x-other": "1" };
  expect(shownHeaders(result({ headers }), same, new Set(["x-request-cost"]))).toEqual({
    "x-request-cost": "3",
  });
  expect(shownHeaders(result({ headers }), same)).toBeUndefined();
});

test("an answer with hundreds of headers shows few of them", () => {
  const headers = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [`x-page-${"abcdefghij"[n % 10]}${"k".repeat(n)}`, "1"]),
  );
  expect(Object.keys(shownHeaders(result({ headers }), same) ?? {})).toHaveLength(12);
});

test.each<[string, object, string]>([
  ["a plain call", {}, "POST /a"],
  [
    "a call with a query",
    { query: { a: 1, b: ["x", "y"], c: { d: 1 }, e: [{ f: 1 }] } },
    'POST /a?a=1&b=x,y&c={"d":1}&e=[{"f":1}]',
  ],
  ["a link", { method: "GET", label: "Home" }, 'GET /a "Home"'],
  ["a link without a text", { label: "" }, "POST /a"],
  ["a body of null", { data: null }, "POST /a null"],
  ["a tool", { call: { name: "find", arguments: { q: "a" } } }, 'tool find {"q":"a"}'],
  ["a form", { form: { fields: { a: "b" } } }, 'submit_form 1 {"a":"b"}'],
  [
    "a named form",
    { form: { named: "login", fields: {} }, label: "Log in" },
    'submit_form login "Log in" {}',
  ],
  [
    "a form whose button says nothing, with what its page is about",
    { form: { fields: { a: "b" } }, label: "Next", about: "Your journey" },
    'submit_form 1 "Next" of "Your journey" {"a":"b"}',
  ],
  [
    "a long heading",
    { form: { fields: {} }, label: "Next", about: "x".repeat(61) },
    `submit_form 1 "Next" of "${"x".repeat(60)}" {}`,
  ],
  ["an empty heading", { form: { fields: {} }, label: "Next", about: "" }, 'submit_form 1 "Next" {}'],
  [
    "GraphQL with variables",
    { graphql: { query: "mutation { pay { id } }", variables: { a: 1 } } },
    'mutation pay {"a":1}',
  ],
  [
    "GraphQL without variables",
    { graphql: { query: "{\n  orders { id }\n}" } },
    "query orders { orders { id } }",
  ],
])("%s reads as %s", (_what, more, text) => {
  expect(callText({ ...action, ...more } as never, 200)).toBe(text);
});

test("a call of the longest length stays whole, a longer one ends with dots", () => {
  const whole = "POST /a".length;
  expect(callText(action, whole)).toBe("POST /a");
  expect(callText(action, whole - 1)).toBe("POS...");
});

test("a body of JSON is whole up to a size, of a page its title and text", () => {
  const json = { text: "x".repeat(500) };
  const text = (bytes: number) => bodyText(result({ body: { kind: "json", json, bytes } }));
  expect(text(16_384)).toBe(JSON.stringify(json));
  expect(text(16_385)).toMatch(/more characters/);
  const page = { title: "T", path: "/", text: "words", links: [], forms: [] };
  expect(bodyText(result({ body: { kind: "page", page, bytes: 1, cut: false } }))).toBe("T\nwords");
});

test.each<[number, Record<string, string>, boolean]>([
  [200, { "x-ratelimit-remaining": "5" }, true],
  [200, { "x-ratelimit-remaining": "6" }, false],
  [200, { "ratelimit-remaining": "5" }, true],
  [200, { "ratelimit-remaining": "" }, false],
  [200, { "ratelimit-remaining": "many" }, false],
  [429, { "ratelimit-remaining": "60" }, true],
  [200, { "ratelimit-reset": "9" }, false],
  [429, { "ratelimit-reset": "9" }, true],
  [429, { "ratelimit-limit": "9" }, false],
])("of an answer of %d the limits in %j are shown: %j", (status, headers, shown) => {
  expect(shownHeaders(result({ status, headers }), same)).toEqual(shown ? headers : undefined);
});

test.each([
  ["location", true],
  ["content-location", true],
  ["my-location", false],
  ["locations", false],
  ["link", true],
  ["csrf", true],
  ["xsrf-token", true],
  ["x-csrftoken", true],
  ["x-csrf-tokens", false],
  ["x-total", true],
  ["x-total-count", true],
  ["x-per-page", true],
  ["x-hasmore", false],
  ["x-has-more", true],
  ["x-limit-1", false],
  ["server", false],
])("the header %s matters: %j", (name, matters) => {
  expect(shownHeaders(result({ headers: { [name]: "v" } }), same) !== undefined).toBe(matters);
});

test("a list of plain values is written with commas, one that holds an object as JSON", () => {
  expect(callText({ ...action, query: { q: [1, { a: 2 }] as never } }, 200)).toBe('POST /a?q=[1,{"a":2}]');
  expect(callText({ ...action, query: { q: [{ a: 2 }] as never, p: {} as never } }, 200)).toBe(
    'POST /a?q=[{"a":2}]&p={}',
  );
});

test("the limit of requests is shown with its reset where few are left", () => {
  const shown = (remaining: string, name = "ratelimit") =>
    shownHeaders(
      result({
        headers: { [`${name}-remaining`]: remaining, [`${name}-reset`]: "9", [`${name}-reset-after`]: "9" },
      }),
      same,
    );
  expect(shown("1")).toEqual({ "ratelimit-remaining": "1", "ratelimit-reset": "9" });
  expect(shown("1", "x-ratelimit")).toEqual({ "x-ratelimit-remaining": "1", "x-ratelimit-reset": "9" });
  expect(shown("100")).toBeUndefined();
});
