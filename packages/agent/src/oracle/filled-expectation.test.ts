import { goalSchema } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { parseJson } from "@ape/core/lib/lossless-number";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { compileChecks } from "./check.ts";
import { fillExpectation } from "./filled-expectation.ts";
import { compileExpectation, mismatch } from "./matcher.ts";

const wrong = (
  expected: object,
  captured: Readonly<Record<string, string>>,
  json: Json,
  headers: ToolResult["headers"] = {},
): string | undefined =>
  mismatch(
    fillExpectation(compileExpectation({ status: "2xx", ...expected }), (name) => captured[name]),
    jsonResult(json, { headers }),
  );

test.each<[string, object, Json, Json]>([
  ["a value", { body: { "$.token": "{t}" } }, { token: "42" }, { token: "43" }],
  ["a number by its digits", { body: { "$.id": { eq: "{t}" } } }, { id: 42 }, { id: 43 }],
  ["part of a text", { body: { "$.url": "/orders/{t}" } }, { url: "/orders/42" }, { url: "/orders/43" }],
  ["what must not be", { body: { "$.next": { ne: "{t}" } } }, { next: 7 }, { next: 42 }],
  ["what a text contains", { text: { contains: '"id":{t}' } }, { id: 42 }, { id: 43 }],
  ["a filter of numbers", { body: { "$[?@.id=='{t}'].state": "paid" } }, [{ id: 42, state: "paid" }], []],
  [
    "a filter of texts",
    { body: { '$[?@.id=="{t}"].s': "a" } },
    [{ id: "42", s: "a" }],
    [{ id: "4", s: "a" }],
  ],
  ["a key", { body: { "$['order-{t}']": { exists: true } } }, { "order-42": 1 }, { "order-4": 1 }],
  ["a number between bounds", { body: { "$.id": { ne: "{t}", lt: 99 } } }, { id: 43 }, { id: 99 }],
  ["a number of at least", { body: { "$.id": { ne: "{t}", gte: 9 } } }, { id: 9 }, { id: 8 }],
])("a captured value fills %s", (_, expected, right, other) => {
  expect(wrong(expected, { t: "42" }, right)).toBeUndefined();
  expect(wrong(expected, { t: "42" }, other)).toBeDefined();
});

test("a captured value fills headers, and digits beyond doubles stay", () => {
  const headers = { headers: { location: "/orders/{t}" } };
  expect(wrong(headers, { t: "42" }, null, { location: "/orders/42" })).toBeUndefined();
  expect(wrong(headers, { t: "42" }, null, { location: "/orders/4" })).toBeDefined();
  const big = parseJson('{"id":9007199254740993,"list":[{"id":9007199254740993,"s":1}]}') as Json;
  for (const body of [{ "$.id": "{t}" }, { "$.list[?@.id=='{t}'].s": 1 }]) {
    expect(wrong({ body }, { t: "9007199254740993" }, big)).toBeUndefined();
    expect(wrong({ body }, { t: "9007199254740992" }, big)).toBeDefined();
  }
});

test("whatever text was captured, a filter finds the element that has it and no other", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.constantFrom('"', "'"), (value, quote) => {
      const path = `$[?@.id==${quote}{t}${quote}].s`;
      const body = { [path]: "yes" };
      expect(wrong({ body }, { t: value }, [{ id: value, s: "yes" }])).toBeUndefined();
      expect(wrong({ body }, { t: value }, [{ id: `${value}x`, s: "yes" }])).toBeDefined();
    }),
  );
});

test("a probe waits for the captures of its expectation; other braces stay as they stand", () => {
  const [, probe, plain] = compileChecks(
    goalSchema.parse({
      name: "g",
      prompt: "p",
      success: [
        { action: { operation: "POST /a", capture: { t: "$.t" } } },
        { probe: { operation: "GET /a", expect: { body: { "$.x": "{t} {other}" } } } },
        { probe: { operation: "GET /a", expect: { body: { "$.x": "{other}" } } } },
      ],
    }),
    "shop",
  );
  expect(probe).toMatchObject({
    needs: ["t"],
    isFilled: true,
    expectation: { body: [{ path: "$.x", matcher: "{t} {other}" }] },
  });
  expect(plain).toMatchObject({ needs: [], isFilled: false });
});

test.each(["0", "7", "142", "-3", "1.25", "9007199254740991"])(
  "a filter of texts finds the number %s",
  (t) => {
    const body = { "$[?@.id=='{t}'].s": 1 };
    expect(wrong({ body }, { t }, [{ id: Number(t), s: 1 }])).toBeUndefined();
  },
);

test.each(["007", "1e3", "1.50", "abc", "1 "])("a filter of texts looks for no number in %j", (t) => {
  expect(wrong({ body: { "$[?@.id=='{t}'].s": 1 } }, { t }, [{ id: Number(t), s: 1 }])).toBeDefined();
});
