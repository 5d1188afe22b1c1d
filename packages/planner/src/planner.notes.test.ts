import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const CRATES = apiOf(
  "rest",
  "GET /carriers | Carriers | | [].id# [].name",
  "PATCH /carriers/{id} | Update a carrier | rate# | id#",
  "GET /shipments | Shipments | &carrierId# | [].id# [].carrierId# [].code [].remark",
  "POST /shipments | Send a shipment | carrierId!# remark | id#",
  "PATCH /shipments/{id} | Change a shipment | remark weightKg# | id#",
);
const BOILERS = apiOf(
  "rest",
  "GET /boilers | Boilers | | [].id# [].name [].hall",
  "PATCH /boilers/{id} | Change a boiler | hall label pressure# | id#",
  "POST /boilers/{id}/comments | Comment on a boiler | text! | id#",
);
const PUMPS = apiOf(
  "rest",
  "GET /pumps | Pumps | | [].id# [].name [].site",
  "PATCH /pumps/{id} | Change a pump | note site | id#",
  "POST /pumps/{id}/objections | Object to a pump | text! | id#",
);

const carriers: Past = [
  "GET /carriers",
  200,
  [
    { id: 1, name: "Ute Falk" },
    { id: 2, name: "Jan Roos" },
  ],
];
const shipments: Past = [
  "GET /shipments",
  200,
  [
    { id: 7, carrierId: 2, code: "SH-7/26", remark: "" },
    { id: 8, carrierId: 1, code: "SH-8/26", remark: "" },
  ],
];
const boilers: Past = [
  "GET /boilers",
  200,
  [
    { id: 3, name: "Old Bess", hall: "A" },
    { id: 4, name: "Red Ann", hall: "B" },
  ],
];
const pumps: Past = [
  "GET /pumps",
  200,
  [
    { id: 5, name: "Grey Tom", site: "Mill" },
    { id: 6, name: "Blue Kate", site: "Dock" },
  ],
];

test.each([
  [
    'Put a note "call first" on the shipment SH-7/26.',
    CRATES,
    [shipments],
    'PATCH /shipments/7 {"remark":"call first"}',
  ],
  ['Attach the label "hot" to the boiler Red Ann.', BOILERS, [boilers], 'PATCH /boilers/4 {"label":"hot"}'],
  [
    'Leave the comment "hums" on the boiler Red Ann.',
    BOILERS,
    [boilers],
    'POST /boilers/4/comments {"text":"hums"}',
  ],
  ['Write a remark "drips" on the pump Blue Kate.', PUMPS, [pumps], 'PATCH /pumps/6 {"note":"drips"}'],
  ['Put a note "two keys" on the pump at the Mill.', PUMPS, [pumps], 'PATCH /pumps/5 {"note":"two keys"}'],
  ["Record that SH-8/26 weighs 7.8 kg.", CRATES, [shipments], 'PATCH /shipments/8 {"weightKg":7.8}'],
  ["Note that the pressure of Old Bess is 4.", BOILERS, [boilers], 'PATCH /boilers/3 {"pressure":4}'],
  [
    "Note that the pump Blue Kate leaks.",
    PUMPS,
    [pumps],
    'PATCH /pumps/6 {"note":"the pump Blue Kate leaks"}',
  ],
  ["Move the boiler Red Ann to hall C.", BOILERS, [boilers], 'PATCH /boilers/4 {"hall":"C"}'],
])("%s: the field or the collection that the document has", (goal, api, past, call) => {
  expect(nextCall(api, goal, past as readonly Past[])).toBe(call);
});

test.each([
  ["Assign Jan Roos to the ride RD-4/26.", 'PATCH /rides/4 {"pilotId":2}'],
  ["Set Ute Falk to available.", 'PATCH /pilots/1 {"available":true}'],
  [
    "Create the ride RD-6/26 from Dutch (nl) to Polish (pl).",
    'POST /rides {"reference":"RD-6/26","source":"nl","target":"pl"}',
  ],
])("%s: who or what is named is taken", (goal, call) => {
  const api = apiOf(
    "rest",
    "GET /pilots | Pilots | | [].id# [].name [].available?",
    "PATCH /pilots/{id} | Update a pilot | available? | id#",
    "GET /rides | Rides | | [].id# [].reference [].pilotId#",
    "POST /rides | Create a ride | reference! source! target! | id#",
    "PATCH /rides/{id} | Update a ride | pilotId# source target | id#",
  );
  const pilots: Past = [
    "GET /pilots",
    200,
    [
      { id: 1, name: "Ute Falk", available: false },
      { id: 2, name: "Jan Roos", available: true },
    ],
  ];
  const rides: Past = [
    "GET /rides",
    200,
    [
      { id: 4, reference: "RD-4/26" },
      { id: 5, reference: "RD-5/26" },
    ],
  ];
  const isMade = goal.startsWith("Create");
  expect(nextCall(api, goal, isMade ? [] : goal.startsWith("Set") ? [pilots] : [rides, pilots])).toBe(call);
});

test("a note on what belongs to a person is no new thing", () => {
  const goal = 'Set the rate of Jan Roos to 78 and put a note "gate 3" on his shipment.';
  const done: Past = ['PATCH /carriers/2 {"rate":78}', 200, { id: 2 }];
  const own: Past = [
    "GET /shipments?carrierId=2",
    200,
    [{ id: 7, carrierId: 2, code: "SH-7/26", remark: "" }],
  ];
  expect(nextCall(CRATES, goal, [carriers, done, own])).toBe('PATCH /shipments/7 {"remark":"gate 3"}');
});
