import { VerificationBudget } from "@ape/agent/attribution/verification-budget";
import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { type Line, playScript, runRightRefusals } from "./right-refusals.ts";
import { startStrictOffice } from "./targets/strict-office.ts";

test("a target that is right to refuse is never blamed, and at most a tenth of its refusals are unclear", {
  timeout: 60_000,
}, async () => {
  const { refusals, said, sessionsBlamed, actions, reads } = await runRightRefusals(1);
  expect(refusals.filter(({ attribution }) => attribution === "target")).toEqual([]);
  expect(sessionsBlamed).toEqual([]);
  expect(refusals.length).toBeGreaterThan(100);
  expect(said.none ?? 0).toBe(0);
  expect((said.unclear ?? 0) / refusals.length).toBeLessThanOrEqual(0.1);
  expect(reads).toBeLessThanOrEqual(Math.ceil(actions * 0.05));
});

const login: Line = () => ({ call: "POST /login", data: { user: "{{user}}", password: "{{password}}" } });
const ticket: Line = () => ({ call: "POST /tickets", data: { title: "The lamp is broken" } });
const id = (answers: Parameters<Line>[0]): string => String(answers[1]?.json.id);

/** The same office, made wrong once: the read right after shows it. */
const LIES: [string, Line, number, string][] = [
  ["GET /tickets/{}", (a) => ({ call: `GET /tickets/${id(a)}` }), 404, "target"],
  // "Not possible" can be a rule, and a state is shown.
  ["DELETE /tickets/{}", (a) => ({ call: `DELETE /tickets/${id(a)}` }), 404, "unclear"],
  ["GET /tickets/{}", (a) => ({ call: `GET /tickets/${id(a)}` }), 401, "target"],
  ["GET /tickets/{}", (a) => ({ call: `GET /tickets/${id(a)}` }), 403, "target"],
  ["GET /tickets/{}", (a) => ({ call: `GET /tickets/${id(a)}` }), 429, "target"],
  ["DELETE /tickets/{}", (a) => ({ call: `DELETE /tickets/${id(a)}` }), 409, "unclear"],
];

test.each(LIES)(
  "a wrong refusal of %s (case %#) is found out by one read, where a read can show it",
  async (operation, line, status, wanted) => {
    const said = await playLie(operation, line, status, []);
    expect(said.attribution).toBe(wanted);
    expect(said.reads).toBe(status === 429 || wanted === "unclear" ? 0 : 1);
  },
);

test("with verify: false no read is made, and what only a read can prove is unclear", async () => {
  const [operation, line, status] = LIES[0] as (typeof LIES)[0];
  expect(await playLie(operation, line, status, ["office"])).toEqual({ attribution: "unclear", reads: 0 });
});

async function playLie(operation: string, line: Line, status: number, off: readonly string[]) {
  const office = await startStrictOffice("plain");
  try {
    office.lie(operation, status, 1);
    const { events } = await playScript(office.url, [login, ticket, line], {
      documented: true,
      budget: new VerificationBudget(off),
      seed: operation,
    });
    const failed = events.find(
      (event): event is Event & { type: "step" } => event.type === "step" && event.action?.failed === true,
    );
    return {
      attribution: failed?.action?.attribution,
      reads: events.filter(({ type }) => type === "verification").length,
    };
  } finally {
    await office.close();
  }
}
