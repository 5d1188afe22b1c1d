import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { compileExpectation, jsonPath, mismatch, queryValue } from "./matcher.ts";

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
