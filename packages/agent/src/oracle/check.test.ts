import { type GoalConfig, goalSchema } from "@ape/core/config/goal";
import { parseConfig } from "@ape/core/config/parse";
import { writeJson } from "@ape/core/lib/lossless-number";
import { expect, test } from "vitest";
import { type CompiledAction, type CompiledProbe, compileChecks, isAbout, isAboutAction } from "./check.ts";

const compile = (success: object[], own: object = {}) =>
  compileChecks(goalSchema.parse({ name: "g", prompt: "p", success, ...own }), "shop");

const action = (operation: string, more: object = {}): CompiledAction =>
  compile([{ action: { operation, ...more } }])[0] as CompiledAction;

const call = (operation: string, called?: string, target = "shop") => ({
  target,
  operation,
  shape: operation.replaceAll(/\{[^}]*\}/g, "{}"),
  called,
});

test.each<[string, ReturnType<typeof call>, boolean]>([
  ["GET /a/{id}", call("GET /a/{key}"), true],
  ["GET /a/{id}", call("GET /a/{id}", undefined, "other"), false],
  ["GET /a/1", call("GET /a/{id}", "GET /a/1"), true],
  ["GET /a/1", call("GET /a/{id}", "GET /a/2"), false],
  ["GET /a/1", call("GET /a/{id}"), false],
  ["GET /a/x:y", call("GET /a/{id}", "GET /a/x%3Ay"), true],
  ["GET /a/1", call("GET /b/{id}", "GET /a/1"), false],
  // Without a documented parameter the operation is what was called.
  ["GET /a/{id}", call("GET /a/list", "GET /a/list"), false],
])("a check of %s and the answer to %j", (operation, answered, expected) => {
  expect(isAbout(action(operation), answered)).toBe(expected);
  expect(isAboutAction(action(operation), answered)).toBe(expected);
});

test("an action that completes may name any form of a folder, of its own target", () => {
  const sent = call("POST /order/pay", "POST /order/pay");
  const completes = action("POST /order/{step}", { completes: true });
  expect(isAboutAction(completes, sent)).toBe(true);
  expect(isAboutAction(completes, { ...sent, target: "other" })).toBe(false);
  expect(isAboutAction(completes, { ...sent, called: undefined })).toBe(false);
  expect(isAboutAction(completes, { ...sent, called: "POST /basket/pay" })).toBe(false);
  expect(isAboutAction(action("POST /order/{step}"), sent)).toBe(false);
});

test("numbers of a probe's arguments are sent with the digits that the configuration has", () => {
  const { config } = parseConfig(
    `version: 1
targets: { shop: { kind: mcp, command: [node] } }
goals: [{ name: g, prompt: Do., success: [{ action: { operation: tool a } }, { probe: { operation: tool b, arguments: { id: 9007199254740993 } } }] }]
load: { sessions: 1 }
inference: { provider: simulated }
`,
    "ape.config.yaml",
    {},
  );
  // As it reaches a worker.
  const [goal] = (JSON.parse(JSON.stringify(config)) as typeof config).goals;
  const [, probe] = compileChecks(goal as GoalConfig, "shop");
  expect(writeJson((probe as CompiledProbe).given.arguments)).toBe('{"id":9007199254740993}');
});

const readsCaptured = (probe: object, made: object = {}): boolean => {
  const checks = compile([
    { action: { operation: "POST /orders", capture: { id: "$.id" }, ...made } },
    { probe: { operation: "GET /orders/{id}", ...probe } },
  ]);
  return (checks[1] as CompiledProbe).readsCaptured;
};

test.each<[string, string, string, object, boolean]>([
  ["mutation createLoan", "$.data.createLoan.id", "query loan", { id: "{id}" }, true],
  ["mutation borrow", "$.data.borrow.loan.id", "query getLoan", { id: "{id}" }, true],
  ["mutation borrow", "$.data.borrow.loanId", "query loan_by_id", { id: "{id}" }, true],
  ["mutation borrow", "$.data.borrow.loanId", "query loanById", { where: "{id}" }, true],
  ["tool borrow_book", "$.loan_id", "tool get_loan", { loan_id: "{id}" }, true],
  // Nothing says that it is the id of a loan.
  ["mutation borrow", "$.data.borrow.id", "query loan", { id: "{id}" }, false],
  ["mutation createLoan", "$.data.createLoan.book.id", "query loan", { id: "{id}" }, false],
  ["mutation createLoan", "$.data.createLoan.id", "query loan", { id: "{id}", state: "open" }, false],
  ["mutation createLoan", "$.data.createLoan.id", "query loan", { where: { id: "{id}" } }, false],
  ["query loan", "$.data.loan.id", "query loan", { id: "{id}" }, false],
])("after %s with %s, %s of %j reads what was made: %s", (made, capture, read, args, wanted) => {
  const checks = compile([
    { action: { operation: made, capture: { id: capture } } },
    { probe: { operation: read, arguments: args } },
  ]);
  expect((checks[1] as CompiledProbe).readsCaptured).toBe(wanted);
});

test("a probe reads what an action made if nothing but the issued id is in it", () => {
  expect(readsCaptured({})).toBe(true);
  expect(readsCaptured({ query: { full: "true" } })).toBe(false);
  expect(readsCaptured({ as: { headers: { authorization: "x" } } })).toBe(false);
  expect(readsCaptured({ operation: "GET /orders/{id}/" })).toBe(false);
  expect(readsCaptured({ operation: "GET /orders/{id}/lines" })).toBe(false);
  expect(readsCaptured({ operation: "GET /orders/{other}" })).toBe(false);
  expect(readsCaptured({ expect: { body: { "$.x": "{other}" } } })).toBe(true);
  expect(readsCaptured({ target: "second" })).toBe(false);
  expect(readsCaptured({}, { operation: "GET /orders" })).toBe(false);
  // The id of another kind of thing.
  expect(readsCaptured({}, { operation: "POST /customers" })).toBe(false);
  expect(readsCaptured({}, { operation: "POST /checkout", capture: { id: "$.order.id" } })).toBe(true);
});

test("a probe that needs two values does not read one thing that was made", () => {
  const [, , probe] = compile([
    { action: { operation: "POST /orders", capture: { id: "$.id" } } },
    { action: { operation: "POST /shops", capture: { shop: "$.id" } } },
    { probe: { operation: "GET /shops/{shop}/orders/{id}" } },
  ]);
  expect(probe).toMatchObject({ needs: ["shop", "id"], readsCaptured: false });
});

test("the target of a check is its own, that of its operation, or the only one", () => {
  const [own, named, only] = compile([
    { action: { operation: "GET /a/{id}", target: "mine", after: "POST /b" } },
    { action: { operation: "GET /a", completes: true } },
    { action: { operation: "GET /a", count: 2 } },
  ]);
  expect(own).toMatchObject({
    target: "mine",
    key: "mine GET /a/{}",
    completes: false,
    label: "action GET /a/{id}",
    milestone: { target: "mine", operation: "POST /b", shape: "POST /b" },
  });
  expect(named).toMatchObject({ target: "shop", completes: true, milestone: undefined });
  expect(only).toMatchObject({ count: 2, label: "action GET /a 2 times" });
});

test("the target breaks a prohibition if more than the call is named", () => {
  const byTarget = (more: object): unknown => {
    const checks = compile([{ state: { x: 1 } }], { never: [{ operation: "GET /a", ...more }] });
    return checks[1];
  };
  expect(byTarget({})).toMatchObject({ kind: "never", verdict: 1, byTarget: false, milestone: undefined });
  for (const more of [
    { before: "POST /b" },
    { body: { "$.x": 1 } },
    { headers: { x: "1" } },
    { text: "x" },
    { schema: { type: "object" } },
  ])
    expect(byTarget(more)).toMatchObject({ byTarget: true });
});
