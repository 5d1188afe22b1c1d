import { apiOf } from "@ape/catalog/test/api-lines";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

type Api = ReturnType<typeof apiOf>;

function callsFor(api: Api, goal: string, answers: Record<string, Json>, seed = 1): string[] {
  const past: Past[] = [];
  const calls: string[] = [];
  for (let step = 0; step < 8; step += 1) {
    const call = nextCall(api, goal, past, { seed });
    calls.push(call);
    if (call.startsWith("finish")) break;
    past.push([call, 200, answers[call.split("?")[0] ?? ""] ?? { id: 1 }]);
  }
  return calls;
}

const TOOLS = apiOf(
  "rest",
  "GET /tools | List tools | | [].id# [].name",
  "DELETE /tools/{id} | Scrap a tool",
  "PATCH /tools/{id} | Change a tool | shelf | id#",
  "GET /members | List members | | [].id# [].name",
  "GET /loans | List loans | | [].id# [].toolId# [].memberId# [].due@date",
  "POST /loans | Lend a tool to a member | toolId#! memberId#! due!@date | id#",
  "PATCH /loans/{id} | Change the due date of a loan | due@date | id#",
  "POST /loans/{id}/return | Take a tool back | | id#",
  "GET /repairs | List repairs | | [].id# [].toolId# [].fault",
  "POST /repairs | Send a tool to repair | toolId#! fault! | id#",
  "DELETE /repairs/{id} | Call a repair off",
);
const SHOWN: Record<string, Json> = {
  "GET /tools": [
    { id: 2, name: "Makita jigsaw" },
    { id: 3, name: "Stihl chainsaw" },
    { id: 5, name: "Tile cutter" },
    { id: 6, name: "Steam mop" },
  ],
  "GET /members": [
    { id: 11, name: "Nora Quist" },
    { id: 12, name: "Emil Brandt" },
  ],
  "GET /loans": [
    { id: 21, toolId: 2, memberId: 12, due: "2026-12-10" },
    { id: 22, toolId: 3, memberId: 11, due: "2026-12-05" },
  ],
  "GET /repairs": [
    { id: 31, toolId: 5, fault: "blade" },
    { id: 32, toolId: 2, fault: "cable" },
  ],
};

test.each([
  ["Return the chainsaw", "POST /loans/22/return"],
  ["Return the jigsaw", "POST /loans/21/return"],
  ["Scrap the tile cutter", "DELETE /tools/5"],
  ["Call off the repair of the tile cutter", "DELETE /repairs/31"],
  ["Extend the loan of the chainsaw until 5 March 2027", 'PATCH /loans/22 {"due":"2027-03-05"}'],
  ["Renew Emil Brandt's loan of the jigsaw until 5 March 2027", 'PATCH /loans/21 {"due":"2027-03-05"}'],
  ["Prolong loan 22 until 5 March 2027", 'PATCH /loans/22 {"due":"2027-03-05"}'],
  [
    "Borrow the steam mop for Nora Quist until 5 March 2027",
    'POST /loans {"toolId":6,"memberId":11,"due":"2027-03-05"}',
  ],
])("%s: a thing is known by words in small letters, too", (goal, call) => {
  for (const seed of [1, 2, 3]) expect(callsFor(TOOLS, goal, SHOWN, seed)).toContain(call);
});

test.each([
  ["Return the ladder", "ladder"],
  ["Scrap the leaf blower", "leaf blower"],
  ["Call off the repair of the steam mop", "steam mop"],
  ["Borrow the ladder for Nora Quist until 5 March 2027", "ladder"],
])("%s: where there is no such thing, no other is taken", (goal, name) => {
  for (const seed of [1, 2, 3]) {
    const calls = callsFor(TOOLS, goal, SHOWN, seed);
    expect(calls.at(-1)).toMatch(new RegExp(`^finish: .*"[^"]*${name}`));
    expect(calls.some((call) => !/^(?:GET|finish)/.test(call))).toBe(false);
  }
});

test("what was made is not what is of another thing", () => {
  const goal = "Send the jigsaw to repair with the fault noise, then call off the repair of the tile cutter";
  const calls = callsFor(TOOLS, goal, SHOWN);
  expect(calls.some((call) => call.startsWith("DELETE") && call !== "DELETE /repairs/31")).toBe(false);
});

test("words of the API and what is near to them are no names", () => {
  const boats = apiOf(
    "rest",
    "GET /vessels | Vessels | | [].id# [].size#",
    "POST /vessels/{id}/inspection | Inspect a vessel",
  );
  expect(callsFor(boats, "Inspect the boat", { "GET /vessels": [{ id: 4, size: 3 }] })).toContain(
    "POST /vessels/4/inspection",
  );
});

test.each([
  ["Examine the chainsaw and return it", "POST /loans/22/return"],
  [
    "Return the chainsaw and lend it to Emil Brandt until 5 March 2027",
    /^POST \/loans \{"toolId":3,"memberId":12/,
  ],
  ["Sharpen the jigsaw, then return it", "POST /loans/21/return"],
  ["Renew the loan of the chainsaw by a week", 'PATCH /loans/22 {"due":"2026-12-12"}'],
])("%s: it is what the clause before is about", (goal, call) => {
  for (const seed of [1, 2, 3]) {
    const calls = callsFor(TOOLS, goal, SHOWN, seed);
    expect(calls).toContainEqual(typeof call === "string" ? call : expect.stringMatching(call));
  }
});
