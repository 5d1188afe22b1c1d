import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** Repairs that people are given, and vouchers with codes of their own. */
function workshop(goal: string) {
  const repair = [
    field("answer", "id", "string", ""),
    field("answer", "title", "string", ""),
    field("answer", "assigneeId", "string", ""),
  ];
  const voucher = [
    field("answer", "[].id", "string", ""),
    field("answer", "[].code", "string", ""),
    field("answer", "[].percent", "integer", ""),
  ];
  const repairId = field("path", "repairId", "string!", "");
  const { api, answer } = fake(
    "workshop",
    [
      operation("POST /repairs", "", [
        field("body", "title", "string!", ""),
        field("body", "due", "string", "", { format: "date" }),
        field("body", "cost", "number", "What it costs"),
        ...repair,
      ]),
      operation(
        "GET /repairs",
        "",
        repair.map((one) => ({ ...one, name: `[].${one.name}` })),
      ),
      operation("PATCH /repairs/{repairId}", "", [
        repairId,
        field("body", "title", "string", ""),
        field("body", "assigneeId", "string", ""),
        ...repair,
      ]),
      operation("GET /mechanics", "", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].name", "string", ""),
      ]),
      operation("GET /vouchers", "", voucher),
      operation("POST /vouchers", "", [
        field("body", "code", "string!", ""),
        field("body", "percent", "integer!", ""),
        field("answer", "id", "string", ""),
      ]),
    ],
    {
      "POST /repairs": ({ data }) => reply(201, { id: "r1", assigneeId: "m0", ...data }),
      "GET /repairs": () => reply(200, []),
      "PATCH /repairs/{repairId}": ({ data }) => reply(200, { id: "r1", ...data }),
      "GET /mechanics": () =>
        reply(200, [
          { id: "m1", name: "Ali" },
          { id: "m2", name: "Maria" },
        ]),
      "GET /vouchers": () => reply(200, [{ id: "v1", code: "TAKEN", percent: 5 }]),
      "POST /vouchers": () => reply(201, { id: "v2" }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

test("a person who is named is found in the only list with names", async () => {
  const { calls } = await workshop("Create a repair called Gear box and assign it to Maria.");
  expect(calls).toEqual([
    'POST /repairs {"title":"Gear box"} -> 201',
    "GET /mechanics -> 200",
    'PATCH /repairs/r1 {"assigneeId":"m2"} -> 200',
  ]);
});

test("a new thing does not take over the code of another one of its kind", async () => {
  const { calls } = await workshop("Create a voucher of 15 percent.");
  expect(calls).toEqual([expect.stringMatching(/^POST \/vouchers \{"code":"\w{6}","percent":15\} -> 201$/)]);
});

test.each([
  ["Create a repair on Friday.", '"on Friday"'],
  ["Create a repair for 12 CHF in the garage.", '"garage"'],
  ["Create a repair at 14:30.", '"14:30"'],
])("%s: what nothing accounts for is named at the end", async (goal, missing) => {
  const { finished } = await workshop(goal);
  expect(finished).toBe(`What was understood of the goal is done; not understood: ${missing}.`);
});

test("nothing is made up for a field that the goal may give in words that nothing takes", async () => {
  const { calls, finished } = await workshop("Create a repair for Maria.");
  expect(calls).toEqual([]);
  expect(finished).toBe('Cannot go on: the title is not understood; nothing takes "for Maria".');
});

test.each([
  "Create a repair called Gear box due on 3 May 2031 for 12 CHF.",
  "Please create a new repair quickly, then update it.",
  'Create a repair with the title "Brakes" and then, finally, look at the repairs.',
])("%s: all of it is accounted for", async (goal) => {
  expect((await workshop(goal)).finished).toBe("Every part of the goal is done.");
});
