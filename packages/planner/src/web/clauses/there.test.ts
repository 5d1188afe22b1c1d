import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { withPlaces } from "./there.ts";

test.each([
  ["Set the depth of berth K3 to 4, then move boat T-7 to it", "move boat T-7 to berth K3"],
  ["Open berth K3, move it to Pier 2", "move it to Pier 2"],
  ["Open the list, move boat T-7 to it", "move boat T-7 to it"],
])("what it is that something is moved to: %s", (goal, last) => {
  expect(withPlaces(clausesOf(goal, new Set())).at(-1)?.said).toBe(last);
});
