import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { recordedQuestions } from "../../test/recorded-questions.ts";
import type { TargetAnswer } from "../answers/answers.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import { allowQuestion, goalsQuestion } from "./goal-questions.ts";
import { begin, type Interview, type Question } from "./question.ts";

const operation = (method: ApiOperation["method"], path: string, summary: string): ApiOperation => ({
  method,
  path,
  summary,
  secured: false,
  fields: [],
});
const API: ApiDescription = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [operation("GET", "/lamps", "List the lamps"), operation("POST", "/orders", "Order a lamp")],
};

interface Asking {
  said?: Partial<CliAnswers>;
  api?: ApiDescription;
  answers?: unknown[];
  typed?: string[];
  target?: Partial<TargetAnswer>;
  before?(interview: Interview): void;
}

async function ask(
  question: Question,
  { said = {}, api, answers = [], typed = [], target = {}, before }: Asking = {},
) {
  const seen = recordedQuestions(answers, typed);
  const look = { reachable: true as const, ...(api === undefined ? {} : { api }) };
  const interview = begin({ goals: [], checks: [], ...said }, testEnvironment({ look }), seen.prompter);
  Object.assign(interview.target, target);
  before?.(interview);
  await question.ask(interview);
  return { ...seen, interview, shown: question.answer(interview) };
}
const OWN = "something else, in your own words";

test("suggested goals are offered, the first one chosen", async () => {
  const { asked, interview, shown } = await ask(goalsQuestion, { api: API });
  expect(asked[0]?.message).toBe("What do agents want?");
  expect(asked[0]?.choices?.at(-1)).toBe(OWN);
  expect(asked[0]?.initial).toHaveLength(1);
  const [goal] = interview.answers.goals;
  expect(interview.answers.goals).toHaveLength(1);
  expect(asked[0]?.choices).toContain(goal?.prompt);
  expect(shown).toBe(`${goal?.name}: ${goal?.prompt}`);
});

test("where nothing can be suggested, own words are asked for", async () => {
  const { asked, refused, interview } = await ask(goalsQuestion, {
    target: { kind: "mcp" },
    answers: [undefined, "Find a boat.", "tool search", false],
    typed: ["Find.", " ", "tool x", "x"],
  });
  expect(asked).toEqual([
    { message: "What do agents want?", choices: [OWN], initial: ["own words"] },
    {
      message: "The goal, as you would say it to a person",
      initial: undefined,
      placeholder: "Log in, find a product under $50, buy it, log out.",
    },
    { message: "An operation that proves it, and its status", placeholder: "POST /orders 201" },
    { message: "Another goal?", initial: false },
  ]);
  const wrong = expect.stringContaining("is no check");
  expect(refused).toEqual([
    undefined,
    "say what an agent wants",
    undefined,
    undefined,
    wrong,
    wrong,
    undefined,
    wrong,
  ]);
  expect(interview.answers.goals).toEqual([
    { name: expect.any(String), prompt: "Find a boat.", success: [{ action: { operation: "tool search" } }] },
  ]);
});

test("checks of own words are suggested, chosen or typed", async () => {
  const { asked, interview } = await ask(goalsQuestion, {
    api: API,
    answers: [
      ["own words"],
      "Order a lamp.",
      undefined,
      true,
      "Order a lamp.",
      ["GET /lamps", "own words"],
      "PUT /x 204",
      false,
    ],
  });
  const proof = asked.find(({ message }) => message === "What proves that it was reached?");
  expect(proof?.choices).toEqual(expect.arrayContaining(["POST /orders", "GET /lamps", "another operation"]));
  expect(proof?.choices?.at(-1)).toBe("another operation");
  expect(proof?.initial).toEqual(["POST /orders"]);
  const [first, second, ...more] = interview.answers.goals;
  expect(more).toEqual([]);
  expect(JSON.stringify(first?.success)).toContain("POST /orders");
  expect(second?.success).toEqual([
    { action: { operation: "GET /lamps" } },
    { action: { operation: "PUT /x", status: 204 } },
  ]);
  expect(first?.name).not.toBe(second?.name);
});

test("what checks leave unproven is told", async () => {
  const { said } = await ask(goalsQuestion, {
    api: API,
    answers: [["own words"], "Order a lamp, paint the fence.", undefined, false],
  });
  expect(said.filter((line) => line.startsWith("warning: "))).toEqual([
    expect.stringMatching(/paint the fence.*\.$/),
  ]);
  const proven = await ask(goalsQuestion, {
    api: API,
    answers: [["own words"], "Order a lamp.", undefined, false],
  });
  expect(proven.said.filter((line) => line.startsWith("warning: "))).toEqual([]);
});

test("at most forty operations are offered as checks", async () => {
  const many = Array.from({ length: 45 }, (_, index) => operation("GET", `/thing${index}`, "x"));
  const { asked } = await ask(goalsQuestion, {
    api: { ...API, operations: many },
    answers: [["own words"], "Dance.", ["GET /thing0"], false],
  });
  expect(asked.find(({ message }) => message.startsWith("What proves"))?.choices).toHaveLength(41);
});

test("goals and checks of the command line are taken, once", async () => {
  const { asked, interview } = await ask(goalsQuestion, {
    api: API,
    said: { goals: ["Order a lamp."], checks: ["POST /orders 201"] },
  });
  expect(asked).toEqual([]);
  expect(interview.answers.goals).toEqual([
    {
      name: expect.any(String),
      prompt: "Order a lamp.",
      success: [{ action: { operation: "POST /orders", status: 201 } }],
    },
  ]);
  expect(interview.said).toMatchObject({ goals: [], checks: [] });
  const checked = await ask(goalsQuestion, { api: API, said: { checks: ["GET /lamps"] } });
  expect([checked.asked, checked.interview.answers.goals[0]?.success]).toEqual([
    [],
    [{ action: { operation: "GET /lamps" } }],
  ]);
});

test("goals of an imported file are not asked for, unless the command line has others", () => {
  const answered = (said: Partial<CliAnswers>, goals: boolean) =>
    goalsQuestion.answered({ goals: [], checks: [], ...said }, {
      found: { goals, account: false },
    } as Interview);
  expect([
    answered({}, true),
    answered({}, false),
    answered({ goals: ["x"] }, true),
    answered({ checks: ["x"] }, true),
  ]).toEqual([true, false, false, false]);
  expect(goalsQuestion.dependents).toEqual(["May do"]);
});

test("what agents may do is asked of a REST API without a document", () => {
  const applies = (more: Partial<Interview>, target: Partial<TargetAnswer> = {}) =>
    allowQuestion.applies?.({
      target: { kind: "rest", ...target },
      look: { reachable: true },
      ...more,
    } as Interview);
  expect(applies({})).toBe(true);
  expect(applies({}, { kind: "web" })).toBe(false);
  expect(applies({}, { spec: "./s" })).toBe(false);
  expect(applies({ from: { kind: "har", source: "x" } })).toBe(false);
  expect(applies({ look: { reachable: true, api: API } })).toBe(false);
  expect(applies({ look: { reachable: true, api: { ...API, documented: false } } })).toBe(true);
  expect(allowQuestion.answered({ goals: [], checks: [] }, {} as Interview)).toBe(false);
});

const withGoals =
  (prompt: string, ...operations: string[]) =>
  ({ answers }: Interview) => {
    answers.goals = [
      { name: "g", prompt, success: operations.map((one) => ({ action: { operation: one } })) },
    ];
  };

test("what the checks name, and a login, is suggested", async () => {
  const { asked, refused, interview, shown } = await ask(allowQuestion, {
    before: withGoals("Log in, order a lamp.", "POST /orders", "GET /orders"),
    typed: ["POST /a, GET /b", "POST", ","],
  });
  expect(asked).toEqual([
    { message: "Which calls may agents make, besides reading?", initial: "POST /login, POST /orders" },
  ]);
  expect(refused).toEqual([undefined, expect.stringContaining('"POST" is no check'), undefined]);
  expect(interview.target.allow).toEqual(["GET /**", "POST /login", "POST /orders"]);
  expect(shown).toBe("GET /**, POST /login, POST /orders");
  const typed = await ask(allowQuestion, {
    before: withGoals("Order.", "POST /orders"),
    answers: [" POST /a , , PUT /b"],
  });
  expect(typed.asked[0]?.initial).toBe("POST /orders");
  expect(typed.interview.target.allow).toEqual(["GET /**", "POST /a", "PUT /b"]);
});

test("where nothing but reads is named, nothing is asked, and what was allowed before is gone", async () => {
  const { asked, interview, shown } = await ask(allowQuestion, {
    target: { allow: ["POST /x"] },
    before: withGoals("Look.", "GET /orders"),
  });
  expect([asked, shown]).toEqual([[], "GET /**"]);
  expect(interview.target).not.toHaveProperty("allow");
});
