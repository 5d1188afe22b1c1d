import fc from "fast-check";
import { expect, test } from "vitest";
import { nameAt } from "./unquoted-name.ts";

test.each([
  ["Road Trip", "Road Trip"],
  ["Road Trip with two songs", "Road Trip"],
  ["Buy milk with priority high", "Buy milk"],
  ["Lord of the Rings for Anna", "Lord of the Rings"],
  ["Hello World, then archive it", "Hello World"],
  ["groceries and open it", "groceries"],
  ["Édith Piaf.", "Édith Piaf"],
  ["Trip 2031 in June", "Trip 2031"],
  ["Train ticket of 42.50 CHF", "Train ticket"],
  ["off", undefined],
  ["with care", undefined],
  ['"quoted"', undefined],
  ["{{title}}", undefined],
])("%s begins with the name %s", (text, name) => {
  expect(nameAt(text)).toBe(name);
});

test("a narrow name has capitals only", () => {
  expect(nameAt("Maria Lopez tomorrow", true)).toBe("Maria Lopez");
  expect(nameAt("Vincent van Gogh and others", true)).toBe("Vincent van Gogh");
  expect(nameAt("Ada of the", true)).toBe("Ada");
  expect(nameAt("Ada of", true)).toBe("Ada");
  expect(nameAt("Ada of the North", true)).toBe("Ada of the North");
  expect(nameAt("Ada of northern", true)).toBe("Ada");
  expect(nameAt("of Ada", true)).toBeUndefined();
  expect(nameAt("a friend", true)).toBeUndefined();
});

test("a name is always the beginning of its text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const name = nameAt(text.trim());
      if (name !== undefined) expect(text.trim().startsWith(name)).toBe(true);
    }),
  );
});
