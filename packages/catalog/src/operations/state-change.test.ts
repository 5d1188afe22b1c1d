import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { bodyField } from "../../test/body-field.ts";
import { firstClause, onlyOperation } from "../../test/first-clause.ts";
import { OperationCatalog } from "./operation-catalog.ts";
import { movesTo, stateAfter } from "./state-change.ts";

const after = (goal: string, leaf: string, type = "boolean", options?: string[]) => {
  const field = bodyField(leaf, { type, ...(options === undefined ? {} : { enum: options }) }, "task");
  return stateAfter(firstClause(goal), field);
};

test.each([
  ["mark it as done", "isCompleted", true],
  ["mark the parcel as not delivered", "delivered", false],
  ["set done to true", "done", true],
  ["set the archived flag to false", "archived", false],
  ["make it public", "isPublic", true],
  ["make the list private", "public", false],
  ["switch it to inactive", "active", false],
  ["tick it off", "done", true],
  ["deactivate the coupon", "isActive", false],
  ["update it", "done", undefined],
  ["delete it", "done", undefined],
  ["book it", "booked", undefined],
])("%s: %s is %s", (goal, leaf, expected) => {
  expect(after(goal, leaf)).toBe(expected);
});

test.each([
  ["mark it as resolved", "resolved"],
  ["reopen it", "open"],
  ["complete it", "done"],
  ["escalate it", undefined],
])("%s brings a thing into the state %s", (goal, expected) => {
  expect(after(goal, "state", "string", ["open", "in_progress", "resolved", "done"])).toBe(expected);
});

test.each<[goal: string, line: string, creates: boolean, moves: boolean]>([
  ["cancel it", "PATCH /orders/{id} | Change an order | state=new,cancelled", false, true],
  ["cancel it", "POST /orders/{id}/cancel | Cancel an order | state=new,cancelled", false, true],
  ["cancel it", "PATCH /orders/{id} | Change an order | state=new,paid", false, false],
  ["cancel it", "PATCH /orders/{id} | Change an order | note", false, false],
  ["cancel it", "PATCH /orders/{id} | Change an order | &state=new,cancelled", false, false],
  ["cancel it", "DELETE /orders/{id} | Delete an order | state=new,cancelled", false, false],
  ["cancel it", "GET /orders/{id} | An order | state=new,cancelled", false, false],
  ["mark it as private", "POST /boards | Create a board | private?", false, true],
  ["mark it as private", "POST /boards | Create a board | private?", true, false],
  ["open a ticket", "POST /tickets | File a ticket | state=open,closed", true, true],
])("%s by %s (creates: %j): %j", (goal, line, creates, moves) => {
  expect(movesTo(firstClause(goal), onlyOperation(line), creates)).toBe(moves);
});

test.each([
  ["mark it as sold", "PATCH /bottles/{id}", true],
  ["mark it as sold", "PUT /bottles/{id}", true],
  ["mark it as sold", "POST /bottles/{id}", false],
  ["sell it", "PATCH /bottles/{id}", false],
  ["mark the bottle", "PATCH /bottles/{id}", false],
])(
  "of an operation without a document only the goal says what it changes: %s by %s is %j",
  (goal, key, moves) => {
    const [operation] = new OperationCatalog([{ ...apiOf("rest", key), documented: false }]).operations;
    if (operation === undefined) throw new Error("no operation");
    expect(movesTo(firstClause(goal), operation)).toBe(moves);
  },
);
