import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "integer!", "");
const STATES = { enum: ["running", "stopped"] };
const STAGES = { enum: ["planned", "approved", "done"] };
const PUMPS = [
  { id: 11, tag: "PU-01", kind: "drain", district: "NOR", state: "running" },
  { id: 12, tag: "VP-02", kind: "vacuum pump", district: "NOR", state: "stopped" },
  { id: 13, tag: "VP-03", kind: "vacuum pump", district: "HAR", state: "running" },
  { id: 14, tag: "PU-04", kind: "drain", district: "HAR", state: "stopped" },
];
const VISITS = [
  { id: 31, pumpId: 12, purpose: "Oil the bearing", days: 1, stage: "planned" },
  { id: 32, pumpId: 13, purpose: "Swap the vacuum gauge", days: 2, stage: "approved" },
  { id: 33, pumpId: 14, purpose: "Look for leaks", days: 2, stage: "planned" },
];
const DISTRICTS = [
  { code: "NOR", name: "Norham", alert: "green" },
  { code: "HAR", name: "Harlow Hill", alert: "amber" },
];
const ALERTS = { enum: ["green", "amber", "red"] };

const visitFields = (prefix: string) => [
  field("answer", `${prefix}id`, "integer", ""),
  field("answer", `${prefix}pumpId`, "integer", ""),
  field("answer", `${prefix}purpose`, "string", ""),
  field("answer", `${prefix}days`, "integer", ""),
  field("answer", `${prefix}stage`, "string", "", STAGES),
];
const pumpFields = (prefix: string) => [
  field("answer", `${prefix}id`, "integer", ""),
  field("answer", `${prefix}tag`, "string", ""),
  field("answer", `${prefix}kind`, "string", ""),
  field("answer", `${prefix}district`, "string", "Code of the district"),
  field("answer", `${prefix}state`, "string", "", STATES),
];

/** Waterworks: visits to pumps that are in districts; the path of the visits is one word. */
function waterworks(goal: string, seed = 1) {
  const only = (rows: readonly { id: number }[], { params = {} }: { params?: Record<string, string> }) =>
    reply(200, rows.find((row) => row.id === Number(params.id)) ?? null);
  const { api, answer } = fake(
    "works",
    [
      operation("GET /districts", "List districts", [
        field("answer", "[].code", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].alert", "string", "", ALERTS),
        field("query", "alert", "string", "", ALERTS),
      ]),
      operation("PUT /districts/{code}/alert", "Set the alert of a district", [
        field("path", "code", "string!", ""),
        field("body", "level", "string!", "", ALERTS),
      ]),
      operation("GET /pumps", "List pumps", [
        ...pumpFields("[]."),
        field("query", "state", "string", "", STATES),
      ]),
      operation("GET /pumps/{id}", "Get a pump", [id, ...pumpFields("")]),
      operation("PATCH /pumps/{id}", "Change a pump", [id, field("body", "state", "string", "", STATES)]),
      operation("GET /sitevisits", "List site visits", [
        ...visitFields("[]."),
        field("query", "stage", "string", "", STAGES),
      ]),
      operation("GET /sitevisits/{id}", "Get a site visit", [id, ...visitFields("")]),
      operation("POST /sitevisits", "Plan a site visit", [
        field("body", "pumpId", "integer!", ""),
        field("body", "purpose", "string!", ""),
        field("body", "days", "integer!", ""),
        field("body", "weightKg", "number", ""),
        ...visitFields(""),
      ]),
      operation("POST /sitevisits/{id}/approve", "Approve a site visit", [id]),
      operation("POST /sitevisits/{id}/call-off", "Call a site visit off", [
        id,
        field("body", "reason", "string!", ""),
      ]),
      operation("GET /people", "List people", [
        field("answer", "[].id", "integer", ""),
        field("answer", "[].name", "string", ""),
      ]),
      operation("POST /sitevisits/{id}/members", "Add a person to the crew", [
        id,
        field("body", "personId", "integer!", ""),
      ]),
      operation("DELETE /sitevisits/{id}/members/{personId}", "Take a person off the crew", [
        id,
        field("path", "personId", "integer!", ""),
      ]),
    ],
    {
      "GET /districts": () => reply(200, DISTRICTS),
      "PUT /districts/{code}/alert": () => reply(200, {}),
      "GET /pumps": () => reply(200, PUMPS),
      "GET /pumps/{id}": (call) => only(PUMPS, call),
      "PATCH /pumps/{id}": () => reply(200, {}),
      "GET /sitevisits": () => reply(200, VISITS),
      "GET /sitevisits/{id}": (call) => only(VISITS, call),
      "POST /sitevisits": () => reply(201, { id: 34 }),
      "POST /sitevisits/{id}/approve": () => reply(200, {}),
      "POST /sitevisits/{id}/call-off": () => reply(200, {}),
      "GET /people": () =>
        reply(200, [
          { id: 1, name: "Ada Wyss" },
          { id: 2, name: "Piet Roos" },
        ]),
      "POST /sitevisits/{id}/members": () => reply(201, {}),
      "DELETE /sitevisits/{id}/members/{personId}": () => ({ status: 204 }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

const writes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));

describe.each([1, 2, 3])("with the seed %i", (seed) => {
  test.each([
    // A number behind the noun, where the path writes its two nouns as one word.
    ["Call off visit 33 because of fog.", 'POST /sitevisits/33/call-off {"reason":"fog"}'],
    ["Call off site visit 33 because of fog.", 'POST /sitevisits/33/call-off {"reason":"fog"}'],
    ["Call off sitevisit #33 because of fog.", 'POST /sitevisits/33/call-off {"reason":"fog"}'],
    // What a thing is about, one and two lists away, in small letters and by codes.
    [
      "Call off the visit to Harlow Hill for the drain because of fog.",
      'POST /sitevisits/33/call-off {"reason":"fog"}',
    ],
    ["Approve the visit to the vacuum pump on Norham.", "POST /sitevisits/31/approve"],
    ["Find the visit for the drain near Harlow Hill and approve it.", "POST /sitevisits/33/approve"],
    ["Approve the visit to PU-04.", "POST /sitevisits/33/approve"],
    ["Set the state of the vacuum pump in Norham to running.", 'PATCH /pumps/12 {"state":"running"}'],
    ["Mark PU-04 as running.", 'PATCH /pumps/14 {"state":"running"}'],
    // A word of a text is no name of what it is about: the gauge of visit 32.
    ["Approve the visit to the vacuum pump in Norham.", "POST /sitevisits/31/approve"],
    // What is to be reached is no filter, and no id.
    ["Raise the alert of Norham to amber.", 'PUT /districts/NOR/alert {"level":"amber"}'],
    ["Find the district Norham, set its alert to red.", 'PUT /districts/NOR/alert {"level":"red"}'],
    ["Put PU-04 back to running.", 'PATCH /pumps/14 {"state":"running"}'],
    [
      "If the district Harlow Hill is amber, set its alert to red.",
      'PUT /districts/HAR/alert {"level":"red"}',
    ],
    // Who is put into a thing, or taken out of it.
    ["Add Piet Roos to visit 33.", 'POST /sitevisits/33/members {"personId":2}'],
    ["Add Piet Roos to the visit for PU-04.", 'POST /sitevisits/33/members {"personId":2}'],
    ["Remove Ada Wyss from visit 31.", "DELETE /sitevisits/31/members/1"],
  ])("%s", async (goal, call) => {
    const { calls, finished } = await waterworks(goal, seed);
    expect(writes(calls)).toEqual([call]);
    expect(finished).toBe("Every part of the goal is done.");
  });

  test.each([
    [
      "Plan a site visit to PU-01 for 3 days with the purpose Clean the filter.",
      '"pumpId":11,"purpose":"Clean the filter","days":3',
    ],
    [
      "Plan a 3-day site visit to the drain on Harlow Hill, purpose Empty the sump.",
      '"pumpId":14,"purpose":"Empty the sump","days":3',
    ],
    [
      "Plan a site visit for VP-03 with 12 kg of weight, 2 days, purpose Oil it.",
      '"pumpId":13,"purpose":"Oil it","days":2,"weightKg":12',
    ],
  ])("%s", async (goal, body) => {
    const { calls } = await waterworks(goal, seed);
    expect(writes(calls).join()).toContain(body);
  });

  test("what nothing here is called changes nothing", async () => {
    const { calls, finished } = await waterworks("Approve the visit to the pump Kestrel.", seed);
    expect(writes(calls)).toEqual([]);
    expect(finished).toContain('"Kestrel"');
  });

  test("of several things without a number none is chosen", async () => {
    const { calls, finished } = await waterworks("Approve the planned visits.", seed);
    expect(writes(calls)).toEqual([]);
    expect(finished).toContain('"Approve the planned visits"');
  });

  test("whom something is made for is named, where nothing says it", async () => {
    const { finished } = await waterworks("Plan a site visit for Kestrel that takes 3 days.", seed);
    expect(finished).toContain('not understood: "Kestrel"');
  });

  test("a kind that nothing shows is named", async () => {
    const { finished } = await waterworks("Plan a site visit to a windmill for 3 days.", seed);
    expect(finished).toContain("windmill");
  });

  test.each([
    ["Check that VP-02 is running.", 'not so: "Check that VP-02 is running"'],
    ["Check that visit 31 is approved.", 'not so: "Check that visit 31 is approved"'],
    ["Check that VP-03 is running.", "Every part of the goal is done."],
  ])("%s", async (goal, end) => {
    const { finished } = await waterworks(goal, seed);
    expect(finished).toContain(end);
  });
});
