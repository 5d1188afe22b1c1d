import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalParts } from "./goal-parts.ts";
import { changedFrom, type Expected, isAnswered, newThing, type Thing } from "./thing.ts";

const CATALOG = new OperationCatalog([
  apiOf("rest", "POST /hires | Hire a kayak | hours#! | id hours# note paid?"),
]);
const [PART] = goalParts("Hire a kayak for 2 hours", CATALOG);

/** What a field of a thing is no longer, where something was expected of it before. */
function changedOf(leaf: string, value?: Expected["value"]): ReturnType<typeof changedFrom> {
  if (PART?.operation === undefined) throw new Error("nothing is hired");
  const part = { ...PART, operation: PART.operation };
  const field = part.operation.answers.find((one) => one.leaf === leaf);
  if (field === undefined) throw new Error(`there is no ${leaf}`);
  const expected = new Map(value === undefined ? [] : [[field, { value, part }] as const]);
  return changedFrom(newThing(part, {} as Thing["read"], { expected }), field);
}

test("a value that is known is another one", () => {
  expect(changedOf("hours", 2)).toEqual({ ne: 2 });
  expect(changedOf("note", null)).toEqual({ ne: null });
});

test("of a condition nothing else follows", () => {
  expect(changedOf("hours", { exists: true })).toBeUndefined();
});

test("without a known value the answer that made the thing is compared with", () => {
  const hours = changedOf("hours");
  expect(hours).toMatchObject({ differs: true, field: { leaf: "hours" } });
  expect(changedOf("note")).toMatchObject({ differs: true, field: { leaf: "note" } });
  expect(changedOf("paid")).toBeUndefined();
  if (hours === undefined || !isAnswered(hours)) throw new Error("it is compared with nothing");
  expect(changedOf("hours", hours)).toBe(hours);
});

test.each([
  [2, false],
  [null, false],
  [{ exists: true }, false],
])("%j is no earlier answer", (value, is) => {
  expect(isAnswered(value)).toBe(is);
});
