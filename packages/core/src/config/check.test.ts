import { expect, test } from "vitest";
import { alternativesOf, type Check, operationsOfCheck, ownHeaders } from "./check.ts";
import { checkSchema } from "./goal.ts";

const alternatives = (config: unknown) => alternativesOf(checkSchema.parse(config));
const read = (config: unknown): Check => {
  const [one] = alternatives(config);
  if (one === undefined) throw new Error("no check");
  return one.check;
};

test.each([
  [{ action: { operation: "POST /a" } }, "action", ["operation POST /a"]],
  [
    { action: { operation: "POST /a", after: "GET /b", target: "shop" } },
    "action",
    ["operation POST /a", "after GET /b"],
  ],
  [{ probe: { operation: "GET /a/{id}" } }, "probe", ["operation GET /a/{id}"]],
  [
    { probe: { operation: "GET /a/{id}", after: "DELETE /a/{id}" } },
    "probe",
    ["operation GET /a/{id}", "after DELETE /a/{id}"],
  ],
  [{ state: { orderId: { exists: true } } }, "state", []],
])("%j is a check of kind %s that names %j", (config, kind, named) => {
  const one = read(config);
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

test("alternatives have their places; a choice needs two", () => {
  const choice = {
    anyOf: [{ action: { operation: "POST /a" } }, { probe: { operation: "GET /b" } }],
  };
  expect(alternatives(choice).map(({ check, path }) => [check.kind, path])).toEqual([
    ["action", ["anyOf", 0, "action"]],
    ["probe", ["anyOf", 1, "probe"]],
  ]);
  expect(alternatives({ action: { operation: "POST /a" } }).map(({ path }) => path)).toEqual([["action"]]);
  expect(checkSchema.safeParse({ anyOf: choice.anyOf.slice(1) }).success).toBe(false);
  expect(checkSchema.safeParse({ anyOf: [choice, choice] }).success).toBe(false);
});
