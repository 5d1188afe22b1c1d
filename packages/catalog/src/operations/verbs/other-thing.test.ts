import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { firstClause } from "../../../test/first-clause.ts";
import { OperationCatalog } from "../operation-catalog.ts";
import { isAboutOther } from "./other-thing.ts";

const MAKES = "POST /shows | Add a show | title! | id#";
const OPENS = "POST /shows/{id}/open | Open a show for visitors | | id#";

test.each([
  // Nothing prints by making what is to be printed.
  ["Print the show", MAKES, true],
  ["Export the show", OPENS, true],
  ["Print the show", "POST /shows/{id}/print | Print a show | | id#", false],
  ["Print the show", "GET /shows/{id} | A show | | id#", false],
  // Something of a thing is not that thing.
  ["Post a review of the show", MAKES, true],
  ["Post a review of the show", "POST /shows | Add a review | text! | id#", false],
  ["Post a review of the show", "POST /reviews | Add a review | text! | id#", false],
  ["Post a review of the show", "POST /shows | Add a show | review! | id#", false],
  ["Post a review", MAKES, false],
  ["Add a show for the town", MAKES, false],
  // Who takes part in something makes no other one.
  ["Sign up for the show", MAKES, true],
  ["Sign up for the show", "POST /shows/{id}/guests | Add a guest | | id#", false],
  // What is done for a thing is not what is done to it.
  ["Register a visitor for the show", OPENS, true],
  ["Register the visitor for the show", OPENS, false],
  ["Open a show for the town", OPENS, false],
  ["Put a hold on the show", "POST /shows/{id}/hold | Hold a show | | id#", false],
  ["Leave a tip for the show", "POST /shows/{id}/give | Give to a show | tip! | id#", false],
])("%s by %s: about another thing is %s", (goal, line, expected) => {
  const [operation] = new OperationCatalog([apiOf("rest", line)]).operations;
  if (operation === undefined) throw new Error("there is no operation");
  expect(isAboutOther(firstClause(goal), operation)).toBe(expected);
});
