import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalParts } from "./goal-parts.ts";

const catalog = new OperationCatalog([
  apiOf(
    "rest",
    "GET /posters | Posters | | [].id# [].title [].until@date",
    "POST /posters | Hang a poster | title! until!@date | id# title until@date",
    "DELETE /posters/{id} | Take a poster down",
    "POST /posters/{id}/lighting | Light a poster | | id#",
  ),
]);

test.each([
  ['Hang a poster called "Fair" until 5 May 2031 and delete the poster "Old fair"', false],
  ['Hang a poster called "Fair" until 5 May 2031 and delete the poster "Fair"', true],
  ['Hang a poster called "Fair" until 5 May 2031 and delete it', true],
  ['Hang a poster called "Fair" until 5 May 2031 and delete poster 7', false],
  ['Hang a poster called "Fair" until 5 May 2031 and light the poster "Old fair"', false],
])("%s: about what the goal has made: %s", (goal, isMade) => {
  const parts = goalParts(goal, catalog);
  expect(parts.at(-1)?.operation?.path).toMatch(/\{id\}/);
  expect(parts.at(-1)?.madeBy !== undefined).toBe(isMade);
});
