import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { firstClause } from "../../test/first-clause.ts";
import { clausesOf } from "../goal/clause.ts";
import { type Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { isReversal, servingOperation } from "./serving-operation.ts";
import { suggestChecks } from "./suggest-checks.ts";

const STAGE = apiOf(
  "rest",
  "GET /rehearsals | List rehearsals | | [].id",
  "POST /rehearsals | Schedule a rehearsal | note | id note",
  "GET /rehearsals/{id} | Show a rehearsal | | id note",
  "POST /rehearsals/{id}/restore | Restore a cancelled rehearsal | |",
  "DELETE /rehearsals/{id} | Cancel a rehearsal | |",
);

const checked = (goal: string): string[] =>
  suggestChecks(goal, [STAGE]).checks.flatMap(({ check }) =>
    "action" in check && check.action !== undefined ? [check.action.operation] : [],
  );

test.each(["bring it back", "undo the cancellation"])(
  "what was removed is not removed again to %s",
  (part) => {
    const goal = `Schedule a rehearsal, cancel it, then ${part}.`;
    expect(checked(goal)).toEqual(["POST /rehearsals", "DELETE /rehearsals/{id}"]);
    expect(suggestChecks(goal, [STAGE]).proof.unproven).toEqual([part]);
  },
);

test("what was made is removed to take it back, and what was removed is restored by the verb", () => {
  expect(checked("Schedule a rehearsal and take it back.")).toEqual([
    "POST /rehearsals",
    "DELETE /rehearsals/{id}",
  ]);
  expect(checked("Schedule a rehearsal, cancel it and restore it.").at(-1)).toBe(
    "POST /rehearsals/{id}/restore",
  );
});

test("what is made within another thing is not that thing", () => {
  const theatre = apiOf(
    "rest",
    "POST /plays | Create a play | title! | id title",
    "POST /plays/{playId}/shows/{showId}/reservations | Reserve seats | seats#! name | id seats name",
    "POST /plays/{playId}/shows/{showId}/reservations/{id}/confirm | Confirm a reservation | |",
  );
  const { checks } = suggestChecks("Reserve 3 seats for the Mikado", [theatre]);
  expect(checks[0]?.check).toMatchObject({
    action: { operation: "POST /plays/{playId}/shows/{showId}/reservations", body: { "$.seats": 3 } },
  });
});

/** What serves each clause of a goal; `-` for none. */
function servedBy(goal: string, kind: "rest" | "web", lines: readonly string[]): string[] {
  const catalog = new OperationCatalog([apiOf(kind, ...lines)]);
  const clauses = clausesOf(goal, catalog.verbs);
  const before: Operation[] = [];
  return clauses.map((clause, at) => {
    const found = servingOperation(clause, catalog, before, clauses.slice(0, at));
    if (found !== undefined) before.push(found);
    return found?.key ?? "-";
  });
}

const PROFILE = "POST /profile | Save | phone name";
const ROOMS = ["GET /rooms | Rooms", "POST /rooms | Send | day"];

test.each([
  ["Change my phone number to 12", [PROFILE, "POST /orders | Order | item"], "POST /profile"],
  ["Change my phone number to 12", [PROFILE, "POST /orders | Order | phone item"], "-"],
  ["Change my phone number to 12", ["POST /login | Log in | phone password!@password"], "-"],
  ["Book a room", ["GET /rooms/new | Book a room", "POST /rooms | Book a room | day"], "POST /rooms"],
  ["Find the rooms", ROOMS, "GET /rooms"],
  ["Show the rooms", ROOMS, "GET /rooms"],
])("%s: a form of the page, or the page: %j", (goal, lines, key) => {
  expect(servedBy(goal, "web", lines)).toEqual([key]);
});

const BOOKINGS = [
  "POST /bookings | Make a booking | flatId! | id",
  "GET /flats | Flats | | [].id",
  "POST /bookings/{id}/confirm | Book it finally",
];
const LOANS = "POST /loans | Lend a tool | toolId! | id";

test.each([
  ["Book a flat", BOOKINGS, ["POST /bookings"]],
  ["Make a booking and book it", BOOKINGS, ["POST /bookings", "POST /bookings/{id}/confirm"]],
  [
    "Reserve a cabin",
    [
      "GET /cabins | Cabins | | [].id",
      "POST /stays | Make a stay | cabinId! | id",
      "GET /reservations | Reservations | | [].id",
    ],
    ["POST /stays"],
  ],
  [
    "Lend a tool, take it back",
    [LOANS, "POST /loans/{id}/return | Return a tool"],
    ["POST /loans", "POST /loans/{id}/return"],
  ],
  [
    "Lend a tool, take it back",
    [LOANS, "DELETE /loans/{id} | Drop a loan"],
    ["POST /loans", "DELETE /loans/{id}"],
  ],
  ["Undo it", [LOANS, "DELETE /loans/{id} | Drop a loan"], ["-"]],
])("%s, of %j: %j", (goal, lines, keys) => {
  expect(servedBy(goal, "rest", lines)).toEqual(keys);
});

test.each([
  ["take it back", true],
  ["hands the keys back", true],
  ["undo it", true],
  ["revert the change", true],
  ["give it all the way back", false],
  ["bring back", false],
  ["backup", false],
])("%s takes back: %s", (text, is) => {
  expect(isReversal(firstClause(text))).toBe(is);
});
