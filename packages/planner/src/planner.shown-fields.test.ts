import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const bare = (...lines: string[]) => ({ ...apiOf("rest", ...lines), documented: false });

const LIFTS = bare(
  "GET /lifts | List lifts",
  "POST /lifts | Create lifts",
  "PATCH /lifts/{id} | Update lifts",
  "DELETE /lifts/{id} | Delete lifts",
  "POST /lifts/{id}/stop | Stop lifts",
);
const TRAMS = bare(
  "GET /trips | List trips",
  "PATCH /trips/{id} | Update trips",
  "DELETE /trips/{id} | Delete trips",
);

const FINES = bare("GET /fines | List fines", "PATCH /fines/{id} | Update fines");

const fines: Past = [
  "GET /fines",
  200,
  [
    { id: 21, plate: "KI XY 9", amount: 35, day: "2031-03-10" },
    { id: 22, plate: "HH AB 1", amount: 60, day: "2031-03-12" },
  ],
];
const lifts: Past = [
  "GET /lifts",
  200,
  [
    { id: 1, serial: "TK-204/9", building: "Harbour Tower", city: "Kiel", floors: 12, remark: "" },
    { id: 2, serial: "OT 55/1", building: "Linden Court", city: "Bern", floors: 6, remark: "" },
  ],
];
const trips: Past = [
  "GET /trips",
  200,
  [
    { id: 4, driver: "Gesa Thoms", day: "2031-03-10" },
    { id: 5, driver: "Omar Nasri", day: "2031-03-11" },
  ],
];

test("what is made has the fields that its list shows, which is read first", () => {
  const goal = "Register the lift OT 77/3 in the building Green Hall in Kiel with 5 floors.";
  expect(nextCall(LIFTS, goal, [])).toBe("GET /lifts");
  expect(JSON.parse(nextCall(LIFTS, goal, [lifts]).replace("POST /lifts ", ""))).toEqual({
    serial: "OT 77/3",
    building: "Green Hall",
    city: "Kiel",
    floors: 5,
  });
});

test.each([
  [
    'Put a note "two keys" on the lift in Linden Court.',
    LIFTS,
    lifts,
    'PATCH /lifts/2 {"remark":"two keys"}',
  ],
  ["Move the trip of Gesa Thoms to 14 March 2031.", TRAMS, trips, 'PATCH /trips/4 {"day":"2031-03-14"}'],
  ["Cancel the trip on 11 March 2031.", TRAMS, trips, "DELETE /trips/5"],
  ["Set the amount of the fine of 12 March 2031 to 10.", FINES, fines, 'PATCH /fines/22 {"amount":10}'],
  [
    "Change the plate of the fine of 10 March 2031 to M ZZ 1.",
    FINES,
    fines,
    'PATCH /fines/21 {"plate":"M ZZ 1"}',
  ],
  ["Stop the lift TK-204/9.", LIFTS, lifts, "POST /lifts/1/stop"],
  ["Delete the lift in Harbour Tower.", LIFTS, lifts, "DELETE /lifts/1"],
])(
  "%s: what a list without a document shows says which one, and which fields it has",
  (goal, api, past, call) => {
    expect(nextCall(api, goal, [past])).toBe(call);
  },
);

test.each([
  ["Cancel the trip on 12 March 2031.", TRAMS, trips, 'nothing here is at "12 March 2031"'],
  ["Delete the lift TK-204/8.", LIFTS, lifts, 'nothing here is called "TK-204/8"'],
  ['Set the colour of the lift in Linden Court to "red".', LIFTS, lifts, "nothing here shows a colour"],
])("%s: what nothing shows is not done", (goal, api, past, reason) => {
  expect(nextCall(api, goal, [past])).toContain(reason);
});

test("what a call has sent is understood", () => {
  const goal = "Move the trip of Gesa Thoms to 14 March 2031.";
  const moved: Past = ['PATCH /trips/4 {"day":"2031-03-14"}', 200, { id: 4 }];
  expect(nextCall(TRAMS, goal, [trips, moved])).toBe("finish: Every part of the goal is done.");
});
