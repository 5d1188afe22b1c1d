import fc from "fast-check";
import { expect, test } from "vitest";
import { stem } from "../words/words.ts";
import { clausesOf, onlyChooses } from "./clause.ts";

const NONE: ReadonlySet<string> = new Set();
const texts = (goal: string, known = NONE) => clausesOf(goal, known).map(({ text }) => text);
const verbs = (goal: string) => clausesOf(goal, NONE).map(({ verb }) => verb);

test("a goal is cut at marks, at then, and at and before a verb", () => {
  expect(texts("Log in, find a lamp under $49.99; add it and then pay. Log out!")).toEqual([
    "Log in",
    "find a lamp under $49.99",
    "add it",
    "pay",
    "Log out",
  ]);
});

test("what has no verb belongs to the clause before it", () => {
  expect(texts("Log in with name and password, find a lamp, one under $50, and a shade")).toEqual([
    "Log in with name and password",
    "find a lamp one under $50 and a shade",
  ]);
});

test("a verb that only the API knows is a verb too", () => {
  const goal = "Log in and frobnicate the lamp";
  expect(texts(goal)).toHaveLength(1);
  expect(texts(goal, new Set([stem("frobnicate")]))).toEqual(["Log in", "frobnicate the lamp"]);
});

test("verbs are understood in several words", () => {
  expect(verbs("Sign in, look for a lamp, put it into the cart, place an order, end the session.")).toEqual([
    "~login",
    "~find",
    "~add",
    "~buy",
    "~logout",
  ]);
  expect(verbs("Authenticate, browse the lamps, order one, leave")).toEqual([
    "~login",
    "~find",
    "~buy",
    "~logout",
  ]);
});

test("before and after tell the order", () => {
  expect(texts("Before logging out, check the cart")).toEqual(["check the cart", "Before logging out"]);
  expect(texts("Check the cart before logging out")).toEqual(["Check the cart", "logging out"]);
});

test("introductions and prohibitions ask for nothing", () => {
  const clauses = clausesOf("You are a student. Log in. Do not spend more than $20.", NONE);
  expect(clauses.map(({ active }) => active)).toEqual([false, true, false]);
  expect(clauses[2]?.bounds).toMatchObject([{ side: "max", value: 20, money: true }]);
});

test("behind a headline stands what is to be done", () => {
  const clauses = clausesOf("Buy a lamp for at most $20: log in, find a lamp, pay", NONE);
  expect(clauses.map(({ active }) => active)).toEqual([false, true, true, true]);
  expect(clauses[0]?.bounds).toMatchObject([{ side: "max", value: 20 }]);
});

test("quoted text is kept whole, whatever stands in it", () => {
  const [clause, ...others] = clausesOf('Comment on it with "Wait, then log out and 5 more"', NONE);
  expect(others).toEqual([]);
  expect(clause?.quoted).toEqual(["Wait, then log out and 5 more"]);
  expect(clause?.amounts).toEqual([]);
});

test("choosing is told from looking", () => {
  const [pick, find] = clausesOf("Pick the cheapest, find another", NONE);
  expect(pick !== undefined && onlyChooses(pick)).toBe(true);
  expect(find !== undefined && onlyChooses(find)).toBe(false);
  expect(find?.another).toBe(true);
});

test("any text can be cut", () => {
  fc.assert(
    fc.property(fc.string(), (goal) => {
      for (const clause of clausesOf(goal, NONE))
        expect(clause.text.length).toBeLessThanOrEqual(goal.length * 2 + 2);
    }),
  );
});

test.each([
  ["Open a new topic", "~create"],
  ['Start a thread called "Tyres"', "~create"],
  ["Leave the comment", "~create"],
  ["Leave the shop", "~logout"],
  ["Leave", "~logout"],
  ["Open the topic", undefined],
  ['Open the topic "Tyres"', undefined],
])("%s has the meaning %s", (goal, verb) => {
  expect(verbs(goal)).toEqual([verb]);
});

test("a name behind a preposition ends before a day", () => {
  const [clause] = clausesOf("Move it to Lyon tomorrow for Anna Berg on Friday", NONE);
  expect(clause?.names).toEqual([
    { text: "Lyon", preposition: "to" },
    { text: "Anna Berg", preposition: "for" },
  ]);
});

test("a leave request is made and is no sign-out", () => {
  expect(verbs("Create a leave request, then leave")).toEqual(["~create", "~logout"]);
});

test("like is a verb before what is liked, and a wish before to", () => {
  expect(texts("Make a discussion, like it and erase it")).toEqual([
    "Make a discussion",
    "like it",
    "erase it",
  ]);
  expect(texts("I would like to find a lamp")).toEqual(["I would like to find a lamp"]);
});

test.each([
  ["Log in and paint plot B1", "paint plot B1", "paint"],
  ["Sign in and upgrade bookings", "upgrade bookings", "upgrad"],
  ["Upgrade booking KX42 to first class", "Upgrade booking KX42 to first class", "upgrad"],
  ["Look at the plots and paint plot B1", "paint plot B1", "paint"],
])("what is asked for at the beginning, or of a thing with a code, has a verb: %s", (goal, text, lead) => {
  const last = clausesOf(goal, NONE).at(-1);
  expect([last?.text, last?.lead, last?.active]).toEqual([text, lead, true]);
});

test.each(["Guest buys a lamp", "Log in with name and password", "Loan 12"])(
  "a noun at the beginning is no verb: %s",
  (goal) => {
    expect(clausesOf(goal, NONE)).toHaveLength(1);
    expect(clausesOf(goal, NONE)[0]?.lead ?? "~login").toBe("~login");
  },
);

test.each([
  ["apply for plot B7, I have been waiting since May", ["apply for plot B7, I have been waiting since May"]],
  ["apply for plot B7, because it is close", ["apply for plot B7, because it is close"]],
  ["claim the hat, my name is Al Rehm, it has a brim", ["claim the hat, my name is Al Rehm, it has a brim"]],
  ["claim the hat, it was lost, and log out", ["claim the hat, it was lost", "log out"]],
  ["complain that it was late, e-mail al@example.org", ["complain that it was late, e-mail al@example.org"]],
])("causes, and what was or has been, are no wishes: %s", (goal, parts) => {
  expect(texts(goal)).toEqual(parts);
});

test("what is said besides is no thing that is acted on", () => {
  const nouns = (goal: string) => clausesOf(goal, NONE).map(({ object }) => [...object.nouns.keys()]);
  expect(nouns("claim the red hat, my name is Al Rehm")).toEqual([["red", "hat"]]);
  expect(nouns("cancel the visit because the dog is ill")).toEqual([["visit"]]);
  expect(nouns("keep the drill longer, until 9 May")).toEqual([["drill"]]);
});

test.each(["tell me its price", "inform us of the price"])("%s only shows it", (goal) => {
  expect(verbs(goal)).toEqual(["~show"]);
});

test.each([
  ["Quote Ada Wyss", ["quot"]],
  ["Then also quote back Ada Wyss", ["quot"]],
  ["Paint plot B1", ["paint ~create"]],
  ["Then please paint plot B1-C and go", ["paint ~create"]],
  ["Finally paint out order no. 3", ["paint ~create"]],
  ["Paint order #3", ["paint ~create"]],
  ["Postpone order 3", ["postpon"]],
  ["Which boats are free?", ["find ~find"]],
  ["And how many boats are there?", ["list ~find"]],
  ["But where is the boat", ["find ~find"]],
  ["Are there boats?", ["find ~find"]],
  ["There are boats", [""]],
  ['Note "closed" on it', ["note"]],
  ['Please comment "closed" on the boat', ["comment"]],
  ["Find a boat and book it before noon", ["find ~find", "book ~reserve"]],
  ["Find a boat, but log out", ["find ~find", "~logout ~logout"]],
  ["Log in as Ann and boat", ["~login ~login"]],
  ["Make it public", ["make ~update"]],
])("%s: the verbs are %j", (goal, verbs) => {
  const said = clausesOf(goal, new Set()).map(({ lead = "", verb = "" }) => `${lead} ${verb}`.trim());
  expect(said).toEqual(verbs);
});

test("amounts of money are no words of a clause", () => {
  const [clause] = clausesOf("Pay €40.50 for 3 boats", new Set());
  expect(Object.fromEntries(clause?.weights ?? [])).toEqual({ pai: 0.6, "~buy": 2, boat: 1 });
});
