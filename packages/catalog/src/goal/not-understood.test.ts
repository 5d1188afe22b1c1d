import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { suggestChecks } from "../checks/suggest-checks.ts";

const BIKES = apiOf(
  "rest",
  "GET /bikes | List bikes | | [].id [].model [].seats#",
  "POST /rentals | Rent a bike | bikeId! note | id bikeId",
  "GET /rentals/{id} | Show a rental | | id bikeId",
);

test.each([
  ["Rent a bike for 3 days", ["3 (not understood)"]],
  ["Rent a bike in the name of Lea Brunner", ["in the name of Lea Brunner (not understood)"]],
  ["Rent a bike with 2 seats", []],
  ["Rent a bike", []],
])("%s: what neither an input nor a choice takes is named: %j", (goal, unproven) => {
  expect(suggestChecks(goal, [BIKES]).proof.unproven).toEqual(unproven);
});
