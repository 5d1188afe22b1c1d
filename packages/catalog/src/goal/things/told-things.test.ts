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
  ["Add a boat.", []],
  ['Reply "Thanks".', []],
  ["Reserve 30 seats on 14 January 2027.", []],
])("%s", (goal, expected) => {
  expect(told(goal)).toEqual(expected);
});
