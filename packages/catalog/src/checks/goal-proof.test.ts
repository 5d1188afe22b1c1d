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
