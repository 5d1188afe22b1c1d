import { parseSelector } from "@ape/core/metrics/threshold";
import { expect, test } from "vitest";
import { SeriesTable, selectorText } from "./series-table.ts";

const table = (...selectors: string[]) => new SeriesTable(selectors.map(parseSelector));
const count = (one: SeriesTable, selector: string) => one.sink(selector)?.statistic("count", 1);

test("a selector has the values of every series that its labels match, whenever it is first asked for", () => {
  const one = table('actions{status:"200"}');
  one.open("actions", { operation: "GET /a", status: "200" }).add(1);
  one.open("actions", { operation: "GET /a", status: "500" }).add(1);
  one.open("actions", { operation: "GET /b", status: "200" }).add(1);
  one.open("session_steps", { goal: "buy" }).add(9);
  const shown = () =>
    ["actions", 'actions{status:"200"}', 'actions{operation:"GET /a"}'].map((text) => count(one, text));
  expect(shown()).toEqual([3, 2, 2]);
  one.open("actions", { operation: "GET /a", status: "200" }).add(1);
  expect(shown()).toEqual([4, 3, 3]);
  one.open("actions", { operation: "GET /a", status: "404" }).add(1);
  expect(shown()).toEqual([5, 3, 4]);
});

test("a selector names an operation by its shape", () => {
  const one = table('actions{operation:"GET /a/"}');
  one.open("actions", { operation: "GET /a", status: "200" }).add(1);
  one.open("actions", { operation: "GET /a/{id}", status: "200" }).add(1);
  expect(count(one, 'actions{operation:"GET /a/"}')).toBe(1);
  expect(count(one, 'actions{operation:"GET /a/{number}"}')).toBe(1);
  expect(count(one, 'actions{operation:"GET /a/{number}",status:"404"}')).toBe(0);
  expect(count(one, 'actions{operation:"GET /b"}')).toBeUndefined();
});

test("the series of a metric and labels is one, in any order of its labels", () => {
  const one = table();
  expect(one.open("actions", { operation: "GET /a", status: "200" })).toBe(
    one.open("actions", { status: "200", operation: "GET /a" }),
  );
  expect(one.open("actions", { operation: "GET /a" })).not.toBe(one.open("actions", { goal: "GET /a" }));
});

test("without data there is no value; a counter of names that exist is 0", () => {
  const one = table();
  expect(one.sink("action_duration")).toBeUndefined();
  expect(one.sink("agents_active")).toBeUndefined();
  expect(count(one, "actions")).toBe(0);
  expect(one.sink('actions{operation:"GET /a"}')).toBeUndefined();
  expect(one.sink('actions{status:"500"}')?.statistic("count", 1)).toBe(0);
  one.open("actions", { operation: "GET /a", status: "200" }).add(1);
  expect(count(one, 'actions{operation:"GET /a",status:"500"}')).toBe(0);
  expect(one.sink('actions{operation:"GET /b"}')).toBeUndefined();
  one.open("action_duration", { operation: "GET /a" });
  expect(one.sink("action_duration")).toBeUndefined();
  one.open("agents_active", {}).add(0);
  expect(one.sink("agents_active")?.statistic("value", 1)).toBe(0);
});

test("what was added is taken once; counters that exist count, gauges stay", () => {
  const one = table("actions");
  one.open("actions", { status: "200" }).add(2);
  one.open("actions", { status: "500" });
  one.open("action_duration", { status: "200" });
  one.open("agents_active", {}).add(5);
  const taken = one.take();
  expect(Object.keys(taken)).toEqual(["actions"]);
  expect(taken.actions).toEqual([
    [{ status: "200" }, { type: "counter", total: 2 }],
    [{ status: "500" }, { type: "counter", total: 0 }],
  ]);
  expect([count(one, "actions"), one.sink("agents_active")?.statistic("value", 1)]).toEqual([0, 5]);
  expect(one.take()).toEqual({});
  one.open("actions", { status: "500" }).add(1);
  expect(one.take().actions).toEqual([[{ status: "500" }, { type: "counter", total: 1 }]]);

  const sum = table('actions{status:"200"}');
  sum.merge(taken);
  sum.merge(taken);
  expect([count(sum, "actions"), count(sum, 'actions{status:"200"}')]).toEqual([4, 4]);
  expect(sum.take().actions).toHaveLength(2);
});

test("series without values are not listed, and values of a label come in their order", () => {
  const one = table();
  one.open("action_duration", { operation: "GET /b" }).add(1);
  one.open("action_duration", { operation: "GET /a" });
  expect([...one.all()].map(({ labels }) => labels)).toEqual([{ operation: "GET /b" }]);
  expect(one.valuesOf("action_duration", "operation")).toEqual(["GET /b", "GET /a"]);
  expect(one.valuesOf("action_duration", "goal")).toEqual([""]);
  expect(one.valuesOf("actions", "goal")).toEqual([]);
});

test("where nothing is queried, no sums are kept", () => {
  const one = new SeriesTable([], false);
  one.open("actions", { status: "200" }).add(2);
  expect(one.open("actions", { status: "200" }).feeds).toEqual([]);
  expect(one.take().actions).toHaveLength(1);
});

test("a selector's text has its labels in one order, quoted as they need", () => {
  expect(selectorText("actions", {})).toBe("actions");
  expect(selectorText("actions", { status: "200", operation: "GET /a" })).toBe(
    selectorText("actions", { operation: "GET /a", status: "200" }),
  );
  expect(selectorText("actions", { status: "200" })).toBe('actions{status:"200"}');
  expect(selectorText("actions", { goal: 'say "hi"' })).toBe("actions{goal:'say \"hi\"'}");
});
