import { join } from "node:path";
import { expect, test } from "vitest";
import { saidByClause } from "../../test/goal-reading.ts";
import { stem } from "../words/words.ts";
import { asksForAction, clausesOf, clauseText, fetches, joined, onlyChooses } from "./clause.ts";

/** Goals by kind, each with forms just inside and just outside of a rule. */
const GOALS: Readonly<Record<string, readonly string[]>> = {
  "where a goal is cut": [
    "Log in, find a lamp; buy it! Log out.",
    "Find a lamp under 1,250 dollars, buy it",
    "Find a lamp, then buy it, after that pay it, finally log out",
    "Find a lamp and then, buy it, afterwards pay it, eventually log out",
    "Find a lamp after which you buy it, lastly log out",
    "Buy it at 14:30, book it: now",
    "Buy a lamp: log in, find one, pay",
    "Buy a lamp. Note: log in, find one",
    "Buy a lamp: a red one",
    "Find a lamp and a shade and buy them but pay nothing while logging in",
    "Before you pay, look at it",
    "Log in. Before you pay, look at it",
    "Log in, and before you pay, look at it",
    "Look at it before you pay",
    "before it is paid",
    "a lamp and a shade",
    "",
  ],
  "questions, and numbers that are made others": [
    "Which boats are free? Hire one",
    "How many boats are there?",
    "How boats are hired",
    "Whatever boat is free",
    "Is there a boat? Are there boats?",
    "and who has it?",
    "But where is it?",
    "Now which boat is it?",
    "Reserve 3 seats, make it 4",
    "Reserve 3 seats, then make it 4 please",
    "Reserve 3 seats, please change that to 4!",
    "Reserve 3 seats, later also turn them into five",
    "Reserve 3 seats for 2 nights, make it 4",
    "Reserve 3 and pay, make it 4",
    "Reserve 3 seats, make it 4 seats",
    "Reserve 3 seats, make it four seats",
    "Make sure 4 seats",
    "Make certain",
    "Order Rex: 31.5 kg",
    "Weigh it: 31.5 kg",
    "Change its price to 4, then lower it to 3",
    "Change our daily price to 4, then lower it to 3",
    "Change the price list of today to 4, then lower it to 3",
    "Change the price, then lower it to 3",
    "Find the price to 4, then lower it to 3",
    "It celebrates and we pay",
    "It is nice and we celebrate it, and they book it",
    "Wait while it loads and then book it",
  ],
  "what asks for nothing": [
    "You are a student",
    "Do not log out",
    "please do not pay",
    "Don't buy it",
    "dont buy it",
    "Never buy it",
    "but no lamps",
    "Nothing else",
    "Avoid lamps",
    "without paying",
    "Not now, buy it later",
    "Wait for it",
    "Go to the shop",
    "Use the lamp",
    "Do it",
    "Track it",
    "Download the label",
    "Visit the shop",
    "Finish it",
    "Take it",
  ],
  "verbs by what follows": [
    "remark on it",
    "file a ticket",
    "celebrate with cake",
    "celebrated with cake",
    "weekly with cake",
    "frobnicate it",
    "frobnicate the lamp",
    "quickly it",
    "within it",
    "quote Ada Wyss",
    "then quote Ada Wyss",
    "quote ada",
    "like it",
    "I would like to find a lamp",
    "like each of them",
    "the reservation of a lamp",
    "make sure it is paid",
    "make certain of it",
    "make it cheap to send",
    "make it public",
    "make it not public",
    "make a list",
    "call the booking off",
    "call it off again",
    "call off the booking",
    "look it up",
    "check it out",
    "check in",
  ],
  "verbs with a meaning of their own here": [
    "order it",
    "Open a new topic",
    "open new topics",
    "open some new topic",
    "open the topic",
    'open a topic called "Hi"',
    'open the topic "Hi"',
    "starting another new thread",
    "begin a brand new thread",
    "begun a new thread",
    "report a damage",
    "report the total",
    "reporting an issue",
    "leave the comment",
    "leaves this comment",
    "leave the shop",
    "leave the meeting",
    "leave a comment",
    "leave",
    "choose the lamp",
    "picking a lamp",
    "select one",
  ],
  "what something is": [
    "find a lamp in stock",
    "find available lamps",
    "find a lamp that is not sold out",
    "find a lamp on the shelf",
    "find a lamp still to be had",
    "check your orders",
    "check your last orders",
    "check the boss",
    "list all lamps",
    "show every lamp",
    "show the lamp",
    "show another lamp",
    "show a second lamp",
    "show a different lamp",
    "show some other lamp",
    "have it weighed",
    "have a vet look at it",
    "mark it as done",
    "mark it as not done",
    "set it to 7",
    "lower its limit to 5, lower it to 3",
    "change its limit to 5, raise it to 7",
    "change its door colour to red, set it to blue",
    "pay 20 euros",
  ],
};

test("clauses of goals of each kind, as they were reviewed", async () => {
  const known = new Set(["frob"].map(stem));
  const texts = Object.entries(GOALS).flatMap(([kind, goals]) => [
    `# ${kind}`,
    ...goals.flatMap((goal) => [
      `${JSON.stringify(goal)}`,
      ...clausesOf(goal, known).map((clause) => {
        const traits = [
          ...(onlyChooses(clause) ? ["only chooses"] : []),
          ...(fetches(clause) ? ["fetches"] : []),
          ...(asksForAction(clause) ? [] : ["asks for nothing"]),
        ];
        const weights = [...clause.weights].map(([token, weight]) => `${token}:${weight}`).join(" ");
        return `  ${[saidByClause(clause), ...traits].join("; ")}\n    ${weights}`;
      }),
    ]),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/clause-kinds.txt"),
  );
});

test("a joined clause has what both say; where only one can hold, the first one counts", () => {
  const [one, two] = clausesOf(
    'Find the cheapest lamp called "A" under $9 for 3 days on 2031-01-02 at 10:00 for Ada, then look for another available one, the dearest, called "B" over 5 euros, for 4 nights, 2 by 3 m, on 2031-01-03 at 11:00 for Eve',
    new Set(),
  );
  if (one === undefined || two === undefined) throw new Error("there are two");
  const both = joined(one, two);
  expect(both.text).toBe(`${one.text} ${two.text}`);
  expect(clauseText(both)).toBe(`${clauseText(one)}, ${clauseText(two)}`);
  for (const name of ["bounds", "amounts", "sizes", "quoted", "labels", "names", "dates", "times"] as const)
    expect(both[name]).toEqual([...one[name], ...two[name]]);
  expect(both.quoted).toEqual(["A", "B"]);
  expect(both.extreme).toEqual(one.extreme);
  expect(joined({ ...one, extreme: undefined }, two).extreme).toEqual(two.extreme);
  expect(both.currency).toBe("USD");
  expect(joined({ ...one, currency: undefined }, two).currency).toBe("EUR");
  expect([both.available, both.another]).toEqual([true, true]);
  expect(joined(one, one)).toMatchObject({ available: false, another: false });
  expect(joined(two, one)).toMatchObject({ available: true, another: true, verb: two.verb });
});
