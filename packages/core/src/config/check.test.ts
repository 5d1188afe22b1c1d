import { expect, test } from "vitest";
import { checkOf, operationsOfCheck, ownHeaders } from "./check.ts";
import { checkSchema } from "./goal.ts";

const read = (config: unknown) => checkSchema.parse(config);

test.each([
  [{ action: { operation: "POST /a" } }, "action", ["operation POST /a"]],
  [
    { action: { operation: "POST /a", after: "GET /b", target: "shop" } },
    "action",
    ["operation POST /a", "after GET /b"],
  ],
  [{ probe: { operation: "GET /a/{id}" } }, "probe", ["operation GET /a/{id}"]],
  [{ state: { orderId: { exists: true } } }, "state", []],
])("%j is a check of kind %s that names %j", (config, kind, named) => {
  const one = checkOf(read(config));
  expect(one.kind).toBe(kind);
  expect(operationsOfCheck(one).map(({ key, operation }) => `${key} ${operation}`)).toEqual(named);
});

test("only a probe has headers of its own", () => {
  expect(ownHeaders(read({ probe: { operation: "GET /a", as: { headers: { a: "b" } } } }))).toEqual({
    a: "b",
  });
  expect(ownHeaders(read({ probe: { operation: "GET /a" } }))).toBeUndefined();
  expect(ownHeaders(read({ action: { operation: "GET /a" } }))).toBeUndefined();
});
