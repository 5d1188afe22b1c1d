import { expect, test } from "vitest";
import { clausesOf } from "../goal/clause.ts";
import { fieldOf } from "./field.ts";
import { stateAfter } from "./state-change.ts";

const after = (goal: string, leaf: string, type = "boolean", options?: string[]) => {
  const [clause] = clausesOf(goal, new Set());
  if (clause === undefined) throw new Error("no clause");
  const field = fieldOf(
    {
      in: "body",
      name: leaf,
      type,
      required: false,
      description: "",
      ...(options === undefined ? {} : { enum: options }),
    },
    "task",
  );
  return stateAfter(clause, field);
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
