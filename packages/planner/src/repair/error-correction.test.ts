import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { renderApi } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { fake, field, operation } from "../../test/fake.ts";
import { type FakeAnswer, runPlannerSession } from "../../test/session.ts";
import { isUsableAnswer, type PastCall, parseCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { createPlanner } from "../planner.ts";
import { parseApi } from "../prompt/api-reader.ts";
import { correctedInputs } from "./error-correction.ts";

/** What is sent for `it` after a refusal with this body. */
function corrected(
  type: string,
  traits: Partial<ApiField>,
  sent: Json | undefined,
  body: Json,
): Json | undefined {
  const description = {
    target: "t",
    title: "t",
    documented: true,
    auth: [],
    operations: [
      operation("POST /x", "Make", [
        field("body", "it", type, "What it is", traits),
        field("body", "rest", "string!", "The rest"),
      ]),
    ],
  };
  const catalog = new OperationCatalog(parseApi(renderApi(description)));
  const [made] = catalog.operations;
  if (made === undefined) throw new Error("no operation");
  const text = `POST /x ${JSON.stringify({ it: sent, rest: "r" })}`;
  const call = { step: 1, target: "t", call: text, status: 422 };
  const answer = { ...call, body };
  const past: PastCall = {
    ...parseCall(text, "t", catalog),
    ...call,
    text,
    note: "",
    answer,
    ok: isUsableAnswer(call, answer, made),
  };
  const step: Step = { operation: made, clause: undefined, bindings: new Map() };
  const changes = correctedInputs(step, past, [past], 1);
  if (changes === undefined) return "unchanged";
  expect([...changes].find(([{ name }]) => name === "rest")?.[1]).toBe("r");
  return [...changes].find(([{ name }]) => name === "it")?.[1];
}

test.each<[string, Partial<ApiField>, Json | undefined, Json, Json | undefined]>([
  ["integer!", {}, 9, { errors: { it: "must be at most 5" } }, 5],
  ["integer!", {}, 0, { it: ["has to be between 2 and 4"] }, 2],
  ["number!", {}, 2.5, { detail: [{ loc: ["body", "it"], msg: "must be a whole number" }] }, 3],
  ["integer!", {}, 9, { errors: [{ pointer: "/it", detail: "less than 4" }] }, 3],
  ["string!", { enum: ["a", "b", "c"] }, "a", { message: "it is not possible" }, "b"],
  ["string!", {}, "x", { it: "must be morning or afternoon" }, "morning"],
  ["string!", {}, "x", { it: "must look such as AB-12" }, "AB-12"],
  ["string!", { format: "date" }, "2031-01-31", { it: "must be after 2031-02-28" }, "2031-03-01"],
  ["string!", {}, 5, { it: "must be a string" }, "5"],
  ["string", {}, "x", { it: "unknown property" }, undefined],
  ["string", { example: "e" }, undefined, { it: "is required" }, "e"],
  ["string!", {}, "x", { message: "something else is wrong" }, "unchanged"],
  ["string!", {}, "x", "no JSON at all", "unchanged"],
])("%s %j: after %j and %j", (type, traits, sent, body, expected) => {
  expect(corrected(type, traits, sent, body)).toEqual(expected);
});

/** A registry where names are unique, and whose complaint names a column of its own. */
function registry(complaint: Json) {
  const names = new Set<string>();
  const refused: string[] = [];
  let busy = 1;
  const world = fake(
    "registry",
    [
      operation("POST /members", "Register a member", [field("body", "login", "string!", "Login name")]),
      operation("POST /things", "Create a thing", [
        field("body", "title", "string!", "Title of the thing"),
        field("body", "note", "string!", "What is to be said of it"),
      ]),
      operation("GET /things", "List the things", []),
    ],
    {
      "POST /members": () => ({ status: 201, body: {} }),
      "POST /things": ({ data }): FakeAnswer => {
        if (busy > 0) {
          busy -= 1;
          return { status: 422, body: { errors: { database: "database is locked" } } };
        }
        const title = String(data.title);
        if (names.size === 0) names.add(title);
        if (names.has(title)) {
          refused.push(title);
          return { status: 422, body: complaint };
        }
        names.add(title);
        return { status: 201, body: { title } };
      },
      "GET /things": () => ({ status: 200, body: [] }),
    },
  );
  return { ...world, refused };
}

test.each<Json>([
  { errors: { database: "UNIQUE constraint failed: things.slug" } },
  { message: "A thing of that kind exists." },
  { error: "duplicate entry" },
])(
  "what is taken is told apart though no input is named, and nothing else is done again: %j",
  async (complaint) => {
    const world = registry(complaint);
    const { finished, calls } = await runPlannerSession({
      planner: createPlanner(),
      apis: [world.api],
      goal: "Register, create a thing, list the things.",
      answer: world.answer,
    });
    expect(finished).toMatch(/done/);
    expect(world.refused).toHaveLength(1);
    const sent = calls.filter((call) => call.startsWith("POST /things"));
    // Locked, sent again as it was; taken, sent with another title and the same note.
    expect(sent).toHaveLength(3);
    expect(sent[0]?.replace("422", "")).toBe(sent[1]?.replace("422", ""));
    expect(sent[2]).toContain(`"title":"${world.refused[0]} `);
    expect(calls.filter((call) => call.startsWith("POST /members"))).toHaveLength(1);
  },
);

test("two sessions think up names of their own, and one session sticks to its own", async () => {
  const titles: string[] = [];
  for (const seed of [1, 2, 1]) {
    const world = registry({});
    const { calls } = await runPlannerSession({
      planner: createPlanner(),
      apis: [world.api],
      goal: "Create a thing.",
      answer: world.answer,
      seed,
    });
    titles.push(/"title":"([^"]+)"/.exec(calls[0] ?? "")?.[1] ?? "");
  }
  expect(titles[0]).toMatch(/^[A-Z][a-z-]+ [a-z-]+ [0-9a-f]{6}$/);
  expect(titles[1]).not.toBe(titles[0]);
  expect(titles[2]).toBe(titles[0]);
});
