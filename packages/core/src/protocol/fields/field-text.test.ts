import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  describedTypes,
  elaborates,
  type FieldTraits,
  isEmptyWord,
  isGeneric,
  isSpeaking,
  namesKind,
  readTrait,
  saysLittleMore,
  saysNoMore,
  saysPaging,
  shorten,
  splitTraits,
  withoutDescribedTypes,
  wordsOf,
  writeTraits,
} from "./field-text.ts";

const TRAITS: readonly (readonly [FieldTraits, string])[] = [
  [{ format: "date" }, 'format "date"'],
  [{ minimum: 1 }, "min 1"],
  [{ maximum: 2.5 }, "max 2.5"],
  [{ exclusiveMinimum: 0 }, "above 0"],
  [{ exclusiveMaximum: 9 }, "below 9"],
  [{ multipleOf: 5 }, "multiple of 5"],
  [{ minLength: 1, maxLength: 50 }, "length 1..50"],
  [{ minLength: 1 }, "length 1.."],
  [{ maxLength: 50 }, "length ..50"],
  [{ minItems: 0, maxItems: 3 }, "items 0..3"],
  [{ uniqueItems: true }, "unique"],
  [{ minProperties: 2 }, "properties 2.."],
  [{ minProperties: 1, maxProperties: 3 }, "properties 1..3"],
  [{ onlyWith: ["cvv", "a; b>"] }, 'only with ["cvv","a; b\\u003e"]'],
  [{ onTypes: [{ at: "", types: ["Order"] }] }, "on Order"],
  [{ onTypes: [{ at: "items[].price", types: ["Fixed", "Range"] }] }, "items[].price on Fixed|Range"],
  [{ form: 2 }, "of form 2"],
  [{ form: 2, neededInForm: true }, "needed in form 2"],
  [{ choosesForm: [1, 2, 12] }, "chooses form 1,2,12"],
  [{ also: ["integer"] }, "or integer"],
  [{ nullable: true }, "or null"],
  [{ pattern: '^"[a>b]+$' }, 'pattern "^\\"[a\\u003eb]+$"'],
  [{ enum: ["a", 1, null] }, 'one of ["a",1,null]'],
  [{ example: { a: "x>y" } }, 'e.g. {"a":"x\\u003ey"}'],
];

describe("traits", () => {
  test.each(TRAITS)("%j is written as %s, and read back", (field, text) => {
    expect(writeTraits(field)).toEqual([text]);
    const read: FieldTraits = {};
    readTrait(read, text);
    expect(read).toEqual(field);
  });

  test.each([
    "form 2",
    "of form x",
    "chooses form",
    "chooses form 1,",
    "chooses form 1,x",
    "needed in form 2a",
    "x of form 2",
    "minimal 3",
    "lengthy 1..2",
    "unique items",
    "on the order",
    "a b on Order",
    "",
  ])("%j changes nothing", (text) => {
    const read: FieldTraits = {};
    readTrait(read, text);
    expect(read).toEqual({});
  });

  test("without a trait nothing is written; of several types each is", () => {
    expect(writeTraits({})).toEqual([]);
    const read: FieldTraits = {};
    for (const text of writeTraits({ also: ["integer", "array"], nullable: true })) readTrait(read, text);
    expect(read).toEqual({ also: ["integer", "array"], nullable: true });
  });

  test("a list of traits is split outside of texts only", () => {
    expect(splitTraits('a; b "x; \\"y; z"; c')).toEqual(["a", 'b "x; \\"y; z"', "c"]);
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const traits = texts.map((text) => `e.g. ${JSON.stringify(text)}`);
        expect(splitTraits(traits.join("; "))).toEqual(traits);
      }),
    );
  });
});

test.each<[unknown, string[]]>([
  ["The size <or null>", ["null"]],
  ["The size <min 1; or integer; or null>", ["integer", "null"]],
  ["<or null> of it", []],
  ["The size <or Null>", []],
  ["The size <minor null>", []],
  ["The size", []],
  [undefined, []],
])("%j describes the types %j", (description, types) => {
  expect(describedTypes(description)).toEqual(types);
});

test.each<[string, string[], string | undefined]>([
  ["The size <or null>", ["null"], "The size"],
  ["The size <min 1; or null>", ["null"], "The size <min 1>"],
  ["The size <or null>", ["integer"], "The size <or null>"],
  ["<or null>", ["null"], undefined],
  ["The size", ["null"], "The size"],
])("%s without %j is %j", (description, types, rest) => {
  expect(withoutDescribedTypes(description, types)).toBe(rest);
});

test.each([
  ["productId", "The id of the product", true, true],
  ["productId", "", true, false],
  ["productId", "The id of the shop", false, true],
  ["shelf", "The shelf of the big blue room", false, true],
  ["shelf", "The shelf of the big blue room upstairs", false, false],
  ["shelf", "The shelf 3", false, false],
  ["shelf", "The shelf's room", false, true],
  ["shelf", "The 'shelf'", true, false],
  ["shelf", "The room", false, false],
  ["id", "The id of it", true, false],
])("of %s, %j says no more: %j, little more: %j", (name, description, none, little) => {
  expect([saysNoMore(description, name), saysLittleMore(description, name)]).toEqual([none, little]);
});

test.each<[string, string, unknown[], boolean]>([
  ["page", "The page to show", [], true],
  ["limit", "At most 50 results", [50], true],
  ["limit", "At most 50 results, default 20", [50], false],
  ["limit", "At most 50 results, default 20", [50, 20], true],
  ["perPage", "Results", [], true],
  ["page_size", "Results", [], true],
  ["pages", "Results", [], false],
  ["color", "Results", [], false],
  ["page", 'The "page"', [], false],
  ["page", "It's a page", [], false],
])("the paging parameter %s with %j and bounds %j needs no words: %j", (name, description, bounds, plain) => {
  expect(saysPaging(description, name, bounds)).toBe(plain);
});

test.each([
  ["unitPrice", true, false],
  ["price", false, false],
  ["fullName", false, false],
  ["created_at", true, false],
  ["id", false, true],
  ["_id", false, true],
  ["NAME", false, true],
  ["idea", false, false],
])("%s speaks for itself: %j, is generic: %j", (name, speaks, generic) => {
  expect([isSpeaking(name), isGeneric(name)]).toEqual([speaks, generic]);
});

test.each([
  ["shelf", "The shelf of it", true, false],
  ["shelf", "The number of the shelf", false, true],
  ["shelfNumber", "The number of the shelf", true, false],
  ["id", "The id", false, false],
  ["shelf", "The room", false, false],
])("the name %s is made clear by %j: %j; it names a kind: %j", (name, description, clear, kind) => {
  expect([elaborates(description, name), namesKind(description, name)]).toEqual([clear, kind]);
});

test.each([
  ["productId", ["product", "id"]],
  ["e-mail of the owner's cat", ["email", "of", "the", "owner", "cat"]],
  ["a1B2", ["a1", "b2"]],
  ["--", []],
])("the words of %s are %j", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test("articles and the like have no meaning", () => {
  expect(["the", "of", "which", "shelf", ""].map(isEmptyWord)).toEqual([true, true, true, false, false]);
});

test.each([
  ["one two", 7, "one two"],
  ["one  \n two", 7, "one two"],
  ["one two three", 7, "one two"],
  ["one two three", 8, "one two"],
  ["one two three", 6, "one"],
  ["abcdefgh", 3, "abc"],
  ["One. Two is longer", 10, "One."],
  ["One. Two. Three is longer", 12, "One. Two."],
  ["A beginning of twenty, and more of it", 30, "A beginning of twenty"],
  ["Short, and much more of it", 12, "Short, and"],
])("%j in %d characters is %j", (text, limit, short) => {
  expect(shorten(text, limit)).toBe(short);
});
