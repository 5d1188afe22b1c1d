import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { goalsFrom, goalsOfTarget, hasStandIn, parseCheck } from "./goal-answer.ts";

const operation = (method: ApiOperation["method"], path: string, summary: string): ApiOperation => ({
  method,
  path,
  summary,
  secured: false,
  fields: [],
});
const apiOf = (...operations: ApiOperation[]): ApiDescription => ({
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations,
});
const API = apiOf(operation("GET", "/lamps", "List the lamps"), operation("POST", "/orders", "Order a lamp"));
const REST = { kind: "rest" } as const;

test.each([
  ["POST /orders 201", { operation: "POST /orders", status: 201 }],
  ["POST /orders 2xx", { operation: "POST /orders", status: "2xx" }],
  [" GET /a ", { operation: "GET /a" }],
  ["mutation checkout", { operation: "mutation checkout" }],
  ["tool search", { operation: "tool search" }],
  ["GET /a/600", { operation: "GET /a/600" }],
])("%j is a check", (text, action) => expect(parseCheck(text)).toEqual({ action }));

test.each(["", "orders", "POST", "POST /orders 601", "201"])("%j is none", (text) => {
  expect(() => parseCheck(text)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: `"${text}" is no check`,
      hint: expect.stringContaining("POST /orders 201"),
    }),
  );
});

test("of a target of which nothing is known only one with a first page can be looked at", () => {
  for (const kind of ["rest", "web"] as const)
    expect(goalsOfTarget(undefined, { kind }).map(({ name }) => name)).toEqual(["look"]);
  for (const kind of ["graphql", "mcp"] as const) expect(goalsOfTarget(undefined, { kind })).toEqual([]);
  expect(goalsOfTarget(API, REST).length).toBeGreaterThan(0);
});

test("without words the suggested goals are taken; with a check the first of them, by that check", () => {
  const suggested = goalsOfTarget(API, REST);
  expect(goalsFrom([], [], API, REST)).toEqual(suggested);
  const check = parseCheck("POST /orders 201");
  expect(goalsFrom([], [check], API, REST)).toEqual([{ ...suggested[0], success: [check] }]);
});

test.each([
  ["graphql", "mutation "],
  ["mcp", "tool "],
] as const)("of a target of the kind %s without a description a goal has to be replaced", (kind, begin) => {
  const [goal, ...others] = goalsFrom([], [], undefined, { kind });
  expect(others).toEqual([]);
  expect(goal?.name).toBe("replace-me");
  expect(goal && hasStandIn(goal)).toBe(true);
  expect(JSON.stringify(goal?.success)).toContain(`"operation":"${begin}`);
  const [said] = goalsFrom(["Buy a lamp."], [], undefined, { kind });
  expect(said).toMatchObject({ prompt: "Buy a lamp.", success: goal?.success });
  const [checked] = goalsFrom(["Buy a lamp."], [parseCheck("tool buy")], undefined, { kind });
  expect(checked && hasStandIn(checked)).toBe(false);
});

test("goals in words have names of their own, and the checks that are given or suggested", () => {
  const check = parseCheck("GET /lamps");
  const goals = goalsFrom(["Order a lamp.", "Order a lamp."], [check], API, REST);
  expect(new Set(goals.map(({ name }) => name)).size).toBe(2);
  expect(goals.map(({ success }) => success)).toEqual([[check], [check]]);
  const [suggested] = goalsFrom(["Order a lamp."], [], API, REST);
  expect(JSON.stringify(suggested?.success)).toContain("POST /orders");
});

test("what nothing known does has a check to be replaced; what only reads has the weakest proof", () => {
  const [painted] = goalsFrom(["Paint the fence."], [], API, REST);
  expect(painted && hasStandIn(painted)).toBe(true);
  expect(JSON.stringify(painted?.success)).toContain("POST /");
  const [known] = goalsFrom(["Look."], [], undefined, REST);
  expect(known && hasStandIn(known)).toBe(false);
  expect(JSON.stringify(known?.success)).toContain("GET /");
  const [empty] = goalsFrom(["Look."], [], apiOf(), { kind: "mcp" });
  expect(empty && hasStandIn(empty)).toBe(true);
});
