import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import type { CheckDraft } from "./check-draft.ts";
import { proofOf } from "./goal-proof.ts";

const SITE = apiOf(
  "web",
  "POST /boats/{id}/edit | Save changes | name shelf note",
  "POST /boats | Add a boat | name!",
);

const textOf = (operation: string, contains: string): CheckDraft => ({
  action: { operation, text: { contains } },
});

test.each([
  ["Change its shelf to C7.", "saved", ["Change its shelf to C7"]],
  ["Change its shelf to C7.", "Shelf: C7", undefined],
  ['Change its name to "Sea Otter".', "sea otter", undefined],
  ['Change its name to "Sea Otter".', "Thank you", ['Change its name to "Sea Otter"']],
])("a page proves a value that is demanded of it: %s by %s", (goal, contains, accepted) => {
  const proof = proofOf(goal, [SITE], [textOf("POST /boats/{id}/edit", contains)]);
  expect(proof.unproven).toEqual([]);
  expect(proof.accepted).toEqual(accepted);
});

test("where a goal gives no value, what the page says then is proof enough", () => {
  const proof = proofOf("Add a boat.", [SITE], [textOf("POST /boats", "was added")]);
  expect(proof).toEqual({ parts: ["Add a boat"], unproven: [] });
});

const PAGES: typeof SITE = { ...apiOf("web"), documented: false };
const action = (operation: string, contains?: string): CheckDraft => ({
  action: { operation, ...(contains === undefined ? {} : { text: { contains } }) },
});

test.each([
  ["Request the night of 12 January 2027 for Messier 31.", "GET /telescopes/{id}/request"],
  ["Request the night of 12 January 2027 for Messier 31.", "GET /telescopes/meridian/request"],
  ["Cancel the booking of Ada Finch.", "GET /bookings/{id}/cancel"],
  ["Enrol in the course Candle Making.", "GET /courses/enrol"],
])("the page with a form proves nothing of what the form does: %s by %s", (goal, operation) => {
  const { parts, unproven } = proofOf(goal, [PAGES], [action(operation)]);
  expect(parts).toHaveLength(1);
  expect(unproven).toEqual(parts);
});

test.each([
  ["Reserve 30 seats for the Winter Hexagon Walk.", undefined, ["Winter Hexagon Walk", "30"]],
  ["Reserve 30 seats for the Winter Hexagon Walk.", "30 seats reserved", undefined],
  ["Reserve seats on 14 January 2027 for Messier 31.", undefined, ["Messier 31", "14 January 2027"]],
  ["Reserve seats for {{name}}.", undefined, undefined],
  ["Reserve a seat.", undefined, undefined],
])(
  "values that no check demands are named where nothing describes the form: %s by %s",
  (goal, contains, unchecked) => {
    expect(proofOf(goal, [PAGES], [action("POST /evenings/{id}", contains)]).unchecked).toEqual(unchecked);
  },
);

test("where the form's fields are described, values that it takes are none to check", () => {
  const proof = proofOf('Add a boat called "Sea Otter".', [SITE], [action("POST /boats")]);
  expect(proof.accepted).toHaveLength(1);
  expect(proof.unchecked).toBeUndefined();
});
