import { expect, test } from "vitest";
import { companionsOf, headNounOf, isName, mayHaveInner, newThings } from "./inner-phrase.ts";

test.each([
  ["two laminated panes of glass", "panes"],
  ["a box called Ada", "box"],
  ["a box named Ada", "box"],
  ["a box titled Ada", "box"],
  ["a box entitled Ada", "box"],
  ["a box labelled Ada", "box"],
  ["a box labeled Ada", "box"],
  ["a Box OF Ada", "box"],
  ["a boxof", "boxof"],
  ["", ""],
])("the noun of %j is %j", (thing, noun) => {
  expect(headNounOf(thing)).toBe(noun);
});

test.each([
  ["for", "a new customer"],
  ["to", "an new customer"],
  ["with", "another new customer"],
  ["by", "one new customer"],
  ["under", "new customer"],
  ["from", "a brand new customer"],
  ["at", "a brand-new customer"],
  ["in", "a new very rich customer"],
])("Book it %s %s: a new thing", (preposition, thing) => {
  const written = `${preposition} ${thing}`;
  for (const end of [
    "",
    ".",
    ", please",
    "; go",
    " and pay",
    " or pay",
    " for two",
    " to Bern",
    " with care",
    " by noon",
    " from Bern",
    " at noon",
    " in Bern",
    " on Monday",
  ])
    expect(
      newThings(`Book it ${written}${end}`).map((one) => ({ ...one, written: one.written.trim() })),
    ).toEqual([{ written, thing }]);
  expect(mayHaveInner(`Book it ${written}`)).toBe(true);
});

test.each([
  "Book it of a new customer",
  "Book it for a customer",
  "Book it for new",
  "Book it for the new customer",
  "Book it for a newer customer",
  "Book it for a new and rich customer",
  "Book it for a new one two three four",
  "Book it for a new customer7",
])("%s: nothing new", (written) => {
  expect(newThings(written)).toEqual([]);
  expect(mayHaveInner(written)).toBe(false);
});

test("what is new may have a name", () => {
  expect(newThings("Book it for a new customer called quoted0 and pay")).toEqual([
    { written: "for a new customer called quoted0", thing: "a new customer called quoted0" },
  ]);
  expect(newThings("Book it for a new customer  named quoted12.")[0]?.thing).toBe(
    "a new customer  named quoted12",
  );
});

test.each([
  ["Tom", true],
  ["quoted0", true],
  ["a Tom", false],
  ["quoted", false],
  ["tom", false],
])("%s is a name alone: %j", (thing, expected) => {
  expect(isName(thing)).toBe(expected);
});

test.each<[text: string, things: string[]]>([
  ["Add a boat with Tom Hale in it", ["Tom Hale"]],
  ["Add a boat with Tom O'Hara-Li on board", ["Tom O'Hara-Li"]],
  ["Add a boat with quoted0 aboard it", ["quoted0"]],
  ["Add a boat with Tom inside them", ["Tom"]],
  ["Add a boat with Tom", []],
  ["Add a boat with tom in it", []],
  ["Add a boat with a sail", ["a sail"]],
  ["Add a boat with an oar", ["an oar"]],
  ["Add a boat with one oar", ["one oar"]],
  ["Add a boat with two oars", ["two oars"]],
  ["Add a boat with three oars", ["three oars"]],
  ["Add a boat with four oars", ["four oars"]],
  ["Add a boat with five oars", ["five oars"]],
  ["Add a boat with six oars", ["six oars"]],
  ["Add a boat with some oars", ["some oars"]],
  ["Add a boat with several oars", ["several oars"]],
  ["Add a boat with 12 oars", ["12 oars"]],
  ["Add a boat with seven oars", []],
  ["Add a boat with the oars", []],
  ["Add a boat without a sail", []],
  ["Add a boat with a big red old sail", ["a big red old sail"]],
  ["Add a boat with a big red old torn sail", []],
  ["Add a boat with a sail of 30 square metres", ["a sail of 30 square metres"]],
  ["Add a boat with a sail of linen for 30 euros", ["a sail of linen for 30 euros"]],
  ["Add a boat with a sail of linen for Ada", ["a sail of linen"]],
  ["Add a boat with a box called quoted0 in it", ["a box called quoted0"]],
  ["Add a boat with a box named quoted0", ["a box named quoted0"]],
  ["Add a boat with a sail in it.", ["a sail"]],
  ["Add a boat with a sail, then go", ["a sail"]],
  ["Add a boat with a sail; go", ["a sail"]],
  ["Add a boat with a sail and two oars", ["a sail"]],
  ["Add a boat with a sail and with two oars", ["a sail", "two oars"]],
  ["Add a boat with Tom on board and with a sail, with quoted0 in it", ["Tom", "quoted0"]],
  ["Add a boat with a sail with two oars", ["a sail", "two oars"]],
  ["Add a boat", []],
])("%s: %j come along", (text, things) => {
  expect(companionsOf(text).map(({ thing }) => thing)).toEqual(things);
});

test.each(
  "and or for to from at on in by that which as before after until while so then under over via".split(" "),
)("what comes along ends before %s", (word) => {
  expect(companionsOf(`Add a boat with a sail ${word} linen`)[0]?.thing).toBe("a sail");
  expect(companionsOf(`Add a boat with a sail of cloth ${word} linen`)[0]?.thing).toBe("a sail of cloth");
});
