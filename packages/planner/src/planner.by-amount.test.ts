import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const REPAIRS = apiOf(
  "rest",
  "GET /clocks | Clocks | | [].clockId [].maker",
  "POST /clocks/{clockId}/repairs | Propose a repair | kind! hours# restorer | ref kind hours# restorer",
  "GET /repairs/{ref} | A repair | | ref kind hours# restorer",
  "PATCH /repairs/{ref} | Change a repair | hours# restorer colour | ref kind hours# restorer",
);
const WARES = apiOf(
  "rest",
  "GET /wares | Wares | | [].id [].name",
  "GET /wares/{id} | A ware | | id name price# shelf",
  "PUT /wares/{id} | Replace a ware | name! price# shelf | id name price#",
);
const LOANS = apiOf(
  "rest",
  "GET /loans | Loans | | [].loanId [].title [].weeks#",
  "PATCH /loans/{loanId} | Change a loan | weeks# keeper | loanId weeks#",
);

const clocks: Past = ["GET /clocks", 200, [{ clockId: "c1", maker: "Huber" }]];
const repair: Past = [
  'POST /clocks/c1/repairs {"kind":"oil"}',
  201,
  { ref: "r1", kind: "oil", hours: 4, restorer: "" },
];
const wares: Past = [
  "GET /wares",
  200,
  [
    { id: "w1", name: "Lamp" },
    { id: "w2", name: "Chair" },
  ],
];
const lamp: Past = ["GET /wares/w1", 200, { id: "w1", name: "Lamp", price: 40, shelf: "B2" }];
const loans: Past = ["GET /loans", 200, [{ loanId: "l1", title: "Dune", weeks: 2 }]];

test.each([
  [
    'Propose a repair of the kind "oil" of a clock, raise its hours by 3',
    REPAIRS,
    [clocks, repair],
    'PATCH /repairs/r1 {"hours":7}',
  ],
  [
    'Propose a repair of the kind "oil" of a clock, lower its hours by 1',
    REPAIRS,
    [clocks, repair],
    'PATCH /repairs/r1 {"hours":3}',
  ],
  [
    'Propose a repair of the kind "oil" of a clock, raise its hours by 50 %',
    REPAIRS,
    [clocks, repair],
    'PATCH /repairs/r1 {"hours":6}',
  ],
  [
    'Propose a repair of the kind "oil" of a clock, assign it to Mara Lind',
    REPAIRS,
    [clocks, repair],
    'PATCH /repairs/r1 {"restorer":"Mara Lind"}',
  ],
  ["Lower the price of the Lamp by 10 %", WARES, [wares], "GET /wares/w1"],
  [
    "Lower the price of the Lamp by 10 %",
    WARES,
    [wares, lamp],
    'PUT /wares/w1 {"name":"Lamp","price":36,"shelf":"B2"}',
  ],
  [
    "Change the shelf of the Lamp to the cellar",
    WARES,
    [wares, lamp],
    'PUT /wares/w1 {"name":"Lamp","price":40,"shelf":"cellar"}',
  ],
  ['Extend the loan "Dune" by 2 weeks', LOANS, [loans], 'PATCH /loans/l1 {"weeks":4}'],
  ["Hand the loan Dune to Ida Brandt", LOANS, [loans], 'PATCH /loans/l1 {"keeper":"Ida Brandt"}'],
] as const)("%s: %#", (goal, api, past, call) => {
  expect(nextCall(api, goal, past)).toBe(call);
});
