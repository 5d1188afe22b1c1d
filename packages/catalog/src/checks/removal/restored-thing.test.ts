import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { checkText } from "../../../test/check-text.ts";
import { suggestChecks } from "../suggest-checks.ts";

const suggested = (goal: string, ...lines: readonly string[]) => {
  const { checks, proof } = suggestChecks(goal, [apiOf("rest", ...lines)]);
  return { last: checks.map(({ check }) => checkText(check)).at(-1), proof };
};

test.each([
  [
    "Write a memo, delete it and restore it",
    [
      "POST /memos | Write a memo | text | id text deleted?",
      "GET /memos/{id} | A memo | | id text deleted?",
      "DELETE /memos/{id} | Delete a memo",
      "POST /memos/{id}/restore | Restore a memo",
    ],
    "read GET /memos/{memoId} after POST /memos/{id}/restore $.deleted=false",
  ],
  [
    "Book a seat, cancel the booking and reinstate it",
    [
      "POST /bookings | Book a seat | seat | id status=booked,cancelled",
      "GET /bookings/{id} | A booking | | id status=booked,cancelled",
      "DELETE /bookings/{id} | Cancel a booking",
      "POST /bookings/{id}/reinstate | Reinstate a booking",
    ],
    'read GET /bookings/{bookingId} after POST /bookings/{id}/reinstate $.status={"ne":"cancelled"}',
  ],
  [
    "Upload a scan, remove it and recover it",
    [
      "POST /scans | Upload a scan | name | id name",
      "GET /scans/{id} | A scan | | id name",
      "DELETE /scans/{id} | Remove a scan",
      "POST /scans/{id}/recover | Recover a scan",
    ],
    'read GET /scans/{scanId} after POST /scans/{id}/recover $.id={"exists":true}',
  ],
])("%s: what was brought back is read after that", (goal, lines, probe) => {
  const { last, proof } = suggested(goal, ...lines);
  expect(last).toBe(probe);
  expect(proof).toMatchObject({ unproven: [] });
  expect(proof.accepted).toBeUndefined();
});

test("where nothing shows it, it is only accepted", () => {
  const { proof } = suggested(
    "Write a memo, delete it and restore it",
    "POST /memos | Write a memo | text | id text deletedAt",
    "GET /memos/{id} | A memo | | id text deletedAt",
    "DELETE /memos/{id} | Delete a memo",
    "POST /memos/{id}/restore | Restore a memo",
  );
  expect(proof.accepted).toContain("restore it");
});
