import { fieldOf } from "@ape/catalog/operations/field";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { defaultFor } from "./default-value.ts";

const value = (more: Partial<ApiField>, seed = 7): unknown =>
  defaultFor(
    fieldOf({ in: "body", name: "name", type: "string", required: true, description: "", ...more }, "things"),
    0,
    seed,
  );

test.each([
  ["name", "my_variable", /^my_variable_[0-9a-f]{6}$/],
  ["title", "Great news", /^Great news [0-9a-f]{6}$/],
  ["slug", "great-news", /^great-news-[0-9a-f]{6}$/],
])("a document's example of a %s gets an end of the session's own: %s", (name, example, wanted) => {
  expect(value({ name, example })).toMatch(wanted);
  expect(value({ name, example }, 8)).not.toBe(value({ name, example }, 9));
});

test("a name keeps within its bounds", () => {
  expect(value({ example: "my_variable", maxLength: 12 })).toMatch(/^my_var[0-9a-f]{6}$/);
  expect(value({ example: "abc", maxLength: 5 })).toBe("abc");
});

test.each<[string, Partial<ApiField>, unknown]>([
  ["of a search", { in: "query", example: "my_variable" }, "my_variable"],
  ["of a login", { name: "username", example: "admin" }, "admin"],
  ["of a part", { name: "country.name", example: "Peru" }, "Peru"],
  ["with a pattern", { example: "AB-1", pattern: "^[A-Z]{2}-\\d$" }, "AB-1"],
  ["one of several", { example: "red", enum: ["red", "blue"] }, "red"],
  ["of something else", { name: "colour", example: "red" }, "red"],
])("the example %s stays", (_, more, wanted) => {
  expect(value(more)).toBe(wanted);
});

const drawn = (more: Partial<ApiField>): unknown[] => [
  ...new Set(Array.from({ length: 200 }, (_, seed) => value(more, seed))),
];

test("an enumeration that decides nothing is drawn from; one that may decide what happens has its first option", () => {
  expect(drawn({ name: "size", enum: ["S", "M", "L"] }).sort()).toEqual(["L", "M", "S"]);
  for (const name of ["status", "role", "type", "visibility", "currency"])
    expect(drawn({ name, enum: ["a", "b", "c"] })).toEqual(["a"]);
});

test("a quantity is small and within its bounds, another number anything between near bounds", () => {
  expect(drawn({ name: "quantity", type: "integer" }).sort()).toEqual([1, 2, 3]);
  expect(drawn({ name: "quantity", type: "integer", minimum: 2, maximum: 3 }).sort()).toEqual([2, 3]);
  expect(drawn({ name: "rating", type: "integer", minimum: 1, maximum: 5 }).sort()).toEqual([1, 2, 3, 4, 5]);
  expect(drawn({ name: "weight", type: "integer", minimum: 5 })).toEqual([5]);
  expect(drawn({ name: "weight", type: "integer", minimum: 5, maximum: 100_000 })).toEqual([5]);
  expect(drawn({ name: "weight", type: "integer" })).toEqual([1]);
});

test("days differ between sessions, not within one, and lie ahead unless somebody was born", () => {
  const day = (session: number, more: Partial<ApiField> = {}, place = 0): string =>
    defaultFor(
      fieldOf(
        { in: "body", name: "day", type: "string", required: true, description: "", format: "date", ...more },
        "stay",
      ),
      place,
      1,
      session,
    ) as string;
  const days = Array.from({ length: 100 }, (_, session) => day(session));
  expect(new Set(days).size).toBeGreaterThan(40);
  expect(days.every((one) => one >= "2031-06-12" && one < "2031-12-31")).toBe(true);
  expect(day(3)).toBe(day(3));
  expect(day(3, {}, 2) > day(3, {}, 0)).toBe(true);
  expect(day(3, { example: "2019-04-01" }) >= "2031-04-01").toBe(true);
  expect(day(3, { format: "date-time", example: "2019-04-01T08:30:00+02:00" })).toMatch(/T08:30:00\+02:00$/);
  expect(day(3, { name: "birthDate" }) < "2000").toBe(true);
  // An animal's birthday is not a grown person's: the document's example says which.
  const young = { name: "birthDate", example: "2010-09-07" };
  for (const session of [0, 1, 2, 3]) expect(day(session, young)).toMatch(/^2010-0[3-9]-/);
  expect(day(3, { ...young, example: "2010-09-07T08:00:00Z" })).toMatch(/^2010-.*T08:00:00Z$/);
  expect(day(3, { ...young, example: "a day" }) < "2000").toBe(true);
});

test.each([
  ["decimal", /^\d+$/],
  ["int64", /^\d+$/],
  ["double", /^\d+$/],
  ["char", /^.$/],
  ["idn-email", /^\S+@\S+\.\S+$/],
  ["idn-hostname", /^[\w.]+$/],
])("a text of the format %s is one", (format, wanted) => {
  expect(value({ name: "x", format })).toMatch(wanted);
});
