import { expect, test } from "vitest";
import { clausesOf } from "../clause.ts";
import { matchName, type ThingName, thingNamed } from "./thing-name.ts";

const named = (goal: string): ThingName | undefined => {
  const [clause] = clausesOf(goal, new Set(["treat", "appli"]));
  if (clause === undefined) throw new Error("no clause");
  return thingNamed(clause);
};

test.each<[goal: string, text: string, whole: string, nouns: string[], of: boolean]>([
  ['Delete the board "Plan B"', "Plan B", "Plan B", ["board"], false],
  ['Delete "Plan B"', "Plan B", "Plan B", [], false],
  ["Delete the Snow queen", "Snow", "Snow queen", [], false],
  [
    "Then please delete the old sailing boat Sea Otter",
    "Sea Otter",
    "Sea Otter",
    ["old", "sail", "boat"],
    false,
  ],
  ["Apply for the course Yoga", "Yoga", "Yoga", ["cours"], false],
  ["Get rid of the Kilim rug", "Kilim", "Kilim rug", [], false],
  ["Open ticket HD-1042", "HD-1042", "HD-1042", ["ticket"], false],
  ["Cancel the treatment of the Kilim", "Kilim", "Kilim", [], true],
  ["Cancel a treatment of the Kilim", "Kilim", "Kilim", [], true],
  ["Cancel the treatment of the carpet Kilim", "Kilim", "Kilim", ["carpet"], true],
  ["Open Ada’s page", "Ada", "Ada", [], true],
])("%s names %s", (goal, text, whole, nouns, of) => {
  expect(named(goal)).toEqual({ text, whole, nouns, of });
});

test.each([
  "Delete the board",
  "Delete a Kilim",
  "Delete another board Plan",
  'Delete the board "{{board}}"',
  "Delete the 3 boards",
  "Delete the 1st",
  "Delete the 2x",
  "Delete the 40%",
  "Delete the 40kg",
  "Delete the board in Basel",
  "Delete the board called",
  "Delete the very old little blue broken board Plan",
  "Open the ticket 7b",
  "Delete what I made",
  "Go",
  "Move it to 3 May 2031",
])("%s names no thing", (goal) => {
  expect(named(goal)).toBeUndefined();
});

test.each<[text: string, name: string, whole: string, said: string, match: number]>([
  ["Snow queen", "Snow", "Snow queen", "", 3],
  ["snow QUEEN", "Snow", "Snow queen", "", 3],
  ["Snow", "Snow", "Snow queen", "Open the Snow queen", 2],
  ["Snow", "Snow", "Snow queen", "Open the Snowy queen", 0],
  ["The Snow queen returns", "Snow", "Snow queen", "", 1],
  ["The Snow returns", "Snow", "Snow queen", "", 0],
  ["The Snow returns", "Snow", "Snow rug", "", 1],
  ["Snowy", "Snow", "Snow", "", 0],
  ["Old Snow", "Snow", "Snow", "", 1],
  ["", "Snow", "Snow", "Snow", 0],
  ["Snow", "", "", "Snow", 0],
  ["Rain", "Snow", "Snow", "Rain", 0],
])("%j is the name %j (%j) in %j: %i", (text, name, whole, said, match) => {
  const thing = { text: name, whole, nouns: [], of: false };
  expect(matchName(text, thing, said, (stem) => stem === "rug")).toBe(match);
});

test("without words for such things nothing may stand behind a name", () => {
  const thing = { text: "Snow", whole: "Snow rug", nouns: [], of: false };
  expect(matchName("The Snow returns", thing, "")).toBe(0);
});
