import { expect, test } from "vitest";
import { largeApi } from "../../test/large-api.ts";
import { operationCost, tokensOf } from "./operation-cost.ts";

test.each([
  ["", 0],
  ["abcd", 1],
  ["abcde", 2],
  ["\u20ac\u20ac", 2],
  [{ a: 1 }, 2],
  [["abcd"], 2],
])("%j has %d tokens", (value, tokens) => {
  expect(tokensOf(value)).toBe(tokens);
});

test("each field of an operation costs something, and its API does not", () => {
  const api = largeApi();
  const [, list] = api.operations;
  if (list === undefined) throw new Error("the operation is missing");
  const whole = operationCost(list, api);
  expect(operationCost({ ...list, fields: list.fields.slice(1) }, api)).toBeLessThan(whole);
  expect(operationCost({ ...list, summary: `${list.summary} of the whole world` }, api)).toBeGreaterThan(
    whole,
  );
  expect(operationCost(list, { ...api, title: "x".repeat(4_000), operations: [] })).toBe(whole);
});
