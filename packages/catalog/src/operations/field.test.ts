import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { bodyField } from "../../test/body-field.ts";
import { InverseDocumentFrequency } from "../words/words.ts";
import {
  availability,
  type Field,
  fieldSimilarity,
  isCount,
  isCursor,
  isLoginName,
  isMoney,
  isNameText,
  isNumeric,
  isOffset,
  isPage,
  isPlace,
  isReference,
  isSearch,
  isSecret,
  isSize,
  isText,
  moneyScale,
  spokenName,
} from "./field.ts";

const field = (name: string, type = "string", more: Partial<ApiField> = {}, context = ""): Field =>
  bodyField(name, { type, ...more }, context);

test.each([
  ["integer", true, false],
  ["number(double)", true, false],
  ["integer[]", false, false],
  ["string", false, true],
  ["string(date)", false, true],
  ["string[]", false, false],
  ["boolean", false, false],
  ["object", false, false],
])("the type %s is a number: %j, a text: %j", (type, number, text) => {
  expect([isNumeric(field("x", type)), isText(field("x", type))]).toEqual([number, text]);
});

const KINDS = {
  reference: isReference,
  count: isCount,
  login: isLoginName,
  name: isNameText,
  place: isPlace,
  secret: isSecret,
  money: isMoney,
  offset: isOffset,
  size: isSize,
  page: isPage,
  cursor: isCursor,
  search: isSearch,
};

test.each<[string, Field, string[]]>([
  ["an id", field("customerId"), ["reference"]],
  ["an id in a list", field("ids", "string[]"), []],
  ["a flag of that name", field("id", "boolean"), []],
  ["a number of that name", field("orderId", "integer"), ["reference"]],
  ["a uuid by its format", field("thing", "string", { format: "uuid" }), ["reference"]],
  ["a code", field("code"), ["reference"]],
  ["a number in words", field("accountNumber"), ["reference"]],
  ["a number with a maximum", field("number", "integer", { maximum: 9 }), []],
  [
    "a number of things",
    field("number", "integer", { description: "How many pieces" }),
    ["reference", "size"],
  ],
  ["a quantity", field("quantity", "integer"), ["count"]],
  ["a quantity with an id's word", field("units", "integer", { description: "per reference" }), ["count"]],
  ["a text of that name", field("quantity"), []],
  ["a text with both words", field("amountCode"), ["reference"]],
  ["a user name", field("userName"), ["login", "name"]],
  ["a login", field("login"), ["login", "name"]],
  ["a title", field("title"), ["name"]],
  ["a path", field("filePath"), ["place"]],
  ["a password", field("password"), ["secret"]],
  ["a password by its format", field("x", "string", { format: "password" }), ["secret"]],
  ["a price", field("unitPrice", "number"), ["money"]],
  ["a limit", field("limit", "integer"), ["size"]],
  ["a limit of money", field("limit", "integer", { description: "in euros" }), ["money"]],
  ["an offset", field("offset", "integer"), ["offset"]],
  ["a place to start at", field("x", "integer", { description: "start at this row" }), ["offset"]],
  ["a text offset", field("offset"), []],
  ["a page", field("page", "integer"), ["page"]],
  ["a page's size", field("pageSize", "integer"), ["size"]],
  ["a page of an offset", field("page", "integer", { description: "pages to skip" }), ["offset"]],
  ["a cursor", field("cursor"), ["cursor"]],
  ["a number of that name", field("cursor", "integer"), []],
  ["a search", field("query"), ["search"]],
  ["a search of choices", field("query", "string", { enum: ["a"] }), []],
  ["a search that follows", field("after", "string", { description: "words to search for" }), ["search"]],
])("%s", (_name, one, kinds) => {
  const found = Object.entries(KINDS).flatMap(([kind, is]) => (is(one) ? [kind] : []));
  expect(found).toEqual(kinds);
});

test.each<[Field, boolean | undefined]>([
  [field("available", "boolean"), true],
  [field("available", "integer"), true],
  [field("available"), undefined],
  [field("soldOut", "boolean"), false],
  [field("soldOut", "integer"), undefined],
  [field("free", "number", { description: "price of it" }), undefined],
  [field("x", "boolean", { description: "whether it can be booked already" }), true],
  [field("color", "boolean"), undefined],
])("%o says of availability: %j", (one, meaning) => {
  expect(availability(one)).toBe(meaning);
});

test.each([
  ["priceInCents", 100],
  ["pence", 100],
  ["price", 1],
])("%s has %d units per unit of money", (name, scale) => {
  expect(moneyScale(field(name, "integer"))).toBe(scale);
});

test.each([
  ["items[].id", "id"],
  ["order.lines[]", "lines"],
  ["name", "name"],
  ["[]", "[]"],
])("the leaf of %s is %s", (name, leaf) => {
  expect(field(name).leaf).toBe(leaf);
});

test("only an unqualified name takes its meaning from the thing around it", () => {
  const weight = (name: string, token: string) => field(name, "string", {}, "ship").nameTokens.get(token);
  expect([weight("id", "ship"), weight("name", "ship"), weight("Title", "ship")]).toEqual([0.8, 0.8, 0.8]);
  expect([weight("color", "ship"), weight("customerId", "ship")]).toEqual([undefined, undefined]);
  // The same field around another thing.
  expect(field("id", "string", {}, "harbour").nameTokens.get("ship")).toBeUndefined();
});

test("words that say what a field is count in full, its purpose a third", () => {
  const { textTokens } = field("x", "string", { description: "The captain, to reach the pier" });
  expect(textTokens.get("captain")).toBe(1);
  expect(textTokens.get("pier")).toBe(0.35);
});

function similarity(input: Field, answer: Field): number {
  const rarity = new InverseDocumentFrequency();
  for (const one of [
    input,
    answer,
    field("color"),
    field("weight", "number", { description: "in kilograms" }),
  ]) {
    rarity.add(one.nameTokens);
    rarity.add(one.textTokens);
  }
  return fieldSimilarity(input, answer, rarity);
}

test("an input takes values of the same name; of a generic name only from the same thing", () => {
  const same = similarity(field("boatId"), field("boatId"));
  expect(same).toBeGreaterThanOrEqual(1);
  expect(similarity(field("boatId"), field("color"))).toBeLessThan(0.45);
  const slug = (answer: string) => similarity(field("id", "string", {}, "article"), field(answer));
  expect(slug("articles[].id")).toBeGreaterThan(slug("comments[].id"));
  expect(slug("articles[].id")).toBeGreaterThanOrEqual(1);
  expect(similarity(field("boatId"), field("boatId", "object"))).toBe(0);
  expect(similarity(field("boatId"), field("boatId", "string[]"))).toBe(0);
  expect(similarity(field("boatId", "integer"), field("boatId"))).toBeCloseTo(0.75 * same, 6);
});

test("a description counts where names differ, and beside a name a little more", () => {
  const captain = { description: "The captain" };
  const described = similarity(field("x1", "string", captain), field("y2", "string", captain));
  expect(described).toBeGreaterThan(0.9);
  const crossed = similarity(field("captain"), field("y2", "string", captain));
  expect(crossed).toBeGreaterThan(0.5);
  expect(crossed).toBeLessThan(described);
  const both = similarity(field("captain", "string", captain), field("captain", "string", captain));
  expect(both).toBeGreaterThan(1.1);
});

test.each<[kind: keyof typeof KINDS, type: string, words: string[]]>([
  [
    "offset",
    "integer",
    "offset, skip, skipped, leave out, start at, starts from, starting with, begin at, begins from, beginning with".split(
      ", ",
    ),
  ],
  [
    "size",
    "integer",
    "how many, limit, size, per page, at a time, at once, at most, page size, number of results, number of items, number of entries, number of rows".split(
      ", ",
    ),
  ],
  ["page", "integer", "page, pages, part, slice, batch, portion".split(", ")],
  [
    "cursor",
    "string",
    "cursor, continue, continuation, go on, goes on, going on, carry on, resume, bookmark, next, after, token, follow, follows, following, where".split(
      ", ",
    ),
  ],
  [
    "search",
    "string",
    "search, word, words, contain, contains, query, keyword, keywords, look for, looking for, term, terms, text to, matching, matches".split(
      ", ",
    ),
  ],
  [
    "place",
    "string",
    "path, paths, filename, file name, file names, filepath, folder, directory, source, destination, location".split(
      ", ",
    ),
  ],
  ["login", "string", "username, user name, login, nickname, nick name, handle, slug".split(", ")],
  ["name", "string", "name, named, called, title, subject, headline, label, caption, topic".split(", ")],
  ["secret", "string", "password, passcode, passphrase, pin, secret, credential".split(", ")],
  ["count", "integer", "how many, how much, quantity, qty, count, pieces, units, amount".split(", ")],
  [
    "reference",
    "string",
    "id, ids, identifier, identifies, uuid, guid, code, reference, ref, slug, handle, unique, key, number, no, sku, isbn".split(
      ", ",
    ),
  ],
])("a %s of the type %s is described by each of %j", (kind, type, texts) => {
  const others = texts.filter((text) => !KINDS[kind](field("x", type, { description: text })));
  expect(others).toEqual([]);
  // A word that only begins or ends so is another one.
  const within = texts.filter((text) => KINDS[kind](field("x", type, { description: `x${text}x` })));
  expect(within).toEqual([]);
});

test.each(["telephone number", "phone number", "mobile number", "cell number", "fax number"])(
  "people have a %s already: it identifies nothing",
  (description) => {
    expect(isReference(field("x", "string", { description }))).toBe(false);
    expect(isReference(field("x", "string", { description: `${description} id` }))).toBe(true);
  },
);

test.each([
  ["value", "price", "price value"],
  ["amount", "price", "price amount"],
  ["min", "price", "price min"],
  ["max", "price", "price max"],
  ["minimum", "price", "price minimum"],
  ["maximum", "price", "price maximum"],
  ["net", "price", "price net"],
  ["gross", "price", "price gross"],
  ["cent_amount", "price", "price cent amount"],
  ["centAmount", "price", "price cent amount"],
  ["units", "price", "price units"],
  ["netto", "price", "netto"],
  ["innet", "price", "innet"],
  ["value", "lamp", "value"],
])("%s of a %s is spoken as %s", (leaf, owner, words) => {
  expect(spokenName(`${owner}.${leaf}`)).toBe(words);
  expect(spokenName(`lines[].${owner}[].${leaf}`)).toBe(words);
  expect(spokenName(leaf)).toBe(spokenName(`[].${leaf}`));
});
