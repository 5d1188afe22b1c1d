import { expect, test } from "vitest";
import { isNamedBy, namesIn } from "./field-names.ts";

const field = (leaf: string, description = "") => ({ leaf, description });

test.each([
  [field("startNo"), "start number"],
  [field("start_nr"), "start number"],
  [field("qty"), "quantity"],
  [field("cls", "Class"), "class"],
  [field("berthNumber"), "berth"],
  [field("note"), "note"],
  [field("streetAddr"), "street address"],
])("%o is called %s", (own, said) => {
  expect(isNamedBy(own, said.split(" "))).toBe(true);
  expect(namesIn(own, `Change the ${said} of it`)).toContain(said);
});

test.each([
  [field("startNo"), "number"],
  [field("note"), "no"],
  [field("state", "Where the thing stands in its life"), "life"],
])("%o is not called %s", (own, said) => {
  expect(isNamedBy(own, said.split(" "))).toBe(false);
});
