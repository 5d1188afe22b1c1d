import fc from "fast-check";
import { expect, test } from "vitest";
import { nameAt } from "./unquoted-name.ts";

test.each([
  ["Road Trip", "Road Trip"],
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

test.each<[text: string, name: string | undefined, narrow: string | undefined]>([
  ["Road Trip with two songs", "Road Trip", "Road Trip"],
  ["Lord of the Rings", "Lord of the Rings", "Lord of the Rings"],
  ["Lord of rings", "Lord", "Lord"],
  ["Lord of", "Lord", "Lord"],
  ["Anna van der Meer", "Anna van der Meer", "Anna van der Meer"],
  ["Ana y Luis", "Ana y Luis", "Ana y Luis"],
  ["Buy milk now", "Buy milk now", "Buy"],
  ["buy milk", "buy milk", undefined],
  ["of Rings", undefined, undefined],
  ["it all", undefined, undefined],
  ["off", undefined, undefined],
  ["7 Samurai", "7 Samurai", "7 Samurai"],
  ["Big One, then", "Big One", "Big One"],
  ["Big One. Then", "Big One", "Big One"],
  ["Big One; then", "Big One", "Big One"],
  ["Big One: then", "Big One", "Big One"],
  ["Big One! then", "Big One", "Big One"],
  ["Big One? then", "Big One", "Big One"],
  ["Big One) then", "Big One", "Big One"],
  ["Big One?!. then", "Big One", "Big One"],
  ["St.Gallen Tour", "St.Gallen Tour", "St.Gallen Tour"],
  ['Big "One"', "Big", "Big"],
  ["Big “One”", "Big", "Big"],
  ["Big 'One'", "Big", "Big"],
  ["Big {{one}}", "Big", "Big"],
  ["Big (One)", "Big", "Big"],
  ["Big quoted0 One", "Big", "Big"],
  ["Big xquoted0 One", "Big xquoted0 One", "Big"],
  ["Big quoted0x One", "Big quoted0x One", "Big"],
  ["A B C D E F G H", "A B C D E F G H", "A B C D E F G H"],
  ["A B C D E F G H I", "A B C D E F G H", "A B C D E F G H"],
  [". Big", undefined, undefined],
  ["", undefined, undefined],
  ["  Big  One ", "  Big  One", "  Big  One"],
  ["Big AND Small", "Big AND Small", "Big AND Small"],
  ["Big and Small", "Big", "Big"],
])("%j begins with the name %j, in capitals with %j", (text, name, narrow) => {
  expect(nameAt(text)).toBe(name);
  expect(nameAt(text, true)).toBe(narrow);
});

test.each(
  "with and or but then that which who whose for in on at to by from into onto under over below above between before after while when where using costing priced due as per via within without until about".split(
    " ",
  ),
)("a name ends before %s", (word) => {
  expect(nameAt(`Big one ${word} two`)).toBe("Big one");
});

test.each("off up back out it them him her me us you after like so".split(" "))("%s is no name", (word) => {
  expect(nameAt(`${word} one`)).toBeUndefined();
  expect(nameAt(`Big ${word}x`)).toBe(`Big ${word}x`);
});

test.each("of the de la le du van von der den di da y".split(" "))("%s stands within a name", (word) => {
  expect(nameAt(`Big ${word} One`, true)).toBe(`Big ${word} One`);
  expect(nameAt(`Big ${word} one`)).toBe("Big");
  expect(nameAt(`${word} One`)).toBeUndefined();
});
