import { expect, test } from "vitest";
import { firstClause } from "../../../test/first-clause.ts";
import { numberedThings } from "./numbered-thing.ts";
import { matchName, nameBegun, nameOf, nameOfNumber, nameOfPoint, thingNamed } from "./thing-name.ts";

const named = (goal: string) => thingNamed(firstClause(goal, ["drop", "scrap", "moor", "propos"]));

test.each([
  ["Scrap the Kilim", "Kilim", "Kilim", false],
  ["Scrap the Snow queen", "Snow", "Snow queen", false],
  ['Drop the target "SS Cyg"', "SS Cyg", "SS Cyg", false],
  ["Cancel booking RD5001 again", "RD5001", "RD5001", false],
  ["Moor at berth C2", "C2", "C2", false],
  ["Propose a treatment of the Altar cloth", "Altar", "Altar cloth", true],
  ["Change the location of the Kilim to store C", "Kilim", "Kilim", true],
  ["Change the Kilim's location to store C", "Kilim", "Kilim", true],
  ["Get rid of the Silk banner", "Silk", "Silk banner", false],
  ["Open ticket HD-1042", "HD-1042", "HD-1042", false],
  ["Cancel the treatment of the carpet Kilim", "Kilim", "Kilim", true],
  ["Open Ada’s page", "Ada", "Ada", true],
  ["Cancel the booking KX42P of Tessa Brandt", "KX42P", "KX42P", false],
  ["Search the pages for Ann", "Ann", "Ann", false],
  ['Scrap the booking with the case number "K 240/26"', "K 240/26", "K 240/26", false],
  ["Scrap the booking with reference RX-7", "RX-7", "RX-7", false],
  ["Check that SM-02 is online", "SM-02", "SM-02", false],
  ["Scrap board A/7 (old)", "A/7", "A/7", false],
  ["Scrap board é5", "é5", "é5", false],
  ["Scrap board 5fghi", "5fghi", "5fghi", false],
  ["Open Tanner's Row 4", "Tanner's Row 4", "Tanner's Row 4", false],
  ["Moor at Gull’s Rest", "Gull’s Rest", "Gull’s Rest", false],
  ["Moor at Ada Birk's Heron", "Ada Birk", "Ada Birk", true],
])("%s: acts on %s", (goal, text, whole, of) => {
  expect(named(goal)).toMatchObject({ text, whole, of });
});

test.each([
  "Scrap it",
  "Scrap a kiln",
  "Buy a French lamp",
  "Scrap the oldest kiln in Basel",
  "Add 3 lamps",
  'Rename it to "Kilim"',
  "Book a room on 3 May 2027",
  'Scrap the kiln "{{kiln}}"',
  "Scrap another board Plan",
  "Scrap the 3 boards",
  "Reserve the table for Ann",
  "Tell the keeper that Rex limps",
  "Note that Rex limps",
  "Scrap a booking with reference RX-7",
  "Scrap the booking with reference RX",
  'Scrap the booking with the key "{{k}}"',
  "Scrap all Basel boards",
  "Scrap I",
  "Scrap the 3-day Plan",
  "Scrap the board Plan 3 May",
  "Scrap the 1st",
  "Scrap the 2x",
  "Scrap the 40%",
  "Scrap the 40kg",
  "Scrap the board called",
  "Scrap the very old little blue broken board Plan",
  "Go",
])("%s: calls the thing by no name", (goal) => {
  expect(named(goal)).toBeUndefined();
});

const KILIM = { text: "Kilim", whole: "Kilim", nouns: [], of: false };
const SNOW = { text: "Snow", whole: "Snow queen", nouns: [], of: false };

test.each([
  ["Kilim", KILIM, 3],
  ["kilim", KILIM, 3],
  ["Old kilim rug", KILIM, 1],
  ["Kilims", KILIM, 0],
  ["Silk banner", KILIM, 0],
  ["", KILIM, 0],
  ["Snow queen", SNOW, 3],
  ["Snow", SNOW, 2],
  ["Snow queen, large", SNOW, 1],
  ["Snow White", SNOW, 0],
  ["Tudor queen", SNOW, 0],
] as const)("%s as a name of %o", (text, name, match) => {
  expect(matchName(text, name, `scrap the ${name.whole}`)).toBe(match);
});

test.each([
  ["Scrap the old sailing boat Sea Otter", ["old", "sail", "boat"]],
  ["Scrap the Sea Otter", []],
  ["Cancel a treatment of the carpet Kilim", ["carpet"]],
])("%s: the nouns before the name are %j", (goal, nouns) => {
  expect(named(goal)?.nouns).toEqual(nouns);
});

test.each<[text: string, said: string, match: number]>([
  ["Snow", "open the Snowy queen", 0],
  ["The Snow queen returns", "", 1],
  ["The Snow returns", "", 0],
])("%j in %j: %i", (text, said, match) => {
  expect(matchName(text, SNOW, said)).toBe(match);
});

test("words for such things may stand behind any name", () => {
  const rug = { ...KILIM, whole: "Kilim rug" };
  expect(matchName("Kilim from Konya", rug, "scrap the Kilim rug")).toBe(0);
  expect(matchName("Kilim from Konya", rug, "scrap the Kilim rug", (word) => word === "rug")).toBe(1);
});

test.each("rid off up out down back away for at on of in to over through".split(" "))(
  "%s stands right behind a verb",
  (word) => {
    expect(named(`Scrap ${word} the Kilim`)).toMatchObject({ text: "Kilim", of: false });
  },
);

test.each(
  "to in on at with from into onto by as under over below above about after before until within without via through between than and or but so which who where when if while using".split(
    " ",
  ),
)("the thing ends before %s", (word) => {
  expect(named(`Scrap the kiln ${word} Kilim`)?.text).not.toBe("Kilim");
});

test.each("the this that these those my our your its their his her".split(" "))(
  "%s stands before a thing with a name",
  (word) => {
    expect(named(`Scrap ${word} kiln Kilim`)).toMatchObject({ text: "Kilim" });
  },
);

test.each("a an another one some any no every each all".split(" "))("%s has no name behind it", (word) => {
  expect(named(`Scrap ${word} kiln Kilim`)).toBeUndefined();
});

test.each([
  ["Scrap ticket HD-1042.", "HD-1042"],
  ["Scrap ticket 7/B", "7/B"],
  ["Scrap ticket A_1", "A_1"],
  ["Scrap ticket 1042", undefined],
  ["Scrap ticket 7st", undefined],
  ["Scrap ticket 7nd", undefined],
  ["Scrap ticket 7rd", undefined],
  ["Scrap ticket 7th", undefined],
  ["Scrap ticket 7abcd", "7abcd"],
  ["Scrap ticket hd+1", undefined],
  ["please also scrap the Kilim!", "Kilim"],
  ["Scrap the Kilim?", "Kilim"],
  ["Scrap the Kilim)", "Kilim"],
])("%s acts on %s", (goal, text) => {
  expect(named(goal)?.text).toBe(text);
});

test.each([
  ["Scrap the theatre kiln Kilim", ["theatr", "kiln"]],
  ["Scrap the lathe kiln Kilim", ["lath", "kiln"]],
  ["Scrap the anvil kiln Kilim", ["anvil", "kiln"]],
  ["Scrap the sofa kiln Kilim", ["sofa", "kiln"]],
  ["Scrap the towel kiln Kilim", ["towel", "kiln"]],
  ["Scrap the photo kiln Kilim", ["photo", "kiln"]],
  ["Scrap office kiln Kilim", ["offic", "kiln"]],
  ["Scrap photo kiln Kilim", ["photo", "kiln"]],
  ["Scrap the old red oak kiln Kilim", ["old", "red", "oak", "kiln"]],
])("%s: a noun is no word that it begins or ends with", (goal, nouns) => {
  expect(named(goal)).toMatchObject({ text: "Kilim", nouns });
});

test("a text or a number is a name by itself", () => {
  expect(nameOf("Kilim")).toEqual({ text: "Kilim", whole: "Kilim", nouns: [], of: false });
  const numbers = ["Scrap ticket no. 42", "Scrap #7"].flatMap((goal) => numberedThings(firstClause(goal)));
  expect(numbers.map(nameOfNumber)).toEqual([
    { text: "42", whole: "ticket 42", nouns: ["ticket"], of: false, numbered: numbers[0] },
    { text: "7", whole: "number 7", nouns: [], of: false, numbered: numbers[1] },
  ]);
});

test.each([
  ["Scrap the Ada Lovelace’s kiln", "Ada Lovelace"],
  ["Scrap the Smiths", "Smiths"],
  ["Scrap the kiln I saw", undefined],
  ["Scrap the May 3, 2031", undefined],
  ["Scrap the Iris", "Iris"],
])("%s: names %s", (goal, text) => {
  expect(named(goal)?.text).toBe(text);
});

test.each([
  ['Move the hearing with case number "K 240/26" to 16 December 2026', "K 240/26"],
  ["Change the order with the reference RX-7 to paid", "RX-7"],
  ['Cancel the visit with the name "Ada"', "Ada"],
  ['Make a room with the name "Ada"', undefined],
  ['Create the room with the colour "red"', undefined],
])("what is said to be a number, a code or a name tells which one it is: %s", (goal, name) => {
  expect(thingNamed(firstClause(goal))?.text).toBe(name);
});

test("a text may begin with a name, and the words before it say what that is of", () => {
  expect(nameBegun("Snow queen opens", ["old", "", "ships"])).toEqual({
    text: "Snow",
    whole: "Snow queen opens",
    nouns: ["old", "ship"],
    of: false,
  });
  expect(nameBegun("Ada Lovelace to Bob", [])).toEqual(nameOf("Ada Lovelace"));
  expect(nameBegun("the ship", ["old"])).toBeUndefined();
});

test("a day may tell a thing", () => {
  const point = { text: "3 May", value: "2027-05-03", label: "on" };
  expect(nameOfPoint(point)).toEqual({ ...nameOf("3 May"), of: true, point });
});
