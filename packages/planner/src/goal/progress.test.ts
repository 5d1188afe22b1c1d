import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { type Past, pastResults } from "../../test/next-call.ts";
import type { ReadView } from "../prompt/view-reader.ts";
import type { PastCall } from "./past-call.ts";
import type { Plan } from "./plan.ts";
import { CallReader, doneBefore, follow } from "./progress.ts";

/** Operations of a plan: capitals write, `L` logs in. */
const OPERATIONS = new Map<string, Operation>(
  [..."abcABCL"].map((key) => [key, { key, writes: /[A-Z]/.test(key), login: key === "L" } as Operation]),
);
const of = (key: string): Operation => OPERATIONS.get(key) as Operation;
const planOf = (keys: string): Plan => ({
  steps: [...keys].map((key) => ({ operation: of(key), clause: undefined, bindings: new Map() })),
  choices: [],
  uncovered: [],
  unnamed: [],
  notUnderstood: [],
});

/** Calls in short: `a` succeeded, `a!` failed, `a?` succeeded with an answer out of sight, `-` is no operation's. */
function callsOf(text: string): PastCall[] {
  return text
    .split(" ")
    .filter((one) => one !== "")
    .map(
      (one, index) =>
        ({
          text: one,
          step: index + 1,
          operation: OPERATIONS.get(one.charAt(0)),
          ok: !one.endsWith("!"),
          answer: one.endsWith("?") ? undefined : { body: null },
        }) as PastCall,
    );
}
const done = (text: string): Map<Operation, number> => {
  const counts = new Map<Operation, number>();
  for (const key of text) counts.set(of(key), (counts.get(of(key)) ?? 0) + 1);
  return counts;
};

/** How far a history is in a plan: the next step, the failed call and those since, and the attempts of each step. */
function followed(plan: string, calls: string, dropped = false, before = "") {
  const { at, pending, since, attempts } = follow(callsOf(calls), planOf(plan), dropped, done(before));
  return [
    at,
    pending?.text ?? "",
    since.map(({ text }) => text).join(" "),
    attempts.map((tries) => tries.map(({ text }) => text).join(" ")).join(","),
  ];
}

test.each<[plan: string, calls: string, progress: [number, string, string, string]]>([
  ["ab", "", [0, "", "", ","]],
  ["ab", "a", [1, "", "", "a,"]],
  ["ab", "a b", [2, "", "", "a,b"]],
  ["ab", "a!", [0, "a!", "", "a!,"]],
  ["ab", "a! a", [1, "", "", "a! a,"]],
  ["ab", "a! c -", [0, "a!", "c -", "a!,"]],
  ["ab", "- a", [1, "", "", "a,"]],
  ["ab", "b", [0, "", "", ","]],
  ["Ab", "A! b", [2, "", "", "A!,b"]],
  ["Abc", "A! c", [0, "A!", "c", "A!,,"]],
  ["aba", "a b a", [3, "", "", "a,b,a"]],
  ["ab", "a a b", [2, "", "", "a a,b"]],
  ["ab", "a a! b", [2, "", "", "a a!,b"]],
  ["Ab", "A A!", [1, "", "", "A A!,"]],
  ["Ab", "A? A!", [0, "A!", "", "A? A!,"]],
  ["ab", "a? a!", [1, "", "", "a? a!,"]],
  ["Lb", "L? L!", [1, "", "", "L? L!,"]],
  ["Abc", "A? b A!", [2, "", "", "A? A!,b,"]],
  ["Ab", "A? A", [1, "", "", "A? A,"]],
])("%s after %s", (plan, calls, progress) => {
  expect(followed(plan, calls)).toEqual(progress);
});

test.each<[plan: string, calls: string, before: string, at: number]>([
  ["abc", "c", "", 3],
  ["abc", "b", "", 2],
  ["AbC", "C", "", 3],
  ["abc", "", "a", 1],
  ["abc", "c", "a", 3],
  ["aBc", "c", "a", 1],
  ["ABC", "", "AB", 2],
  ["ABC", "", "B", 0],
  ["AbC", "", "AC", 3],
  ["AA", "", "A", 1],
  ["AA", "", "AA", 2],
  ["aAa", "", "aA", 2],
  ["abA", "", "A", 3],
  ["abc", "", "c", 3],
])("%s whose history begins late, with %s after %s before", (plan, calls, before, at) => {
  expect(followed(plan, calls, true, before)[0]).toBe(at);
});

test("a later step is only taken where the beginning is missing", () => {
  expect(followed("abc", "c", false)[0]).toBe(0);
  expect(followed("abc", "c", true)[0]).toBe(3);
});

const API = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [
    operation("GET /notes/{id}", "Show a note", [
      field("path", "id", "string!", ""),
      field("answer", "title", "string", ""),
    ]),
    operation("POST /notes", "Write a note", [field("body", "title", "string!", "")]),
  ],
};
const catalog = new OperationCatalog([API, { ...API, target: "other" }]);

test("what was done before is counted by operations that are known", () => {
  const counts = doneBefore(
    {
      done: [
        { target: "app", operation: "POST /notes", times: 2 },
        { target: "app", operation: "POST /notes", times: 3 },
        { target: "other", operation: "POST /notes", times: 1 },
        { target: "app", operation: "GET /notes/{id}", times: 1 },
        { target: "app", operation: "PUT /notes", times: 9 },
        { target: "app", operation: "nonsense", times: 9 },
      ],
    } as unknown as ReadView,
    catalog,
  );
  expect([...counts].map(([{ target, key }, times]) => [target, key, times])).toEqual([
    ["app", "POST /notes", 5],
    ["other", "POST /notes", 1],
    ["app", "GET /notes/{id}", 1],
  ]);
  expect(doneBefore({} as ReadView, catalog).size).toBe(0);
});

const read = (...history: Past[]): PastCall[] => {
  const results = pastResults("app", history);
  const trail = results.map(({ body: _body, headers: _headers, ...call }) => call);
  return new CallReader(catalog).read({
    goal: "",
    facts: [],
    trail,
    dropped: 0,
    results: results.slice(-1),
  } as ReadView);
};

test("a history is read call by call, with the answers that are still visible", () => {
  const [first, second] = read(
    ['POST /notes {"title":"x"}', 201, { id: 1 }],
    ["GET /notes/7", 404, { error: "none" }, { note: "gone" }],
  );
  expect(first).toMatchObject({
    step: 1,
    target: "app",
    method: "POST",
    path: "/notes",
    data: { title: "x" },
    status: 201,
    note: "",
    ok: true,
  });
  expect(first?.answer).toBeUndefined();
  expect(second).toMatchObject({
    step: 2,
    params: { id: "7" },
    note: "gone",
    ok: false,
    answer: { body: { error: "none" } },
  });
  expect(second?.operation?.key).toBe("GET /notes/{id}");
});

test("an answer of GraphQL is the value of the one field that was asked for", () => {
  const body = (call: string, answer: Past[2]) => read([call, 200, answer])[0]?.answer?.body;
  expect(body("query notes {}", { data: { notes: [1] } })).toEqual([1]);
  expect(body("mutation write {}", { data: { write: { id: 1 }, other: 2 } })).toEqual({ id: 1 });
  expect(body("query notes {}", { data: { other: 1 } })).toBeNull();
  expect(body("query notes {}", { errors: [] })).toEqual({ errors: [] });
  expect(body("query notes {}", { data: null })).toEqual({ data: null });
  expect(body("tool notes {}", { data: { notes: 1 } })).toEqual({ data: { notes: 1 } });
  expect(body("GET /notes/1", { data: { "/notes/1": 1 } })).toEqual({ data: { "/notes/1": 1 } });
});
