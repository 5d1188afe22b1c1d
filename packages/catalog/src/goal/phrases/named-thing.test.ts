import { expect, test } from "vitest";
import { firstClause, onlyOperation } from "../../../test/first-clause.ts";
import type { ConstrainedStep } from "../constrained-step.ts";
import { isWordOf, namedThing } from "./named-thing.ts";
import { nameOf } from "./thing-name.ts";

/** The name by which a goal says what a step acts on, where inputs are bound so. */
function nameIn(goal: string, line: string, kinds: Record<string, string> = {}): string | undefined {
  const operation = onlyOperation(line);
  const bindings: ConstrainedStep["bindings"] = new Map(
    operation.inputs.flatMap((field) => {
      const kind = kinds[field.name];
      return kind === undefined ? [] : [[field, { kind }]];
    }),
  );
  return namedThing({ operation, clause: undefined, bindings }, firstClause(goal))?.text;
}

const UPDATE = "PATCH /essays/{id} | Change an essay | state title";

test.each([
  ['Change the state of the essay "On rain" to held', UPDATE, {}, "On rain"],
  ['Change the essay "On rain"', UPDATE, {}, "On rain"],
  ['Change the essay "On rain"', "PUT /essays/{id} | Replace an essay | state", {}, "On rain"],
  [
    'Propose a repair of the boat "Otter"',
    "POST /boats/{id}/repairs | Repair | kind",
    { id: "choice" },
    "Otter",
  ],
  [
    'Propose a repair of the boat "Otter"',
    "POST /boats/{id}/repairs | Repair | kind",
    { id: "id" },
    undefined,
  ],
  [
    'Propose a repair of the boat "Otter"',
    "POST /repairs | Repair | boatId",
    { boatId: "choice" },
    undefined,
  ],
  ['Propose the repair "Otter"', "POST /boats/{id}/repairs | Repair | kind", { id: "choice" }, undefined],
  [
    'Propose a repair of the kind "oil"',
    "POST /boats/{id}/repairs | Repair | kind",
    { id: "choice" },
    undefined,
  ],
  [
    'Propose a repair of the kind "oil"',
    "POST /boats/{id}/repairs | Repair | &kind",
    { id: "choice" },
    "oil",
  ],
  ['Change the table "On rain"', UPDATE, {}, undefined],
  ['Rename the essay "On rain"', "PATCH /essays/{id} | Change an essay | name", {}, undefined],
  ['Change the essay "On rain"', "PATCH /essay | Change the essay | state", {}, undefined],
  ["Change the essay", UPDATE, {}, undefined],
])("%s by %s, bound as %j: acts on %s", (goal, line, kinds, name) => {
  expect(nameIn(goal, line, kinds)).toBe(name);
});

test.each([
  ["Essay", true],
  ["Change Essay", true],
  ["Essay Rain", false],
  ["Rain", false],
])("%s is only a word of the operation: %s", (text, is) => {
  expect(isWordOf(nameOf(text), onlyOperation(UPDATE))).toBe(is);
});
