import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** Three systems whose things have states, people and names; the first two are changed in part, the third as a whole. */
const SYSTEMS = {
  chores: { path: "chores", id: "choreId", own: "title", flag: "done", person: "assignee" },
  vouchers: { path: "vouchers", id: "voucherId", own: "name", flag: "isActive", person: "holder" },
  memos: { path: "memos", id: "memoId", own: "subject", flag: "archived", person: "reviewer" },
} as const;

function session(name: keyof typeof SYSTEMS, goal: string) {
  const { path, id, own, flag, person } = SYSTEMS[name];
  const method = name === "memos" ? "PUT" : "PATCH";
  const inputs = (need: "" | "!") => [
    field("body", own, `string${need}`, ""),
    field("body", "notes", "string", ""),
    field("body", flag, "boolean", ""),
    field("body", person, "string", ""),
    field("body", "colour", "string", "", { enum: ["red", "green"] }),
  ];
  const answers = [
    field("answer", "id", "string", ""),
    field("answer", own, "string", ""),
    field("answer", flag, "boolean", ""),
  ];
  const itemId = field("path", id, "string!", "");
  const { api, answer } = fake(
    name,
    [
      operation(`POST /${path}`, "", [...inputs("!"), ...answers]),
      operation(
        `GET /${path}`,
        "",
        answers.map((one) => ({ ...one, name: `[].${one.name}` })),
      ),
      operation(`${method} /${path}/{${id}}`, "", [
        itemId,
        ...inputs(method === "PUT" ? "!" : ""),
        ...answers,
      ]),
      operation(`POST /${path}/{${id}}/copies`, "", [itemId]),
    ],
    {
      [`POST /${path}`]: ({ data }) => reply(201, { id: "t1", ...data }),
      [`GET /${path}`]: () => reply(200, [{ id: "t7", [own]: "Old", [flag]: false }]),
      [`${method} /${path}/{${id}}`]: ({ data }) => reply(200, { id: "t1", ...data }),
      [`POST /${path}/{${id}}/copies`]: () => reply(201, {}),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

test.each([
  ["chores", 'Add a chore called "Dust" and complete it.', 'PATCH /chores/t1 {"done":true} -> 200'],
  ["chores", 'Add a chore called "Dust", then mark it as finished.', 'PATCH /chores/t1 {"done":true} -> 200'],
  ["chores", 'Add a chore called "Dust" and tick it off.', 'PATCH /chores/t1 {"done":true} -> 200'],
  ["chores", 'Add a chore called "Dust", then set done to true.', 'PATCH /chores/t1 {"done":true} -> 200'],
  [
    "vouchers",
    'Make a voucher named "Ten" and deactivate it.',
    'PATCH /vouchers/t1 {"isActive":false} -> 200',
  ],
  [
    "vouchers",
    'Make a voucher named "Ten", set it as active.',
    'PATCH /vouchers/t1 {"isActive":true} -> 200',
  ],
  [
    "memos",
    'Write a memo titled "Plan" and archive it.',
    'PUT /memos/t1 {"subject":"Plan","archived":true} -> 200',
  ],
  [
    "memos",
    'Write a memo titled "Plan" and mark it as archived.',
    'PUT /memos/t1 {"subject":"Plan","archived":true} -> 200',
  ],
] as const)("%s, %s: the state goes into the field that has it", async (name, goal, last) => {
  const { calls, finished } = await session(name, goal);
  expect(calls).toHaveLength(2);
  expect(calls.at(-1)).toBe(last);
  expect(finished).toBe("Every part of the goal is done.");
});

test.each(Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[])(
  "%s: what no operation serves makes nothing a second time, and no empty update",
  async (name) => {
    const { path } = SYSTEMS[name];
    const thing = path.slice(0, -1);
    for (const clause of [
      "publish it",
      "send it",
      "set it to urgent",
      "update its weight to 7",
      "submit it",
    ]) {
      const { calls, finished } = await session(name, `Create a ${thing}, then ${clause}.`);
      expect(calls.map((call) => call.split(" ", 2).join(" "))).toEqual([`POST /${path}`]);
      expect(finished).toContain(`nothing here serves ${JSON.stringify(clause)}`);
    }
  },
);

test("an update that leaves open what changes sends something, and one that names a field sends that", async () => {
  const open = await session("chores", "Create a chore, then update it.");
  expect(open.calls.at(-1)).toMatch(/^PATCH \/chores\/t1 \{"title":".+"\} -> 200$/);
  const named = await session("chores", "Create a chore, then change its notes.");
  expect(named.calls.at(-1)).toMatch(/^PATCH \/chores\/t1 \{"notes":".+"\} -> 200$/);
});

test("a thing that was there before is brought into a state, not made", async () => {
  const { calls } = await session("chores", "Finish a chore.");
  expect(calls).toEqual(["GET /chores -> 200", 'PATCH /chores/t7 {"done":true} -> 200']);
});
