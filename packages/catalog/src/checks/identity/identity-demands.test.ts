import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { alternativesOfDraft } from "../check-draft.ts";
import { proofOf } from "../goal-proof.ts";
import { suggestChecks } from "../suggest-checks.ts";

const HARBOUR = apiOf(
  "rest",
  "GET /skippers | List skippers |  | [].id# [].name",
  "GET /skippers/{id} | Get a skipper |  | id# name rate# status",
  "PATCH /skippers/{id} | Update a skipper | rate# status=active,on_leave | id# name rate# status",
  "GET /boats | List boats |  | [].id# [].name [].registration",
  "GET /boats/{id} | Get a boat |  | id# name registration berth",
  "PATCH /boats/{id} | Change a boat | berth | id# name registration berth",
  "GET /trips/{id} | Get a trip |  | id# skipperId# boatId# day status note",
  "POST /trips | Book a trip | skipperId#! boatId#! day note | id# skipperId# boatId# day status note",
  "POST /trips/{id}/cancel | Cancel a trip | reason | id# skipperId# boatId# day status",
  "DELETE /trips/{id} | Delete a trip",
);

/** The suggested checks in one line each: the operation and what is demanded of its answer. */
const checks = (goal: string, api: ApiDescription = HARBOUR): string[] =>
  suggestChecks(goal, [api])
    .checks.flatMap(({ check }) => alternativesOfDraft(check))
    .map((one) =>
      "action" in one
        ? `${one.action.operation} ${JSON.stringify(one.action.body ?? {})}`
        : `? ${one.probe.operation} ${JSON.stringify(one.probe.expect.text?.contains ?? one.probe.expect.body ?? {})}`,
    );

test.each([
  ["Set the rate of Ada Wyss to 90.", '? GET /skippers/{skipperId} "Ada Wyss"'],
  ["Set Ada Wyss's status to on leave.", '? GET /skippers/{skipperId} "Ada Wyss"'],
  ["Change the berth of the boat Nordwind to C7.", '? GET /boats/{boatId} "Nordwind"'],
  ["Change the berth of the boat HH-17 to C7.", '? GET /boats/{boatId} "HH-17"'],
  ["Book a trip with Ada Wyss on the boat HH-17.", '? GET /skippers/{skipperId} "Ada Wyss"'],
  ["Book a trip with Ada Wyss on the boat HH-17.", '? GET /boats/{boatId} "HH-17"'],
  ["Cancel the trip with Ada Wyss.", '? GET /skippers/{skipperId} "Ada Wyss"'],
])("the thing that a goal names is read and has to show the name: %s", (goal, expected) => {
  expect(checks(goal)).toContain(expected);
  expect(suggestChecks(goal, [HARBOUR]).proof.unchecked).toBeUndefined();
});

test.each([
  ["Delete trip 17.", ["DELETE /trips/17 {}", "? GET /trips/17 {}"]],
  ["Cancel trip 17.", ["POST /trips/17/cancel {}"]],
  ["Book a trip with skipper 4 on boat 2.", ['POST /trips {"$.skipperId":4,"$.boatId":2}']],
])("the number of a thing is in the path, or is the id in the answer: %s", (goal, expected) => {
  expect(checks(goal)).toEqual(expect.arrayContaining(expected));
});

test("a number may be another one than the id where things show such a number", () => {
  const fleet = apiOf(
    "rest",
    "GET /boats/{id} | Get a boat |  | id# number# berth",
    "PATCH /boats/{id} | Change a boat | berth | id# number# berth",
  );
  const { checks: suggested, proof } = suggestChecks("Change the berth of boat 2 to C7.", [fleet]);
  expect(JSON.stringify(suggested)).not.toContain("/boats/2");
  expect(proof.unchecked).toEqual(["boat 2"]);
});

test.each([
  ["Delete the trip with Ada Wyss.", ["Ada Wyss"]],
  ["Cancel the trip as Ada Wyss.", ["Ada Wyss"]],
  ["Book a trip for Mr Kim Park and Ada Wyss.", undefined],
])("what no read can show is named: %s", (goal, unchecked) => {
  const { proof } = suggestChecks(goal, [HARBOUR]);
  if (unchecked !== undefined) expect(proof.unchecked).toEqual(unchecked);
  expect(checks(goal).join("\n")).not.toContain("/boats/{boatId}");
});

test("the name alone proves no change", () => {
  const named = (operation: string, contains: string) => ({
    probe: { operation, expect: { status: 200, text: { contains } } },
  });
  const goal = "Set the rate of Ada Wyss to 90.";
  expect(proofOf(goal, [HARBOUR], [named("GET /skippers/{id}", "Ada Wyss")]).unproven).toEqual([
    "Set the rate of Ada Wyss to 90",
  ]);
  expect(proofOf(goal, [HARBOUR], [named("GET /skippers/{id}", "90")]).unproven).toEqual([]);
});

test("what shows a thing that one part is about proves no other part", () => {
  const goal = "Book a trip with Ada Wyss and paint the mast.";
  const { proof } = suggestChecks(goal, [HARBOUR]);
  expect(proof.unproven).toEqual(["paint the mast"]);
});
