import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const CRATES = apiOf(
  "rest",
  "GET /crates | Crates | | [].id# [].bay [].sealNo# [].remark [].state=open,in_transit,lost",
  "GET /crates/{id} | A crate | | id# bay sealNo# remark state",
  "PATCH /crates/{id} | Change a crate | bay sealNo#~Seal_number remark | id#",
  "DELETE /crates/{id} | Remove a crate",
  "POST /crates/{id}/recall | Recall a crate | reason | id#",
  "POST /crates | Register a crate | bay! sealNo#! remark | id#",
);
const crates: Past = [
  "GET /crates",
  200,
  [
    { id: 5, bay: "N1", sealNo: 7, remark: "", state: "open" },
    { id: 6, bay: "N2", sealNo: 5, remark: "wet", state: "in_transit" },
    { id: 7, bay: "N2", sealNo: 9, remark: "dented lid", state: "open" },
  ],
];
const none = (said: string): string => `finish: Cannot go on: nothing here has "${said}".`;

test.each([
  ['Remove the crate with the remark "dented lid"', "DELETE /crates/7"],
  ["Remove the crate with remark wet", "DELETE /crates/6"],
  ["Remove the crate with the seal number 5", "DELETE /crates/6"],
  ["Remove the crate with state in transit", "DELETE /crates/6"],
  ['Remove the crate with the remark "cracked"', none("remark cracked")],
  ["Remove the crate with remark cracked", none("remark cracked")],
  ["Remove the crate with seal number 6", none("seal number 6")],
  ["Remove the crate with state lost", none("state lost")],
  ['Remove the crate with the remark "wet" and the seal number 9', none('remark wet", "seal number 9')],
  ['Recall the crate with the remark "cracked"', none("remark cracked")],
  ['Recall the crate with the remark "wet"', "POST /crates/6/recall"],
  ['Change the bay of the crate with the remark "wet" to S4', 'PATCH /crates/6 {"bay":"S4"}'],
  ['Change the bay of the crate with the remark "cracked" to S4', none("remark cracked")],
  ['Change the remark of the crate with seal number 5 to "dry"', 'PATCH /crates/6 {"remark":"dry"}'],
  ['Remove a crate with the remark "cracked"', none("remark cracked")],
  ['Show the crate with the remark "cracked", then remove it', none("remark cracked")],
  ['Find the crate with the remark "wet", then remove it', "DELETE /crates/6"],
  ['Change the crate with the remark "wet": bay S4', 'PATCH /crates/6 {"bay":"S4"}'],
  [
    "Remove the crate with the state open",
    'finish: Cannot go on: 2 things here have "state open", and the goal does not say which.',
  ],
])("%s: what a thing that there is has tells which one is meant", (goal, call) => {
  expect(nextCall(CRATES, goal, [crates])).toBe(call);
});

test("what something new has is what it gets", () => {
  expect(
    nextCall(CRATES, 'Register a crate with the bay N4, the seal number 3 and the remark "wet"', []),
  ).toBe('POST /crates {"bay":"N4","sealNo":3,"remark":"wet"}');
  expect(nextCall(CRATES, 'Recall crate 6 with the reason "leak"', [crates])).toBe(
    'POST /crates/6/recall {"reason":"leak"}',
  );
});

test("a refusal of the thing that was meant leaves all others as they are", () => {
  const refused: Past = ["DELETE /crates/6", 409, { error: "it is on its way" }];
  expect(nextCall(CRATES, "Remove the crate with remark wet", [crates, refused])).toBe(
    'finish: DELETE /crates/6 failed with 409 ("it is on its way").',
  );
});

test("so does the refusal of what an adjective of the goal tells from the others", () => {
  const refused: Past = ["DELETE /crates/6", 409, { error: "it is on its way" }];
  expect(nextCall(CRATES, "Remove the wet crate", [crates])).toBe("DELETE /crates/6");
  expect(nextCall(CRATES, "Remove the wet crate", [crates, refused])).toBe(
    'finish: DELETE /crates/6 failed with 409 ("it is on its way").',
  );
});

test("of what may be any one, another is taken", () => {
  const refused: Past = ["POST /crates/6/recall", 404, { error: "not there" }];
  expect(nextCall(CRATES, "Look through the wet crates, recall one", [crates, refused])).toMatch(
    /^POST \/crates\/[57]\/recall/,
  );
});

const KILNS = apiOf(
  "rest",
  "GET /kilns | Kilns | | [].id# [].name",
  "GET /kilns/{id} | A kiln | | id# name lining",
  "DELETE /kilns/{id} | Scrap a kiln",
);

test("what a list does not show, the own reads of its things do", () => {
  const kilns: Past = [
    "GET /kilns",
    200,
    [
      { id: 1, name: "Ada" },
      { id: 2, name: "Bo" },
    ],
  ];
  const goal = 'Scrap the kiln with the lining "brick"';
  expect(nextCall(KILNS, goal, [kilns])).toBe("GET /kilns/1");
  const first: Past = ["GET /kilns/1", 200, { id: 1, name: "Ada", lining: "fibre" }];
  expect(nextCall(KILNS, goal, [kilns, first])).toBe("GET /kilns/2");
  const second = (lining: string): Past => ["GET /kilns/2", 200, { id: 2, name: "Bo", lining }];
  expect(nextCall(KILNS, goal, [kilns, first, second("brick")])).toBe("DELETE /kilns/2");
  expect(nextCall(KILNS, goal, [kilns, first, second("wool")])).toBe(none("lining brick"));
});

const STALLS = apiOf(
  "rest",
  "GET /stalls | Stalls | | [].id# [].fairId# [].status",
  "POST /stalls/{id}/cancel | Cancel a stall | reason | id#",
  "GET /fairs | Fairs | | [].id# [].name",
);
const stalls: Past = [
  "GET /stalls",
  200,
  [
    { id: 1, fairId: 8, status: "open" },
    { id: 2, fairId: 9, status: "open" },
  ],
];
const fairs: Past = [
  "GET /fairs",
  200,
  [
    { id: 8, name: "Spring Fair" },
    { id: 9, name: "Harbour Day" },
  ],
];

test.each([
  ["Cancel the stall for the Harbour Day", "POST /stalls/2/cancel"],
  [
    "Cancel the stall for the Harbour Day with the status closed",
    'finish: Cannot go on: nothing here has "status closed".',
  ],
  ["Cancel the stall for the Night Market", 'finish: Cannot go on: nothing here is called "Night Market".'],
  ['Cancel stall 1 because of "rain"', 'POST /stalls/1/cancel {"reason":"rain"}'],
  ["Cancel stall 1 because of rain", 'POST /stalls/1/cancel {"reason":"rain"}'],
])("%s: what a thing is for is no text that is sent", (goal, call) => {
  expect(nextCall(STALLS, goal, [stalls, fairs])).toBe(call);
});
