import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { suggestChecks } from "../checks/suggest-checks.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { notUnderstood } from "./not-understood.ts";

const BIKES = apiOf(
  "rest",
  "GET /bikes | List bikes | | [].id [].model [].seats#",
  "POST /rentals | Rent a bike | bikeId! note | id bikeId",
  "GET /rentals/{id} | Show a rental | | id bikeId",
);

test.each([
  ["Rent a bike for 3 days", ["3 (not understood)"]],
  ["Rent a bike in the name of Lea Brunner", ["in the name of Lea Brunner (not understood)"]],
  ["Rent a bike with 2 seats", []],
  ["Rent a bike", []],
])("%s: what neither an input nor a choice takes is named: %j", (goal, unproven) => {
  expect(suggestChecks(goal, [BIKES]).proof.unproven).toEqual(unproven);
});

const GLAZIER = apiOf(
  "rest",
  "POST /quotes | Draw up a quote | note | id note",
  "POST /panes | Add a pane to the stock | glass | id",
  "GET /quotes/{id} | Show a quote | | id note",
  "GET /customers | List customers | | [].id [].name",
);

test.each([
  ["Draw up a quote with two laminated panes", ["with two laminated panes (not understood)"]],
  ["Draw up a quote with a pane and add a pane", ["with a pane (not understood)"]],
  ["Draw up a quote with the note Thanks", []],
  ["Draw up a quote with care", []],
])("%s: what comes along and another operation makes is named: %j", (goal, unproven) => {
  const { proof } = suggestChecks(goal, [GLAZIER]);
  expect(proof.unproven.filter((part) => part.startsWith("with"))).toEqual(unproven);
});

test.each(["tell the customer by phone", "warn the customer", "phone the customer about it"])(
  "%s: what is said to somebody makes no other thing",
  (part) => {
    const { proof, checks } = suggestChecks(`Draw up a quote and ${part}.`, [GLAZIER]);
    expect(proof.unproven).toEqual([part]);
    expect(checks.filter(({ check }) => JSON.stringify(check).includes("POST /quotes"))).toHaveLength(1);
  },
);

test.each([
  ["Form a crew with the foreman Ines Duarte", ["foreman Ines Duarte (not understood)"]],
  ["Form a crew in the orchard Long Hill", []],
])("%s: somebody with a name for an id that is left out is named: %j", (goal, unproven) => {
  const api = apiOf(
    "rest",
    "GET /orchards | List orchards | | [].id [].name",
    "POST /crews | Form a crew | orchardId! foremanId | id foremanId",
  );
  expect(suggestChecks(goal, [api]).proof.unproven).toEqual(unproven);
});

test("what is done to a thing is a part, also by a verb of looking whose answer has lists", () => {
  const api = apiOf(
    "rest",
    "POST /stays | Book a stay | | id walks[].id",
    "POST /stays/{stayId}/check-in | Check a dog in | | id walks[].id",
  );
  expect(suggestChecks("Book a stay and check it in", [api]).proof).toMatchObject({
    parts: ["Book a stay", "check it in"],
    unproven: [],
    accepted: ["Book a stay", "check it in"],
  });
});

const RENTALS = [
  "POST /rentals | Rent a bike | bikeId! note | id bikeId",
  "GET /bikes | List bikes | | [].id [].model [].seats# [].day@date",
  "GET /rentals/{id} | Show a rental | | id bikeId",
];

/** What is not understood of the only change of a goal, whether or not it says which thing is meant. */
const leftOf = (goal: string, lines: readonly string[] = RENTALS): string[][] => {
  const catalog = new OperationCatalog([apiOf("rest", ...lines)]);
  const [part] = goalParts(goal, catalog);
  if (part?.operation === undefined) throw new Error(`nothing serves ${goal}`);
  const { clause, operation, values, times } = part;
  return [false, true].map((chooses) =>
    notUnderstood({ clause, operation, values, chooses, times }, catalog),
  );
};

test.each([
  ["Rent a bike for 3 days tomorrow", ["3", "tomorrow", "days"], ["tomorrow"]],
  ["Rent a bike with 2 seats on 3 May 2027", ["2", "3 May 2027", "seats"], []],
  ["Rent a bike at 10:30", ["10:30"], ["10:30"]],
  ["Rent a bike for 40 euros", ["40 EUR"], []],
  ["Rent a bike of 3 x 4 m", ["3", "4"], ["3", "4"]],
  ["Rent both bikes", [], ["both"]],
  ["Please rent out all of my bikes", [], ["all"]],
  ["Rent 2 bikes", [], []],
  ["Rent a bike with Ann", ["with Ann"], []],
  ["Rent a bike with Ann and with Bob", ["with Ann", "with Bob"], ["with Bob"]],
  ["Rent a bike with a pump", ["pump"], ["with a pump"]],
  ["Rent a bike as shy", ["shy"], ["as shy"]],
  ["Rent a bike from 1998", ["from 1998"], []],
  ['Rent a bike with the note "late" because it is late', [], []],
  ["Rent the bike {{bike}}", [], []],
])("%s: of a thing that is given, and of one that is chosen", (goal, given, chosen) => {
  expect(leftOf(goal)).toEqual([given, chosen]);
});

const BARE = ["POST /rentals | Rent a bike | bikeId! | id", "GET /bikes | List bikes | | [].id [].model"];

test.each([
  ["Rent a bike because of the heat", ["because of the heat"], ["because of the heat"]],
  ["Rent a bike because it is late", ["because of it is late"], ["because of it is late"]],
  ["Rent a bike for K 118/26", ["for K 118/26"], []],
  ["Rent a bike with a pump, a bell and a lamp", ["pump", "bell", "lamp"], []],
  ["Rent a bike with Ann Lee as driver", ["with Ann Lee", "driver"], []],
  ["Rent a bike named Otto", ['"Otto"'], []],
])("%s: where only the bike is taken", (goal, given, chosen) => {
  expect(leftOf(goal, BARE)).toEqual([given, chosen]);
});

const FOREMAN = "Form a crew with the foreman Ines Duarte";

test.each([
  [FOREMAN, "foremanId note", ["foreman Ines Duarte", "ines", "duarte"], ["foreman Ines Duarte"]],
  [FOREMAN, "foremanId! note", ["ines", "duarte"], []],
  [FOREMAN, "&foremanId note", ["ines", "duarte"], []],
  [FOREMAN, "foremanId foremanCode!", ["ines", "duarte"], []],
  ["Form a crew kept on the top shelf", "shelf", [], []],
  ["Form a crew kept on the top shelf", "note", ["top", "shelf"], []],
  [
    "Form a crew for a new site called Kiel",
    "note",
    ["site", "for a new site called Kiel"],
    ["for a new site called Kiel"],
  ],
  ["Form a crew for a new site called Kiel", "site", [], []],
  [
    'Form a crew for a new site called "Kiel"',
    "siteId",
    ["for a new site called Kiel"],
    ["for a new site called Kiel"],
  ],
])("%s, of %s: a name of somebody, a place, or something new is left", (goal, inputs, given, chosen) => {
  expect(leftOf(goal, [`POST /crews | Form a crew | ${inputs} | id`])).toEqual([given, chosen]);
});
