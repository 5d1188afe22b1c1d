import type { JsonObject } from "@ape/core/lib/json";
import { isJsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const body = (data: unknown): JsonObject => (isJsonObject(data as JsonObject) ? (data as JsonObject) : {});
const STATES = { enum: ["requested", "confirmed", "cancelled"] };

/** A boat yard that knows charters, whose states are changed by a field, and lists of boats to keep. */
function yard(goal: string) {
  const boat = [
    field("answer", "[].id", "string", ""),
    field("answer", "[].kind", "string", "", { enum: ["sailing", "motor"] }),
    field("answer", "[].price", "number", ""),
  ];
  const charter = [
    field("answer", "id", "string", ""),
    field("answer", "boatId", "string", ""),
    field("answer", "status", "string", "", STATES),
  ];
  const list = [
    field("answer", "id", "string", ""),
    field("answer", "title", "string", ""),
    field("answer", "size", "integer", ""),
  ];
  const charterId = field("path", "charterId", "string!", "");
  const listId = field("path", "listId", "string!", "");
  const written = [field("body", "title", "string!", ""), field("body", "size", "integer", "")];
  const boats = Array.from({ length: 6 }, (_, index) => ({
    id: `b${index}`,
    kind: index === 4 ? "motor" : "sailing",
    price: 20 + index,
  }));
  const world = fake(
    "yard",
    [
      operation("GET /boats", "", boat),
      operation("POST /charters", "", [field("body", "boatId", "string!", ""), ...charter]),
      operation(
        "GET /charters",
        "",
        charter.map((one) => ({ ...one, name: `[].${one.name}` })),
      ),
      operation("PATCH /charters/{charterId}", "", [
        charterId,
        field("body", "status", "string!", "", STATES),
        ...charter,
      ]),
      operation("POST /charters/{charterId}/remarks", "", [charterId, field("body", "text", "string!", "")]),
      operation("POST /lists", "", [...written, ...list]),
      operation("PUT /lists/{listId}", "", [listId, ...written, ...list]),
      operation("GET /invoices", "", [field("answer", "[].id", "string", "")]),
      operation("POST /invoices", "", [field("body", "name", "string!", "")]),
    ],
    {
      "GET /boats": () => ({ status: 200, body: boats }),
      "POST /charters": ({ data }) => ({
        status: 201,
        body: { id: "c7", status: "requested", ...body(data) },
      }),
      "GET /charters": () => ({ status: 200, body: [] }),
      "PATCH /charters/{charterId}": () => ({ status: 200, body: { id: "c7" } }),
      "POST /charters/{charterId}/remarks": () => ({ status: 201, body: {} }),
      "POST /lists": ({ data }) => ({ status: 201, body: { id: "l3", ...body(data) } }),
      "PUT /lists/{listId}": () => ({ status: 200, body: { id: "l3" } }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [world.api], goal, answer: world.answer });
}

const made = async (goal: string): Promise<string[]> =>
  (await yard(goal)).calls.map((call) => call.replace(/"boatId":"b\d"/, '"boatId":"b?"'));

test.each([
  ["Hire a boat, then cancel the hire.", "cancelled"],
  ["Rent a boat and call it off.", "cancelled"],
  ["Charter a boat, then confirm the charter.", "confirmed"],
  ["Hire a vessel and approve it.", "confirmed"],
])("%s: the operation that takes a boat, then the state after the verb", async (goal, status) => {
  expect(await made(goal)).toEqual([
    "GET /boats -> 200",
    'POST /charters {"boatId":"b?"} -> 201',
    `PATCH /charters/c7 {"status":"${status}"} -> 200`,
  ]);
});

test("a noun that nothing here has is what can be written into the thing that was made", async () => {
  expect(await made('Hire a boat, add the note "ring twice" to the charter.')).toContain(
    'POST /charters/c7/remarks {"text":"ring twice"} -> 201',
  );
});

test("an item is of the kind that the goal names", async () => {
  const { calls } = await yard("Find a motor boat and hire it.");
  expect(calls.at(-1)).toBe('POST /charters {"boatId":"b4"} -> 201');
});

test.each([
  ['Make a list called "Best", then set its size to 7.', '{"title":"Best","size":7}'],
  ['Create a list named "Best" and change its title to "Last".', '{"title":"Last"}'],
])("%s: a whole replacement keeps what the goal does not change", async (goal, sent) => {
  expect((await yard(goal)).calls.at(-1)).toBe(`PUT /lists/l3 ${sent} -> 200`);
});
