import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { clausesOf } from "../clause.ts";
import { asChanges } from "./as-changes.ts";

/** The clauses of a goal in the words that they are read in, with the text that each has in quotation marks. */
function wordsOf(goal: string, lines: readonly string[]): string[] {
  const catalog = new OperationCatalog([apiOf("rest", ...lines)]);
  const clauses = clausesOf(goal, catalog.verbs);
  const read = asChanges(clauses, catalog);
  expect(read.map(({ said }) => said)).toEqual(clauses.map(({ said }) => said));
  return read.map(({ written, quoted }) => written.replace(/quoted\d+/, JSON.stringify(quoted[0])));
}

const CLINIC = [
  "PATCH /animals/{animalId} | Change an animal | weightKg# notes keeperId shelter",
  "GET /animals | List animals | | id name weightKg notes",
  "POST /animals | Add an animal | name! lengthCm#",
  "GET /keepers | List keepers | | id name",
];

test.each([
  ["Record that Bello weighs 7.8 kg.", "set the weight of Bello to 7.8 kg"],
  ["Record that Bello's weight is 8 kg.", "set the weight of Bello to 8 kg"],
  ["Note that Bello limps.", 'set the note of Bello to "Bello limps"'],
  ["Record that it leaks.", 'set its note to "it leaks"'],
  ['Put a note "limps" on Bello.', 'set the note of Bello to "limps"'],
  ['Attach the comment "limps" to it.', 'set its note to "limps"'],
  ['Attach the label "limps" to Bello.', 'Attach the label "limps" to Bello'],
  ["Assign Amelie Roux to Bello.", "set the keeper of Bello to Amelie Roux"],
  ["Please assign Amelie Roux to the animal Bello.", "set the keeper of the animal Bello to Amelie Roux"],
  ['Allocate "Amelie" to Bello.', 'set the keeper of Bello to "Amelie"'],
  ["assign him to Bello", "assign him to Bello"],
  ["Weigh Bello.", "Weigh Bello"],
  ["Move Bello to shelter 4.", "set the shelter of Bello to 4"],
  ['Move Bello to shelter "North".', 'set the shelter of Bello to "North"'],
  ["Postpone Bello to 3 May 2027.", "change Bello to 3 May 2027"],
])("%s: what an animal has is changed", (goal, words) => {
  expect(wordsOf(goal, CLINIC)).toEqual([words]);
});

test("a clause behind one that stays as it is has its own words", () => {
  expect(wordsOf("Find Bello and record that it weighs 7 kg.", CLINIC)).toEqual([
    "Find Bello",
    "set its weight to 7 kg",
  ]);
});

test("of two fields for ids none is the one that something is assigned to", () => {
  const [, ...others] = CLINIC;
  const goal = "Assign Amelie Roux to Bello";
  const change = "PATCH /animals/{animalId} | Change an animal | keeperId vetId";
  expect(wordsOf(goal, [change, ...others])).toEqual([goal]);
});

test("what is made has no field that is changed", () => {
  expect(wordsOf("Record that Bello weighs 7.8 kg", CLINIC.slice(1))).toEqual([
    "Record that Bello weighs 7.8 kg",
  ]);
});

const BOILERS = [
  "POST /boilers/{boilerId}/notes | Add a note | text!",
  "GET /boilers | List boilers | | id name",
  "PATCH /boilers/{boilerId} | Change a boiler | name location dueOn@date",
];

test.each([
  ["Note that the boiler Kiel leaks.", 'add the note "the boiler Kiel leaks" to the boiler Kiel'],
  ['Put a note "leaks" on the boiler Kiel.', 'Put a note "leaks" on the boiler Kiel'],
  ['Leave a remark "leaks" on the boiler Kiel.', 'Leave a remark "leaks" on the boiler Kiel'],
  ["Move the boiler Kiel to shelf 2.", 'set the location of the boiler Kiel to "shelf 2"'],
  ["Move the boiler Kiel to the cellar.", 'set the location of the boiler Kiel to "cellar"'],
  ["Move the boiler Kiel to 3 May 2027.", "change the boiler Kiel to 3 May 2027"],
  ["Postpone the boiler Kiel to 10:30.", "change the boiler Kiel to 10:30"],
])("%s: notes are made, places and days are changed", (goal, words) => {
  expect(wordsOf(goal, BOILERS)).toEqual([words]);
});

const GOATS = [
  "POST /goats/{goatId}/checks | Record a check of a goat | result!=ok,lame,very_ill by",
  "GET /goats | List goats | | id name",
  "PATCH /goats/{goatId} | Change a goat | name",
];

test.each([
  ["Record that Grim is lame.", "record a check of Grim with result lame"],
  ["Record that Grim is very ill.", "record a check of Grim with result very ill"],
  ["Record that Grim is lameish.", 'add the check "Grim is lameish" to Grim'],
  ["Record that Grim is shy.", 'add the check "Grim is shy" to Grim'],
])("%s: an option of what is made, or its text", (goal, words) => {
  expect(wordsOf(goal, GOATS)).toEqual([words]);
});

const VISITS = [
  "POST /visits | Plan a visit | day!@date place!",
  "GET /visits | List visits | | id day place title",
  "PATCH /visits/{visitId} | Change a visit | day@date place startsAt@date-time",
  "DELETE /visits/{visitId} | Cancel a visit",
];

test.each([
  ['Move the visit "Kiel" to 3 May 2027.', 'change the visit "Kiel" to 3 May 2027'],
  ["Move the visit to place 4.", "set the place of the visit to 4"],
  ["Move the visit to Rome.", "change the visit to Rome"],
  ["Relocate the visit to the town hall.", 'set the place of the visit to "town hall"'],
  ["Move a visit to Rome.", "Move a visit to Rome"],
])("%s: a visit gets another day or place", (goal, words) => {
  expect(wordsOf(goal, VISITS)).toEqual([words]);
});

const NOTED = 'set the note of the job 7 to "late"';
const PUT = 'Put a note "late" on the job 7';

test.each([
  [["POST /jobs/{id}/remarks | Add a remark | text!", "PATCH /jobs/{id} | Change a job | note"], PUT],
  [["POST /jobs/{id}/tags | Add a tag | text!", "PATCH /jobs/{id} | Change a job | note"], NOTED],
  [["POST /jobs | Add a job | text!", "PATCH /jobs/{id} | Change a job | note"], NOTED],
  [["PUT /jobs/{id} | Replace a job | note"], NOTED],
  [["POST /jobs/{id} | Update a job | note"], NOTED],
  [["PATCH /jobs/{id} | Change a job | noteId"], PUT],
  [["PATCH /jobs/{id} | Change a job | note#"], PUT],
])("with %j a note is one of its own, or a text of the job: %s", (lines, words) => {
  expect(wordsOf(PUT, lines)).toEqual([words]);
});

test.each([
  ["Record that Bello weighs 7 kg", "size# bodyWeightKg#", "set the weight of Bello to 7 kg"],
  ["Record that Bello costs 7 euros", "cost#", "set the cost of Bello to 7 euros"],
  ["Record that Bello weighs 7 kg", "&weight#", "Record that Bello weighs 7 kg"],
  ["Record that Bello sits down", "sitter", "Record that Bello sits down"],
  ["Move the crate to 3 May 2027", "day", "change the crate to 3 May 2027"],
  ["Move the crate to 3 May 2027", "colour", "Move the crate to 3 May 2027"],
  ["Move the crate to 10:30", "startTime", "change the crate to 10:30"],
  ["Move the crate to 10:30", "day@date", "change the crate to 10:30"],
  ["Move the crate to Rome", "townId", "change the crate to Rome"],
  ["Move the crate to Rome", "name", "Move the crate to Rome"],
  ["Move the crate to Rome", "size#", "Move the crate to Rome"],
  ["Move the crate to number 7", "place", 'set the place of the crate to "number 7"'],
  ["Move the crate to the rack", "shelf storage", 'set the shelf of the crate to "rack"'],
  ["Move the crate to the rack", "shelfId", "Move the crate to the rack"],
  ["Move the crate to the rack", "shelf=top,low", "Move the crate to the rack"],
])("%s, where %s can be changed: %s", (goal, inputs, words) => {
  expect(wordsOf(goal, [`PATCH /crates/{id} | Change a crate | ${inputs}`])).toEqual([words]);
});

test("what assigns somebody is no change", () => {
  const goal = "Assign Ann Lee to the job 7";
  const assign = "POST /jobs/{id}/assign | Assign somebody to a job | workerId!";
  expect(wordsOf(goal, [assign, "PATCH /jobs/{id} | Change a job | workerId"])).toEqual([goal]);
});

test.each([
  ['Put a note "leaks" on the boiler Kiel', 'set the note of the boiler Kiel to "leaks"', "PATCH"],
  ['Put a note "leaks" on the boiler Kiel', 'set the note of the boiler Kiel to "leaks"', "PUT"],
  ["Move the boiler Kiel to Rome", "change the boiler Kiel to Rome", "PATCH"],
])("%s: %s, also by a %s of which only the path is known", (goal, words, method) => {
  const api = { ...apiOf("rest", `${method} /boilers/{id}`, "GET /boilers"), documented: false };
  const catalog = new OperationCatalog([api]);
  const [clause] = asChanges(clausesOf(goal, catalog.verbs), catalog);
  expect(clause?.written.replace("quoted0", '"leaks"')).toBe(words);
});
