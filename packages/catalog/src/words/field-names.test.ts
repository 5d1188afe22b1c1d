import { expect, test } from "vitest";
import { fieldNamesIn, isNamedBy } from "./field-names.ts";

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
});

test.each([
  [field("startNo"), "number"],
  [field("note"), "no"],
  [field("state", "Where the thing stands in its life"), "life"],
])("%o is not called %s", (own, said) => {
  expect(isNamedBy(own, said.split(" "))).toBe(false);
});

test("the names of a field are found in a text as it has them", () => {
  expect(fieldNamesIn(field("startNo"), "Change the start number of entry 4")).toEqual(["start number"]);
  expect(fieldNamesIn(field("cls", "Class"), "Set its class to B")).toEqual(["class"]);
  expect(fieldNamesIn(field("guestName"), "Change the number of guests")).toEqual([]);
});
