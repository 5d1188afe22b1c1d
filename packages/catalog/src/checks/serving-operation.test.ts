import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
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
