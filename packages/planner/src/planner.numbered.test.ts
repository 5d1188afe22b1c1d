import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const WELLS = apiOf(
  "rest",
  "GET /wells | Wells | page# | items[].id# items[].depth# items[].operator total#",
  "GET /wells/{id} | A well | | id# depth# operator",
  "POST /wells/{id}/closure | Close a well | reason! | id#",
  "PATCH /wells/{id} | Change a well | depth# pumps# operator | id# depth# pumps#",
);
const PARCELS = apiOf(
  "rest",
  "GET /parcels | Parcels | | [].id [].number [].street",
  "DELETE /parcels/{id} | Give a parcel back",
  "GET /leases | Leases | | [].id# [].parcelNumber# [].holder",
  "POST /leases/{leaseId}/end | End a lease | | id#",
  "POST /parcels | Add a parcel | number! street! | id",
);
const RADIOS = apiOf(
  "rest",
  "POST /radios | Register a radio | label! | id#",
  "DELETE /radios/{radioId} | Scrap a radio",
  "POST /crews/{crewId}/radios | Hand a radio to a crew | radioId!# | id#",
  "GET /crews | Crews",
);

const wells = (...ids: number[]): Past => [
  "GET /wells",
  200,
  { items: ids.map((id) => ({ id, depth: 30, operator: "Ann" })), total: 40 },
];
const parcels: Past = [
  "GET /parcels",
  200,
  [
    { id: "a", number: "17", street: "Mill Lane 3" },
    { id: "b", number: "3", street: "Oak Road" },
    { id: "c", number: "P-0042", street: "Oak Road" },
  ],
];
const leases: Past = [
  "GET /leases",
  200,
  [
    { id: 3, parcelNumber: 17, holder: "Ann" },
    { id: 4, parcelNumber: 3, holder: "Bo" },
  ],
];
const crews: Past = [
  "GET /crews",
  200,
  [
    { id: 7, name: "North" },
    { id: 8, name: "South" },
  ],
];

test.each([
  ["Close well 12, reason dry", WELLS, [wells(11, 12)], /^POST \/wells\/12\/closure/],
  ["Close well no. 12, reason dry", WELLS, [wells(11, 12)], /^POST \/wells\/12\/closure/],
  ["Close the well with the id 12, reason dry", WELLS, [wells(11, 12)], /^POST \/wells\/12\/closure/],
  ["Set the depth of well 12 to 44", WELLS, [wells(11, 12)], /^PATCH \/wells\/12 \{"depth":44\}$/],
  // What the list does not show is read by its number, and is no other well.
  ["Close well 30, reason dry", WELLS, [wells(11, 12)], /^GET \/wells\/30$/],
  [
    "Close well 30, reason dry",
    WELLS,
    [wells(11), ["GET /wells/30", 200, { id: 30 }]],
    /^POST \/wells\/30\/clo/,
  ],
  ["Give parcel 3 back", PARCELS, [parcels], "DELETE /parcels/b"],
  ["Give parcel number 42 back", PARCELS, [parcels], "DELETE /parcels/c"],
  ["Give parcel 99 back", PARCELS, [parcels], "finish: Cannot go on: there is no parcel 99 here."],
  ["End the lease of parcel 3", PARCELS, [leases], "POST /leases/4/end"],
  ["End lease 3", PARCELS, [leases], "POST /leases/3/end"],
  ["End the lease of parcel 5", PARCELS, [leases], "finish: Cannot go on: there is no parcel 5 here."],
  ["Add parcel 88 in Elm Street", PARCELS, [], /^POST \/parcels \{"number":"88"/],
  ["Scrap radio 31", RADIOS, [], "DELETE /radios/31"],
  ["Scrap #31", RADIOS, [], "DELETE /radios/31"],
  ["Hand radio 4 to crew 8", RADIOS, [crews], 'POST /crews/8/radios {"radioId":4}'],
  ["Hand radio 4 to crew 9", RADIOS, [crews], "finish: Cannot go on: there is no crew 9 here."],
])("%s: a number behind a noun is the identity of the thing", (goal, api, past, call) => {
  const next = nextCall(api, goal, past as readonly Past[]);
  if (typeof call === "string") expect(next).toBe(call);
  else expect(next).toMatch(call);
});

test.each([
  ["Give the second parcel back", PARCELS, [parcels], "DELETE /parcels/b"],
  ["Give the last parcel back", PARCELS, [parcels], "DELETE /parcels/c"],
  [
    "Give the 5th parcel back",
    PARCELS,
    [parcels],
    "finish: Cannot go on: the list has fewer than 5 that suit.",
  ],
  [
    "Give all parcels back",
    PARCELS,
    [],
    'finish: Nothing is done: nothing here serves "Give all parcels back".',
  ],
])("%s: a place in a list is what it says", (goal, api, past, call) => {
  expect(nextCall(api, goal, past as Past[])).toBe(call);
});

test.each([
  "Paint well 12 and set its depth to 40",
  "Move well 12 to the North. Then set its depth to 40",
  "Set the depth of the nicest well to 40",
  "Close my oldest well, reason dry",
  "Find the newest well and set its depth to 40",
])("no other thing is changed than the one that was named: %s", (goal) => {
  for (const past of [[], [wells(11, 12)], [wells(11)]])
    expect(nextCall(WELLS, goal, past)).not.toMatch(/^(?:POST|PATCH) \/wells\/(?!12\/|12 )/);
});

test("its, of what is found by its number", () => {
  expect(nextCall(WELLS, "Find well 12 and set its depth to 40", [wells(11, 12)])).toMatch(
    /^(?:GET|PATCH) \/wells\/12/,
  );
});

const SPARES = apiOf(
  "rest",
  "GET /hires | Hires | | [].id# [].who",
  "POST /hires/{id}/end | End a hire | | id#",
  "GET /bikes | Bikes | | [].id# [].frame",
  "DELETE /bikes/{id} | Scrap a bike",
);

test("what belongs to the thing before is not any of its kind", () => {
  const hires: Past = ["GET /hires", 200, [{ id: 21, who: "Ann" }]];
  const ended: Past = ["POST /hires/21/end", 200, { id: 21 }];
  const bikes: Past = ["GET /bikes", 200, [{ id: 5, frame: "A" }]];
  const goal = "End hire 21 and scrap its bike";
  expect(nextCall(SPARES, goal, [hires])).toMatch(/^POST \/hires\/21\/end/);
  for (const past of [
    [hires, ended],
    [hires, ended, bikes],
  ])
    expect(nextCall(SPARES, goal, past as Past[])).not.toMatch(/^DELETE/);
});
