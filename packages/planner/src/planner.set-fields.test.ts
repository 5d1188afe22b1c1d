import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const LOCKERS = apiOf(
  "rest",
  "GET /lockers | Lockers | | [].id# [].keyNo# [].qty# [].desc [].size",
  "PATCH /lockers/{id} | Change a locker | keyNo#~Key_number qty# desc size=S,M,L | id#",
);
const lockers: Past = ["GET /lockers", 200, [{ id: 31, keyNo: 4, qty: 2, desc: "", size: "S" }]];

test.each([
  ["Change the key number of locker 31 to 14", 'PATCH /lockers/31 {"keyNo":14}'],
  ["Change the quantity of locker 31 to 5", 'PATCH /lockers/31 {"qty":5}'],
  ['Set the description of locker 31 to "old"', 'PATCH /lockers/31 {"desc":"old"}'],
  ["Change the key number of locker 31 to 14 and its size to L", 'PATCH /lockers/31 {"keyNo":14,"size":"L"}'],
])("%s: the field is found by what people call it", (goal, call) => {
  expect(nextCall(LOCKERS, goal, [lockers])).toBe(call);
});

test.each([
  ["Change the key number of locker 31 to the usual one", "keyNo"],
  ["Change the key number of locker 31 to the usual one and its size to L", "keyNo"],
  ["Change the size of locker 31 to XXL", "size"],
])("%s: what is not understood is neither made up nor left out", (goal, field) => {
  expect(nextCall(LOCKERS, goal, [lockers])).toBe(
    `finish: Cannot go on: the new ${field} is not understood.`,
  );
});
