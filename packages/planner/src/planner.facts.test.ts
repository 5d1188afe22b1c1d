import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const BRIDGES = apiOf(
  "rest",
  "GET /bridges | Bridges | &from@date | [].id# [].name [].opened@date",
  "GET /bridges/{id} | A bridge | | id# name opened@date",
  "PATCH /bridges/{id} | Change a bridge | opened@date | id#",
  "POST /inspections | Record an inspection of a bridge | bridge#! day!@date inspector state!=sound,cracked,unsafe | id#",
  "GET /inspections | Inspections | | [].id# [].bridge# [].state",
);
const bridges: Past = [
  "GET /bridges",
  200,
  [
    { id: 4, name: "Old Span", opened: "2031-05-04" },
    { id: 5, name: "Mill Bridge", opened: "2031-06-01" },
  ],
];

test("a fact that names an option is recorded with it, and with its day", () => {
  expect(nextCall(BRIDGES, "Record that Old Span is cracked on 3 December 2031", [bridges])).toBe(
    'POST /inspections {"bridge":4,"day":"2031-12-03","state":"cracked"}',
  );
});

test.each([
  ["Change the opening day of Mill Bridge to 2 June 2031", [], "GET /bridges"],
  ["Move the bridge on 4 May 2031 to 5 May 2031", [], "GET /bridges?from=2031-05-04"],
] as const)("%s: the new day finds nothing", (goal, past, call) => {
  expect(nextCall(BRIDGES, goal, past)).toBe(call);
});

test("what is refused because it is there already was not done", () => {
  const shelves = apiOf("rest", "POST /shelves | Add a shelf | name! | id#");
  const refused: Past = ['POST /shelves {"name":"Top"}', 409, { error: "already exists" }];
  expect(nextCall(shelves, 'Add a shelf called "Top"', [refused])).toBe(
    'finish: POST /shelves failed with 409 ("already exists").',
  );
});
