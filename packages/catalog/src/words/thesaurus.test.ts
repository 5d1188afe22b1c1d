import fc from "fast-check";
import { expect, test } from "vitest";
import { MEANINGS, VERB_CLASSES } from "./lexicon.ts";
import { areKin, isCompoundOf, isKindOf, nounKinship, verbEntry } from "./thesaurus.ts";
import { stem } from "./words.ts";

const kin = (one: string, two: string): number => nounKinship(stem(one), stem(two));

test.each([
  ["pupil", "student"],
  ["instructors", "teacher"],
  ["chauffeur", "driver"],
  ["car", "vehicle"],
  ["speciality", "specialty"],
  ["journey", "trip"],
  ["invoice", "bill"],
])("%s and %s are near", (one, two) => {
  expect(kin(one, two)).toBeGreaterThanOrEqual(0.35);
  expect(kin(one, two)).toBeLessThan(1);
});

test.each([
  ["owner", "visit"],
  ["pet", "owner"],
  ["ticket", "setting"],
  ["order", "article"],
  ["guest", "room"],
])("%s and %s are not", (one, two) => {
  expect(kin(one, two)).toBeLessThan(0.35);
});

test("kinship is symmetric, within bounds, and 1 only for the same stem, whatever the words", () => {
  const word = fc.oneof(
    fc.constantFrom(...MEANINGS.map(([one]) => stem(one))),
    fc.stringMatching(/^[a-z]{0,8}$/),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(word, word, (one, two) => {
      const value = nounKinship(one, two);
      expect(value).toBe(nounKinship(two, one));
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value === 1).toBe(one === two);
    }),
  );
});

test.each([
  ["erase", undefined, "~remove"],
  ["call", "off", "~remove"],
  ["throw", "away", "~remove"],
  ["revise", undefined, "~update"],
  ["establish", undefined, "~create"],
  ["inspect", undefined, "~show"],
  ["authorise", undefined, "~confirm"],
])("%s %s means %s", (verb, particle, meaning) => {
  expect(verbEntry(stem(verb), particle)?.meaning).toBe(meaning);
});

test.each([
  ["add", "remove"],
  ["open", "close"],
  ["lend", "borrow"],
  ["create", "destroy"],
  ["approve", "reject"],
  ["accept", "refuse"],
])("the opposites %s and %s have neither a meaning nor a synset in common", (one, two) => {
  const [left, right] = [verbEntry(stem(one)), verbEntry(stem(two))];
  expect(left?.synsets.filter((synset) => right?.synsets.includes(synset))).toEqual([]);
  const classes = [left, right].map((entry) => VERB_CLASSES.get(entry?.meaning ?? ""));
  if (classes[0] !== undefined) expect(classes[0]).not.toBe(classes[1]);
});

test("words that the table lacks have no entry", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9_=! -]{0,6}$/), (word) => {
      expect(verbEntry(word)).toBeUndefined();
    }),
  );
});

test.each([
  ["spaniel", "dog", true],
  ["clownfish", "fish", true],
  ["dog", "spaniel", false],
  ["dog", "dog", false],
  ["lamp", "dog", false],
  ["xyzzydog", "dog", true],
])("%s is a kind of %s: %s", (kind, thing, is) => {
  expect(isKindOf(stem(kind), stem(thing))).toBe(is);
});

test.each([
  ["clownfish", "fish", true],
  ["sawfish", "fish", true],
  ["unfish", "fish", false],
  ["fish", "fish", false],
  ["fishclown", "fish", false],
  ["aaaox", "ox", false],
])("%s is written with %s: %s", (kind, thing, is) => {
  expect(isCompoundOf(kind, thing)).toBe(is);
});

test.each([
  ["xyzzy", "xyzzy", true],
  ["pupil", "student", true],
  ["pet", "owner", false],
])("%s and %s name the same: %s", (one, two, are) => {
  expect(areKin(stem(one), stem(two))).toBe(are);
});
