import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalParts } from "./goal-parts.ts";

const TRIPS = new OperationCatalog([
  apiOf(
    "rest",
    "GET /trips | List trips | | [].id [].name [].status=planned,called_off",
    "POST /trips | Plan a trip | name! | id name status=planned,called_off",
    "GET /trips/{id} | A trip | | id name status=planned,called_off",
    "POST /trips/{id}/call-off | Call a trip off | reason",
    "POST /trips/{id}/members | Add a member | name! | id",
    "DELETE /members/{memberId} | Remove a member",
    "POST /bulletins | Create a bulletin | title! | id",
    "POST /login | Log in | user! password!@password | token",
  ),
]);

/** The parts of a goal: what kind each is, what serves it and how often, what made its thing, and what is asserted of it. */
const partsOf = (goal: string): string[] =>
  goalParts(goal, TRIPS).map(({ kind, operation, times, madeBy, asserted }) =>
    [
      kind,
      operation?.key ?? "-",
      ...(times === 1 ? [] : [`${times} times`]),
      ...(madeBy === undefined ? [] : [`of ${madeBy.operation?.key}`]),
      ...asserted.map(({ said }) => `asserted: ${said}`),
    ].join(" "),
  );

const CALL_OFF = "change POST /trips/{id}/call-off";

test.each([
  ["Plan two trips and call one off", ["change POST /trips 2 times", `${CALL_OFF} of POST /trips`]],
  ["Plan two trips, call them off", ["change POST /trips 2 times", `${CALL_OFF} 2 times of POST /trips`]],
  [
    "Plan a trip, call it off and check that it is called off",
    [
      "change POST /trips",
      `${CALL_OFF} of POST /trips asserted: check that it is called off`,
      "look GET /trips/{id} of POST /trips",
    ],
  ],
  [
    "Call off the trip Kiel and check that Kiel is called off",
    [`${CALL_OFF} asserted: check that Kiel is called off`, "look GET /trips/{id}"],
  ],
  ["Call off the trip Kiel and check that Bonn is called off", [CALL_OFF, "look GET /trips/{id}"]],
  [
    "Plan a trip, add a member to it and remove the member",
    [
      "change POST /trips",
      "change POST /trips/{id}/members of POST /trips",
      "change DELETE /members/{memberId} of POST /trips/{id}/members",
    ],
  ],
  ["Log in and plan a trip", ["session POST /login", "change POST /trips"]],
  ["Look at the trip Kiel", ["look GET /trips/{id}"]],
  ["Check that the trip Kiel is planned", ["look GET /trips/{id}"]],
  ["Start the trip Kiel", ["change -"]],
  ["Delete the bulletin about Sarna", ["change -"]],
  ["Plan a trip and dance", ["change POST /trips", "change -"]],
  ["Plan a trip; do not call it off", ["change POST /trips"]],
  ["The boat is red", []],
])("%s: %j", (goal, parts) => {
  expect(partsOf(goal)).toEqual(parts);
});
