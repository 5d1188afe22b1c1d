import { expect, test } from "vitest";
import { isShortFor } from "./short-forms.ts";

test.each([
  ["no", "number"],
  ["nr", "number"],
  ["num", "number"],
  ["qty", "quantity"],
  ["desc", "description"],
  ["addr", "address"],
  ["tel", "telephone"],
  ["tel", "phone"],
  ["cls", "class"],
  ["amt", "amount"],
])("%s is short for %s", (short, word) => {
  expect(isShortFor(short, word)).toBe(true);
});

test.each([
  ["no", "note"],
  ["note", "notes"],
  ["day", "days"],
  ["class", "class"],
  ["start", "state"],
  ["kind", "kinds"],
  ["bed", "bedroom"],
  ["day", "daylight"],
  ["qty", "quay"],
])("%s is not short for %s", (short, word) => {
  expect(isShortFor(short, word)).toBe(false);
});
