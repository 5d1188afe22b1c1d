import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const HIVES = apiOf(
  "rest",
  "GET /keepers | Keepers | | [].id# [].name",
  "GET /keepers/{id} | A keeper | | id# name",
  "GET /hives | Hives | | [].id# [].name [].keeper#",
  "GET /hives/{id} | A hive | | id# name keeper#",
  "PATCH /hives/{id} | Change a hive | name keeper# | id#",
  "GET /harvests | Harvests | | [].id# [].hive# [].kilos#",
  "GET /harvests/{id} | A harvest | | id# hive# kilos#",
  "POST /harvests | Record a harvest of a hive | hive#! kilos#! tester | id#",
  "DELETE /harvests/{id} | Delete a harvest",
);
const keepers: Past = [
  "GET /keepers",
  200,
  [
    { id: 1, name: "Ada Wyss" },
    { id: 2, name: "Bo Kern" },
  ],
];
const hives: Past = [
  "GET /hives",
  200,
  [
    { id: 1, name: "Clover", keeper: 1 },
    { id: 2, name: "Heather", keeper: 2 },
  ],
];
const harvests: Past = [
  "GET /harvests",
  200,
  [
    { id: 5, hive: 1, kilos: 8 },
    { id: 6, hive: 2, kilos: 9 },
  ],
];

test.each([
  ["Record a harvest of Heather with 12 kilos", [hives], 'POST /harvests {"hive":2,"kilos":12}'],
  [
    "Record a harvest of Lime with 12 kilos",
    [hives, keepers],
    'finish: Cannot go on: nothing here is called "Lime".',
  ],
  ["Change the keeper of the hive Clover to Bo Kern", [hives, keepers], 'PATCH /hives/1 {"keeper":2}'],
  [
    "Change the keeper of the hive Clover to Ida Ott",
    [hives, keepers],
    'finish: Cannot go on: nothing here is called "Ida Ott".',
  ],
  ["Delete the harvest of Heather", [harvests, hives], "DELETE /harvests/6"],
] as const)("%s: a number that is called by the noun of things here is the id of one", (goal, past, call) => {
  expect(nextCall(HIVES, goal, past)).toBe(call);
});
