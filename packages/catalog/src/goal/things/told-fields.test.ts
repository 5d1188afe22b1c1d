import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { clausesOf } from "../clause.ts";
import { withToldFields } from "./told-fields.ts";

/** The clauses of a goal without what tells their things by fields, and that as `noun: name value` with the fields in documents. */
function toldIn(goal: string, lines: readonly string[]): string[] {
  const catalog = new OperationCatalog([apiOf("rest", ...lines)]);
  const clauses = clausesOf(goal, catalog.verbs);
  const read = withToldFields(clauses, goal, catalog);
  expect(read.map(({ said }) => said)).toEqual(clauses.map(({ said }) => said));
  return read.flatMap(({ written, told = [] }) => [
    written,
    ...told.map(({ noun, said, leaves }) => `${noun}: ${said} (${leaves.join()})`),
  ]);
}

const LOCKERS = [
  "GET /lockers | List lockers | | id colour size=small,very_large floor# note",
  "PATCH /lockers/{lockerId} | Change a locker | note colour floor#",
  "POST /lockers | Add a locker | colour! size=small,very_large",
  "DELETE /lockers/{lockerId} | Remove a locker",
  "POST /lockers/{lockerId}/open | Open a locker | note",
  "GET /keys | List keys | | id code lockerId title dueOn@date",
];

test.each([
  ["Open the locker with the colour red.", "Open the locker", ["colour red (colour)"]],
  [
    "Open the locker with colour Red and floor 3.",
    "Open the locker",
    ["colour Red (colour)", "floor 3 (floor)"],
  ],
  [
    "Open the locker with the colour red and with the floor 3.",
    "Open the locker",
    ["colour red (colour)", "floor 3 (floor)"],
  ],
  [
    "Open the locker of Ada Lovelace with its colour red.",
    "Open the locker of Ada Lovelace",
    ["colour red (colour)"],
  ],
  ["Remove a locker having the colour red.", "Remove a locker", ["colour red (colour)"]],
  ["Remove any locker with the size very large.", "Remove any locker", ["size very large (size)"]],
  ["Remove my old locker with size Very-large.", "Remove my old locker", ["size Very-large (size)"]],
  ["Remove the locker with the serial number 4711.", "Remove the locker", ["serial number 4711 ()"]],
  ['Remove the locker with the engraving "For Ann".', "Remove the locker", ["engraving For Ann ()"]],
  [
    'Set the colour of the locker with the note "early" to blue.',
    "Set the colour of the locker to blue",
    ["note early (note)"],
  ],
  [
    "Change the locker with the floor 3 to the colour blue.",
    "Change the locker to the colour blue",
    ["floor 3 (floor)"],
  ],
  [
    "Remove the locker with the colour red and the key.",
    "Remove the locker and the key",
    ["colour red (colour)"],
  ],
])("%s: the fields tell the locker", (goal, written, told) => {
  expect(toldIn(goal, LOCKERS)).toEqual([written, ...told.map((one) => `locker: ${one}`)]);
});

test("the thing of a clause behind another one is told as well", () => {
  expect(toldIn("Find the keys and remove the locker with the colour red.", LOCKERS)).toEqual([
    "Find the keys",
    "remove the locker",
    "locker: colour red (colour)",
  ]);
});

test.each([
  "Add a locker with the colour red",
  "Remove the locker with the locker number 4711",
  "Remove the locker with number 4711",
  'Open the locker with the engraving "For Ann"',
  "Remove the locker with the engraving Ann",
  'Open the locker with the note "early"',
  "Change the locker with the floor 3",
  "Remove the locker with the red colour",
  "Remove the locker with the colour of the sea",
  "Remove the locker with the colour the",
  "Remove the locker with the colour redder than wine",
  'Remove the locker with the colour "{{colour}}"',
])("%s: no field tells the locker", (goal) => {
  const [written = "", ...told] = toldIn(goal, LOCKERS);
  expect(told).toEqual([]);
  expect(written.replace(/quoted\d/, "")).toBe(goal.replace(/".*"/, ""));
});

const TEAMS = [
  "GET /teams | List teams | | id name musher musherId dogs# dueOn@date startsAt@date-time",
  "DELETE /teams/{teamId} | Remove a team",
];

test.each([
  ["Remove the team with dogs 7", true],
  ["Remove the team with the musher id M7", true],
  ["Remove the team with the musher id Aila", false],
  ["Remove the team with the name Fast", false],
  ["Remove the team with the starts at May", false],
])("%s: other readers read names, days and owners; told: %s", (goal, is) => {
  expect(toldIn(goal, TEAMS).length > 1).toBe(is);
});

const LIST = "GET /lockers | List lockers | | [].id [].floor# [].floorNo# [].phoneNumber";

test.each([
  [
    "Change the locker with the floor 3 to the colour blue",
    "PUT /lockers/{id} | Replace a locker | floor# colour",
  ],
  [
    "Change the locker with the floor 3 to the colour blue",
    "POST /lockers/{id} | Update a locker | floor# colour",
  ],
  [
    "Change a locker with the floor 3 to the colour blue",
    "POST /lockers/{id} | Update a locker | floor# colour",
  ],
  ["Remove the locker with the floor no 3", "DELETE /lockers/{id} | Remove a locker"],
  ["Remove the locker with the phone number 3", "DELETE /lockers/{id} | Remove a locker"],
  ["Add a key for the locker with the floor 3", "POST /keys | Add a key | lockerId!"],
])("%s, by %s: told", (goal, line) => {
  expect(toldIn(goal, [line, LIST])).toHaveLength(2);
});

test.each([
  ["Add a key for the locker with the floor 3", "POST /keys | Add a key | lockerId! floor#"],
  ["Add a key with the floor 3", "POST /keys | Add a key | lockerId!"],
  ["Remove the locker with the id 3", "DELETE /lockers/{id} | Remove a locker"],
])("%s, by %s: not told", (goal, line) => {
  expect(toldIn(goal, [line, LIST, "GET /keys | Keys | | [].id [].floor#"])).toEqual([goal]);
});

test("behind a login a thing is told as well", () => {
  const login = "POST /login | Log in | user! password!@password | token";
  const goal = "Log in and remove the locker with the floor 3";
  expect(toldIn(goal, [login, LIST, "DELETE /lockers/{id} | Remove a locker"])).toEqual([
    "Log in",
    "remove the locker",
    "locker: floor 3 (floor,floorNo)",
  ]);
});
