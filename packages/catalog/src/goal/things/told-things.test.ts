import { expect, test } from "vitest";
import { clausesOf } from "../clause.ts";
import { toldThings } from "./told-things.ts";

const told = (goal: string): string[] =>
  clausesOf(goal, new Set())
    .flatMap(toldThings)
    .map(({ text, noun }) => (noun === undefined ? text : `${noun}: ${text}`));

test.each([
  ["Assign Leyla Demir to the hearing K 118/26 for 3 hours.", ["hear: K 118/26", "Leyla Demir"]],
  ["Cancel the booking C-1001 of Omar Haddad.", ["book: C-1001", "Omar Haddad"]],
  ["Cancel Samir Haddad's assignment.", ["Samir Haddad"]],
  ["Delete hearing 22.", ["hear: 22"]],
  ['Publish the essay "On rain".', ["essai: On rain"]],
  ["Set the rate of the guide Ines Duarte to 90.", ["guid: Ines Duarte"]],
  ["Cancel K 118/26-7.", ["K 118/26-7"]],
  ["Cancel booking 12.", ["book: 12"]],
  ["Send Ann's order 5 to Bob.", ["Ann", "Bob", "order: 5"]],
  ["Open the Snow queen.", ["Snow"]],
  ["Add a boat.", []],
  ['Reply "Thanks".', []],
  ["Reserve 30 seats on 14 January 2027.", []],
])("%s", (goal, expected) => {
  expect(told(goal)).toEqual(expected);
});

test.each([
  ["Pay no. 7", [{ text: "7", noun: undefined, preposition: "", isNumber: true, said: "number 7" }]],
  [
    "Cancel Samir Haddad’s trip with Samir Haddad",
    [{ text: "Samir Haddad", noun: undefined, preposition: "of", isNumber: false, said: "Samir Haddad" }],
  ],
  [
    "Assign it to Leyla Demir as driver",
    [{ text: "Leyla Demir", noun: "driver", preposition: "to", isNumber: false, said: "Leyla Demir" }],
  ],
])("%s: with what stands before it", (goal, things) => {
  expect(clausesOf(goal, new Set()).flatMap(toldThings)).toEqual(things);
});

test("the value of a field that tells a thing is one that it is called by", () => {
  const [clause] = clausesOf("Open the locker", new Set());
  if (clause === undefined) throw new Error("there is no clause");
  const field = { noun: "locker", name: "colour", leaves: ["colour"], value: "red", said: "colour red" };
  expect(toldThings({ ...clause, told: [field] })).toEqual([
    { text: "red", noun: undefined, preposition: "with", isNumber: false, said: "red" },
  ]);
});
