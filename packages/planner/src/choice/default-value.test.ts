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
