import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { keysFor } from "../../../test/goal-operations.ts";
import { OperationCatalog } from "../operation-catalog.ts";

const WORKS = new OperationCatalog([
  apiOf(
    "rest",
    "GET /districts | List districts | | [].code [].name",
    "GET /districts/{code} | Get a district | | code name alert=green,amber",
    "GET /pumps | List pumps | | [].id# [].tag",
    "GET /pumps/{id} | Get a pump | | id# tag state=running,stopped",
  ),
]);

test.each([
  ["check that VP-02 is running", ["GET /pumps/{id}"]],
  ["verify that VP-02 is not stopped", ["GET /pumps/{id}"]],
  ["check that Norham is amber", ["GET /districts/{code}"]],
])("%s", (goal, keys) => {
  expect(keysFor(goal, WORKS)).toEqual(keys);
});
