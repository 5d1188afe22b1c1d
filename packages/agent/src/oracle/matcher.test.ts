import type { Matcher } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { numberFrom } from "@ape/core/lib/lossless-number";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { compileExpectation, jsonPath, mismatch, mismatchOf, queryValue, shown } from "./matcher.ts";

function nested(levels: number): Json {
  let json: Json = { x: levels };
  for (let i = 0; i < levels; i += 1) json = i % 2 === 0 ? { a: json } : [json];
  return json;
}

test.each([0, 49, 60, 500, 1_500])("$..x finds what is %i levels deep", (levels) => {
  expect(jsonPath("$..x")(nested(levels))).toBe(levels);
});

test("beyond the bound nothing is known, which is not that nothing is there", () => {
  expect(() => jsonPath("$..x")(nested(4_000))).toThrow(/nested too deep/);
  expect(queryValue(jsonPath("$..x"), nested(4_000))).toBeUndefined();
  expect(jsonPath("$[0].a")(nested(4_000)) === undefined).toBe(false);
});

test("expressions that take too long on an answer are given up, and say so", () => {
  const body = "a".repeat(45);
  const evil = "^(a+)+$";
  const byText = compileExpectation({ status: 200, body: { "$.x": { matches: evil } } });
  expect(mismatch(byText, jsonResult({ x: `${body}!` }))).toContain("takes too long on this text");
  const bySchema = compileExpectation({
    status: 200,
    schema: { properties: { x: { type: "string", pattern: evil } } },
  });
  expect(mismatch(bySchema, jsonResult({ x: `${body}!` }))).toContain("takes too long on this text");
  expect(mismatch(byText, jsonResult({ x: "aaa" }))).toBeUndefined();
});

test("an answer that is too deep to be looked through holds no check, not even that something is missing", () => {
  let json: Json = { error: "boom" };
  for (let level = 0; level < 2_500; level += 1) json = { a: json };
  const expectation = compileExpectation({ status: 200, body: { "$..error": { exists: false } } });
  expect(mismatch(expectation, jsonResult(json))).toMatch(/nested too deep/);
});

test.each<[string, Json, boolean]>([
  ["$.a[*].x", { a: [{ x: "ok" }, { x: "bad" }] }, false],
  ["$.a[*].x", { a: [{ x: "ok" }, { x: "fine" }] }, true],
  ["$..x", { a: { x: "ok", b: { x: "bad" } } }, false],
  [
    "$.a[?@.n>1].x",
    {
      a: [
        { n: 1, x: "bad" },
        { n: 2, x: "ok" },
      ],
    },
    true,
  ],
  [
    "$.a[?@.n>1].x",
    {
      a: [
        { n: 2, x: "ok" },
        { n: 3, x: "bad" },
      ],
    },
    false,
  ],
  ["$.a[0].x", { a: [{ x: "ok" }, { x: "bad" }] }, true],
])("what must not be is nowhere that %s leads: %j", (path, json, holds) => {
  const expectation = compileExpectation({ status: 200, body: { [path]: { ne: "bad" } } });
  const wrong = mismatch(expectation, jsonResult(json));
  expect(wrong === undefined).toBe(holds);
});

test.each<[Matcher, Json | undefined, string | undefined]>([
  [{ lt: 5 }, 4, undefined],
  [{ lt: 5 }, 5, "a number below 5"],
  [{ lte: 5 }, 5, undefined],
  [{ lte: 5 }, 6, "a number of at most 5"],
  [{ gt: 5 }, 6, undefined],
  [{ gt: 5 }, 5, "a number above 5"],
  [{ gte: 5 }, 5, undefined],
  [{ gte: 5 }, 4, "a number of at least 5"],
  [{ lt: 5 }, "4", "a number below 5"],
  [{ gte: 5 }, undefined, "a number of at least 5"],
  [{ gt: 1, lt: 3 }, 2, undefined],
  [{ gt: 1, lt: 3 }, 3, "a number below 3"],
  [{ eq: "a" }, "b", '"a"'],
  [{ eq: "a", ne: "a" }, "a", 'anything but "a"'],
  [{ ne: "a" }, undefined, undefined],
  [{ exists: true }, null, undefined],
  [{ exists: true }, undefined, "a value"],
  [{ exists: false }, undefined, undefined],
  [{ exists: false }, 0, "no value"],
  [{ contains: "ell" }, "hello", undefined],
  [{ contains: "el" }, "hallo", 'a text with "el"'],
  [{ contains: "1" }, 1, 'a text with "1"'],
  [{ matches: "^h" }, "hello", undefined],
  [{ matches: "^e" }, "hello", "a text that matches /^e/"],
  [{ matches: "1" }, 1, "a text that matches /1/"],
  ["a", "a", undefined],
  [null, null, undefined],
  [null, undefined, "null"],
  [1, "1", "1"],
  [0.5, numberFrom("0.5"), undefined],
  ["0.50", numberFrom("0.50"), undefined],
  ["0.5", numberFrom("0.50"), '"0.5"'],
])("matcher %j for the value %j: %j", (matcher, value, expected) => {
  expect(mismatchOf(value, matcher)).toBe(expected);
});

const page = {
  kind: "page",
  page: { title: "Orders", path: "/", text: "none yet", links: [], forms: [] },
  bytes: 1,
  cut: false,
} as const;

test.each<[object, Partial<ToolResult>, string | undefined]>([
  [{}, { status: 200, body: { kind: "empty" } }, undefined],
  [{ status: 201 }, { status: 200 }, "answered 200, wanted 201"],
  [{ status: [201, 202] }, {}, "answered 200, wanted 201 or 202"],
  [{ status: 200 }, { status: 302, unfollowed: true }, "answered 302, wanted 200: "],
  [{}, { error: { code: "timeout", message: "too late" } }, "timeout: too late"],
  [{ headers: { "X-A": "1, 2" } }, { headers: { "x-a": ["1", "2"] } }, undefined],
  [{ headers: { "x-a": "1" } }, {}, 'header x-a is missing, wanted "1"'],
  [{ text: "Orders\nnone yet" }, { body: page }, undefined],
  [{ text: '{"id":1}' }, {}, undefined],
  [{ text: "a" }, { body: { kind: "empty" } }, 'the answer is not "a"'],
  [{ body: { "$.id": 1 } }, { body: page }, "answered page, wanted JSON"],
  [{ schema: { type: "object" } }, { body: { kind: "empty" } }, "answered empty, wanted JSON"],
  [{ schema: { type: "array" } }, {}, "the answer breaks its schema: it must be array"],
  [
    { body: { "$.id": 1 }, schema: { required: ["name"] } },
    {},
    "the answer breaks its schema: it must have required property 'name'",
  ],
  [{ text: '{"id":1}' }, { unproven: "id is old" }, undefined],
  [{}, { unproven: "id is old" }, "answered 200, which shows nothing: id is old"],
])("expectation %j of the answer %j: %j", (expected, answer, why) => {
  const expectation = compileExpectation({ status: "2xx", ...expected });
  expect(mismatch(expectation, jsonResult({ id: 1 }, answer))).toBe(why);
});

test("an answer that says that it failed breaks a check of its status only below 300", () => {
  const failed = { ok: false };
  const any = compileExpectation({ status: ["2xx", "3xx"] });
  expect(mismatch(any, jsonResult(failed, { status: 299 }))).toContain("says itself that it failed");
  expect(mismatch(any, jsonResult(failed, { status: 300 }))).toBeUndefined();
});

test.each<[string | undefined, boolean]>([
  ["http://json-schema.org/draft-07/schema#", true],
  ["http://json-schema.org/draft-04/schema#", true],
  ["https://json-schema.org/draft/2020-12/schema", false],
  [undefined, false],
])("in the dialect %s `items` may be a list: %s", ($schema, isOld) => {
  const compile = () =>
    compileExpectation({ status: 200, schema: { ...($schema && { $schema }), items: [{ type: "string" }] } });
  if (isOld) expect(mismatch(compile(), jsonResult([1]))).toContain("/0 must be string");
  else expect(compile).toThrow();
});

test("a value in a message has at most 80 characters", () => {
  expect(shown("x".repeat(78))).toBe(`"${"x".repeat(78)}"`);
  expect(shown("x".repeat(79))).toBe(`"${"x".repeat(79)}`);
});
