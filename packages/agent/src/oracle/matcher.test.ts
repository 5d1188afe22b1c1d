import type { Json } from "@ape/core/json";
import { expect, test } from "vitest";
import { jsonPath } from "./matcher.ts";

function nested(levels: number): Json {
  let json: Json = { x: levels };
  for (let i = 0; i < levels; i += 1) json = i % 2 === 0 ? { a: json } : [json];
  return json;
}

test.each([0, 49, 60, 500, 1_500])("$..x finds what is %i levels deep", (levels) => {
  expect(jsonPath("$..x")(nested(levels))).toBe(levels);
});

test("beyond the bound nothing is found, and nothing is thrown", () => {
  expect(jsonPath("$..x")(nested(4_000))).toBeUndefined();
  expect(jsonPath("$[0].a")(nested(4_000)) === undefined).toBe(false);
});
