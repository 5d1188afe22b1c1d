import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { firstClause } from "../../../test/first-clause.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { choiceConstraints } from "../choice-constraints.ts";
import { unofferedOption } from "./unoffered-option.ts";

/** What a clause says of the kind of a new visit that none of the options is. */
function unoffered(goal: string, line = "POST /visits | Plan a visit | kind!=check,repair title! | id#") {
  const [operation] = new OperationCatalog([apiOf("rest", line)]).operations;
  const clause = firstClause(goal);
  if (operation === undefined) throw new Error("there is no operation");
  return unofferedOption(
    clause,
    operation,
    choiceConstraints({ operation, clause, bindings: new Map() }, []),
  );
}

test.each([
  ["Plan a survey visit.", "survey"],
  ["Plan another survey visit.", "survey"],
  ["Plan a new survey visit.", "survey"],
  ["Plan a repair visit.", undefined],
  ["Plan a visit.", undefined],
  ["Plan a new visit.", undefined],
  ["Plan a short visit.", undefined],
  ["Plan a survey trip.", undefined],
])("%s: %s is none of the options", (goal, word) => {
  expect(unoffered(goal)).toBe(word);
});

test.each([
  "POST /visits | Plan a visit | kind=check,repair title! | id#",
  "POST /visits | Plan a visit | kind!=check title! | id#",
  "POST /visits | Plan a visit | title! | id#",
  "POST /visits | Plan a survey visit | kind!=check,repair | id#",
  "PATCH /visits/{id} | Change a visit | kind!=check,repair | id#",
])("%s: nothing has to be chosen, or the word is its own", (line) => {
  expect(unoffered("Plan a survey visit.", line)).toBeUndefined();
});
