import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, type Past } from "../../test/next-call.ts";

const id = field("path", "recordId", "string!", "Id of the record");
const shown = (prefix = "") =>
  ["recordId", "title", "fibre", "condition", "room"].map((name) =>
    field("answer", `${prefix}${name}`, "string", ""),
  );
const sent = [
  field("body", "title", "string!", ""),
  field("body", "fibre", "string!", "", { enum: ["wool", "silk", "linen"] }),
  field("body", "condition", "string", "", { enum: ["good", "critical"] }),
  field("body", "year", "integer", ""),
  field("body", "room", "string", ""),
];
const api = (read = true, method = "PUT") => ({
  target: "lab",
  title: "The lab",
  documented: true,
  auth: [],
  operations: [
    operation("GET /records", "List the records", shown("[].")),
    ...(read ? [operation("GET /records/{recordId}", "Show a record", [id, ...shown()])] : []),
    operation(`${method} /records/{recordId}`, "Change a record", [id, ...sent, ...shown()]),
  ],
});

const GOAL = "List the records, set the condition of one of them to critical.";
const LIST: Past = [
  "GET /records",
  200,
  [{ recordId: "T-3", title: "Altar cloth", fibre: "linen", condition: "good", room: "A" }],
];
const OTHERS: Past = [
  "GET /records",
  200,
  [
    { recordId: "T-1", title: "Kilim", fibre: "wool", condition: "critical", room: "B" },
    { recordId: "T-3", title: "Altar cloth", fibre: "linen", condition: "good", room: "A" },
  ],
];
const READ: Past = [
  "GET /records/T-3",
  200,
  { recordId: "T-3", title: "Altar cloth", fibre: "linen", condition: "good", year: 1650, room: "A" },
];

test("what replaces a thing reads it first, where the list does not show all of it", () => {
  expect(nextCall(api(), GOAL, [LIST])).toBe("GET /records/T-3");
});

test("and sends what its own read has shown, also what is optional", () => {
  expect(nextCall(api(), GOAL, [LIST, READ])).toBe(
    'PUT /records/T-3 {"title":"Altar cloth","fibre":"linen","condition":"critical","year":1650,"room":"A"}',
  );
});

test("without a read of its own, the list tells of the chosen thing, and of no other", () => {
  expect(nextCall(api(false), GOAL, [LIST])).toBe(
    'PUT /records/T-3 {"title":"Altar cloth","fibre":"linen","condition":"critical","room":"A"}',
  );
  const call = nextCall(api(false), GOAL, [OTHERS]);
  expect(call).toMatch(/T-1 .*Kilim.*wool.*"B"|T-3 .*Altar cloth.*linen.*"A"/);
});

test.each([
  ["is gone", 404, { error: "gone" }],
  ["is cut", 200, { recordId: "T-3", title: "Altar…", fibre: "linen" }],
])("a read is not repeated: %s", (_, status, body) => {
  expect(nextCall(api(), GOAL, [LIST, ["GET /records/T-3", status, body]])).toMatch(
    /^PUT \/records\/T-3 \{"title":"Altar cloth","fibre":"linen","condition":"critical","room":"A"\}/,
  );
});

test("a partial change sends what the goal says", () => {
  const parts = api(true, "PATCH");
  const optional = {
    ...parts,
    operations: parts.operations.map((one) => ({
      ...one,
      fields: one.fields.map((own) => (own.in === "body" ? { ...own, required: false } : own)),
    })),
  };
  expect(nextCall(optional, GOAL, [LIST])).toBe('PATCH /records/T-3 {"condition":"critical"}');
});

test("what is wrapped is found as well", () => {
  const wrap = api();
  const wrapped = {
    ...wrap,
    operations: wrap.operations.map((one) => ({
      ...one,
      fields: one.fields.map((own) => (own.in === "body" ? { ...own, name: `record.${own.name}` } : own)),
    })),
  };
  expect(nextCall(wrapped, GOAL, [LIST, [READ[0], 200, { record: READ[2] ?? null }]])).toBe(
    'PUT /records/T-3 {"record":{"title":"Altar cloth","fibre":"linen","condition":"critical","year":1650,"room":"A"}}',
  );
});

const FLOOD: Past = [
  "GET /dams",
  200,
  [
    { code: "NOR", name: "Norham", floodLevel: "low", floodReason: "rain", floodSpills: 2 },
    { code: "HAR", name: "Harlow Hill", floodLevel: "high", floodReason: "thaw", floodSpills: 0 },
  ],
];
const dams = {
  target: "dams",
  title: "The dams",
  documented: true,
  auth: [],
  operations: [
    operation("GET /dams", "List the dams", [
      field("answer", "[].code", "string", ""),
      field("answer", "[].name", "string", ""),
      field("answer", "[].floodLevel", "string", ""),
      field("answer", "[].floodReason", "string", ""),
      field("answer", "[].floodSpills", "integer", ""),
    ]),
    operation("PUT /dams/{code}/flood", "Set the flood state of a dam", [
      field("path", "code", "string!", ""),
      field("body", "level", "string!", "", { enum: ["low", "middle", "high"] }),
      field("body", "reason", "string!", ""),
      field("body", "spills", "integer!", ""),
    ]),
  ],
};

test("a part of a thing keeps what the thing shows of it, but for texts, which say why it was changed", () => {
  const call = nextCall(dams, "Change the reason of the flood state of Harlow Hill to ice.", [FLOOD]) ?? "";
  expect(call).toBe('PUT /dams/HAR/flood {"level":"high","reason":"ice","spills":0}');
  const raised = nextCall(dams, "Set the flood level of Norham to high.", [FLOOD]) ?? "";
  expect(raised).toMatch(/^PUT \/dams\/NOR\/flood \{"level":"high","reason":"(?!rain")[^"]+","spills":2\}$/);
});
