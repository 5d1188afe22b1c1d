import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const PATENTS = apiOf(
  "rest",
  "GET /applications | Applications | | [].id# [].fileNumber [].title [].office",
  "POST /applications | File an application | fileNumber! title! office language!~ISO_code | id#",
  "PATCH /applications/{id} | Update an application | title office examinerId# | id#",
  "POST /applications/{id}/grant | Grant an application | | id#",
  "GET /examiners | Examiners | | [].id# [].name",
);
const WAGONS = apiOf(
  "rest",
  "GET /wagons | Wagons | | [].id# [].serial [].depot",
  "POST /wagons | Add a wagon | serial! depot! axles!# | id#",
  "PATCH /wagons/{id} | Change a wagon | depot track axles# | id#",
);
const CARGO = apiOf(
  "rest",
  "GET /declarations | Declarations | | [].id# [].reference [].terminal",
  "POST /declarations | Create a declaration | reference! terminal! language room | id#",
);

const applications: Past = [
  "GET /applications",
  200,
  [
    { id: 11, fileNumber: "EP 3 124/26", title: "Hinge", office: "Munich Branch Office" },
    { id: 12, fileNumber: "EP 7/26", title: "Pump", office: "Hague Main Office" },
  ],
];
const wagons: Past = [
  "GET /wagons",
  200,
  [
    { id: 3, serial: "TK-204/9", depot: "Northern Depot" },
    { id: 4, serial: "TK-310/2", depot: "Old Depot" },
  ],
];

test.each([
  [
    "File an application with the file number EP 9/27, title Salt lamp, at the Hague Main Office in English (en).",
    PATENTS,
    'POST /applications {"fileNumber":"EP 9/27","title":"Salt lamp","office":"Hague Main Office","language":"en"}',
  ],
  [
    "File an application EP 12/27 called Rope clamp in Finnish.",
    PATENTS,
    'POST /applications {"fileNumber":"EP 12/27","title":"Rope clamp","language":"fi"}',
  ],
  [
    "Add the wagon OT 77/3 with 4 axles at the Northern Depot.",
    WAGONS,
    'POST /wagons {"serial":"OT 77/3","depot":"Northern Depot","axles":4}',
  ],
  [
    "Create a declaration with reference MX-18/204 at the Eastern Terminal in Polish.",
    CARGO,
    'POST /declarations {"reference":"MX-18/204","terminal":"Eastern Terminal","language":"Polish"}',
  ],
])("%s: codes are whole values, and names go to the fields of their nouns", (goal, api, call) => {
  expect(nextCall(api, goal, [])).toBe(call);
});

test.each([
  ["Grant application EP 3 124/26.", PATENTS, [applications], "POST /applications/11/grant"],
  [
    "Move the application EP 7/26 to the Munich Branch Office.",
    PATENTS,
    [applications],
    'PATCH /applications/12 {"office":"Munich Branch Office"}',
  ],
  ["Move the wagon TK-310/2 to track 12.", WAGONS, [wagons], 'PATCH /wagons/4 {"track":"12"}'],
  ["Move the wagon TK-204/9 to the Old Depot.", WAGONS, [wagons], 'PATCH /wagons/3 {"depot":"Old Depot"}'],
  ["Move the wagon TK-204/8 to track 12.", WAGONS, [wagons], /nothing here is called "TK-204\/8"/],
])("%s: a code tells which thing is meant, and is no number", (goal, api, past, call) => {
  const made = nextCall(api, goal, past as readonly Past[]);
  if (typeof call === "string") expect(made).toBe(call);
  else expect(made).toMatch(call);
});

test("the digits of codes are not named as not understood", () => {
  const past: Past[] = [applications, ["POST /applications/11/grant", 200, { id: 11 }]];
  expect(nextCall(PATENTS, "Grant application EP 3 124/26.", past)).toBe(
    "finish: Every part of the goal is done.",
  );
});

test.each([
  ["Add a wagon for Mr Olsen with 4 axles.", WAGONS, "for Mr Olsen"],
  ["File an application called Pump for Orlov Labs in Finnish.", PATENTS, "for Orlov Labs"],
])("%s: nothing is made up while the goal has a value that nothing takes", (goal, api, left) => {
  expect(nextCall(api, goal, [])).toContain(`is not understood; nothing takes "${left}"`);
});
