import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const LESSONS = apiOf(
  "rest",
  "GET /lessons | Lessons | | [].id# [].pupilName [].day@date [].room",
  "DELETE /lessons/{id} | Cancel a lesson",
  "PATCH /lessons/{id} | Change a lesson | day@date room | id#",
);
const FLIGHTS = apiOf(
  "rest",
  "GET /flights | Flights | | [].code [].gate [].state",
  "POST /flights/{code}/boarding | Board a flight | | code",
);
const lessons: Past = [
  "GET /lessons",
  200,
  [
    { id: 8, pupilName: "Ann Lund", day: "2031-05-04", room: "A" },
    { id: 9, pupilName: "Bo Kern", day: "2031-05-05", room: "B" },
  ],
];
const flights: Past = [
  "GET /flights",
  200,
  [
    { code: "XA1", gate: "12A", state: "waiting" },
    { code: "XA2", gate: "14C", state: "waiting" },
  ],
];

test.each([
  ["Cancel the lesson in room A", LESSONS, lessons, "DELETE /lessons/8"],
  ["Cancel the lesson in room B", LESSONS, lessons, "DELETE /lessons/9"],
  ["Cancel the lesson in room Z", LESSONS, lessons, 'finish: Cannot go on: nothing here has "room Z".'],
  ["Board the flight at gate 14C", FLIGHTS, flights, "POST /flights/XA2/boarding"],
  ["Board the flight at gate 9B", FLIGHTS, flights, 'finish: Cannot go on: nothing here has "gate 9B".'],
])("%s: what a field of the list shows says which one is meant", (goal, api, past, call) => {
  expect(nextCall(api, goal, [past])).toBe(call);
});
