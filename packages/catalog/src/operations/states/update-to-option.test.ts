import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { firstClause } from "../../../test/first-clause.ts";
import { OperationCatalog } from "../operation-catalog.ts";
import { updateToOption } from "./update-to-option.ts";

/** The update that a goal is read for, of these operations. */
const updateFor = (goal: string, lines: readonly string[]): string | undefined =>
  updateToOption(firstClause(goal, ["mark", "bring"]), new OperationCatalog([apiOf("rest", ...lines)]))?.key;

const LINES = [
  "GET /props | List props | | [].id [].name",
  "PUT /props/{id} | Replace a prop | condition=good,worn name!",
  "PATCH /props/{id} | Change a prop | condition=good,worn",
  "POST /hearings/{id}/move | Move a hearing | state=scheduled",
  "PATCH /hearings/{id} | Change a hearing | state=scheduled,held",
];

test.each([
  ["Mark the oil lamp as good", "PATCH /props/{id}"],
  ["Mark Lamp 4 as good", "PATCH /props/{id}"],
  ["Put the hearing back to scheduled", "PATCH /hearings/{id}"],
  ["Bring it to scheduled", "PATCH /hearings/{id}"],
  ["Bring it into held.", "PATCH /hearings/{id}"],
])("%s: %s", (goal, key) => {
  expect(updateFor(goal, LINES)).toBe(key);
});

test.each([
  "Mark it as good",
  "Mark the oil lamp to good",
  "Mark the oil lamp as not good",
  "Mark the oil lamp as fine",
  "Put the hearing back to the scheduled",
  "the oil lamp as good",
])("%s: no update", (goal) => {
  expect(updateFor(goal, LINES)).toBeUndefined();
});

test("only one kind of thing can have the state", () => {
  const update = (collection: string) => `PATCH /${collection}/{id} | Change one | condition=good,worn`;
  expect(updateFor("Mark the oil lamp as good", [update("props")])).toBe("PATCH /props/{id}");
  expect(updateFor("Mark the oil lamp as good", [update("props"), update("lamps")])).toBeUndefined();
});
