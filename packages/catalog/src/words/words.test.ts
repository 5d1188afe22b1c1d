import { expect, test } from "vitest";
import { InverseDocumentFrequency, lastWord, plain, stem, tokens, weightedTokens } from "./words.ts";

test("names and sentences come to the same words", () => {
  expect(plain("memberNumber")).toBe("member number");
  expect(plain("unit_price-USD")).toBe("unit price usd");
  expect(plain("the customer's cart")).toBe("the customer cart");
});

test.each([
  ["Logs a customer in with a password", "~login"],
  ["Sign-in", "~login"],
  ["signed out", "~logout"],
  ["Closes the current session", "~logout"],
  ["checkout", "~buy"],
  ["checks out", "~buy"],
  ["Takes all pieces out of the cart", "~remove"],
  ["cancelling", "~remove"],
  ["bookings", "~reserve"],
  ["basket", "~cart"],
])("%s means %s", (text, meaning) => {
  expect(tokens(text)).toContain(meaning);
});

test("signing in is not taken for signing out over the words between", () => {
  expect(tokens("Sign out in the morning")).toContain("~logout");
  expect(tokens("Sign out in the morning")).not.toContain("~login");
});

test("rare words make texts more alike than common ones", () => {
  const rarity = new InverseDocumentFrequency();
  for (const text of ["id of the lamp", "id of the shade", "id of the bulb"])
    rarity.add(weightedTokens(text));
  const lamp = weightedTokens("the lamp");
  expect(rarity.likeness(lamp, weightedTokens("id of the lamp"))).toBeGreaterThan(
    rarity.likeness(lamp, weightedTokens("id of the shade")),
  );
  expect(rarity.likeness(lamp, lamp)).toBeCloseTo(1);
  expect(rarity.likeness(lamp, new Map())).toBe(0);
});

test.each([
  ["bookARoom", "book a room"],
  ["HTMLPage", "html page"],
  ["userIDs", "user ids"],
  ["OAuthToken", "oauth token"],
])("%s is %s", (name, words) => {
  expect(plain(name)).toBe(words);
});

test.each([
  ["lineItem", "item"],
  ["line_items", "items"],
  ["lamp", "lamp"],
  ["the red lamp's shade.", "shade"],
  ["", ""],
])("the last word of %j is %j", (name, word) => {
  expect(lastWord(name)).toBe(word);
});

test.each(["menu", "guru", "emu", "gnu", "bayou", "caribou"])("%ss are several", (word) => {
  expect(stem(`${word}s`)).toBe(stem(word));
});

test.each(["status", "campus", "bus", "bonus", "virus"])(
  "a %s is one, and not several of another word",
  (word) => {
    expect(stem(word)).toBe(stem(`${word}es`));
    expect(stem(word)).not.toBe(stem(word.slice(0, -1)));
  },
);

test.each(
  ["", "s", "ed", "ing", "ite", "ites", "ited", "iting", "able", "ful", "er", "ers", "y"].map((end) => [
    `favour${end}`,
    `favor${end}`,
  ]),
)("%s is %s", (british, american) => {
  expect(stem(british)).toBe(stem(american));
});

test.each(["our", "four", "hour", "tour", "ours"])("%s is written so everywhere", (word) => {
  expect(stem(word)).not.toBe(stem(word.replace("our", "or")));
});

test.each([
  ["organise", "organize"],
  ["organises", "organizes"],
  ["organised", "organized"],
  ["organising", "organizing"],
])("%s is %s", (british, american) => {
  expect(stem(british)).toBe(stem(american));
});

test.each([
  ["rise", "rize"],
  ["raise", "raize"],
  ["wises", "wizes"],
  ["organisation", "organization"],
])("%s is not %s", (one, other) => {
  expect(stem(one)).not.toBe(stem(other));
});

test.each([
  ["aBook", "a book"],
  ["bookA", "book a"],
  ["XMLHttp", "xml http"],
  ["userID", "user id"],
  ["lamp's shades' cord", "lamp shades cord"],
  ["the lamp’s shade", "the lamp shade"],
  ["  A--b__c.7 ", "a b c 7"],
  ["v2Lamp", "v2 lamp"],
])("%j in plain words is %j", (name, words) => {
  expect(plain(name)).toBe(words);
});
