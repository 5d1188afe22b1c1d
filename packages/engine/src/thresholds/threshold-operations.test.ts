import { expect, test } from "vitest";
import type { Project } from "../project/project.ts";
import { unknownThresholdOperations } from "./threshold-operations.ts";

const OPERATIONS = ["GET /tickets", "POST /tickets", "GET /tickets/{id}"];
const gateway = {
  hasOperation: (_target: string, operation: string) =>
    OPERATIONS.map((one) => one.replace(/\{\w+\}/, "{}")).includes(operation.replace(/\{\w+\}/, "{}")),
  operations: () => OPERATIONS,
  permits: (_target: string, operation: string) => !operation.startsWith("DELETE "),
};

function problems(
  selector: string,
  targets: object = { desk: { kind: "rest", spec: "./api.yaml" } },
): string[] {
  const project = { config: { thresholds: { [selector]: ["p(95)<1s"] }, targets } } as unknown as Project;
  return [...unknownThresholdOperations(project, gateway)].map(
    ({ error }) => `${error.message}. ${error.hint}`,
  );
}

test.each([
  'action_duration{operation:"POST /tikets"}',
  'action_failed{operation:"post /tickets"}',
  'target_duration{operation:"tickets"}',
])("%s is named with the nearest operation", (selector) => {
  expect(problems(selector)).toEqual([expect.stringMatching(/no target has\. (Did you mean|Labels)/)]);
});

test.each([
  'action_duration{operation:"POST /tickets"}',
  'action_duration{operation:"GET /tickets/{number}"}',
  'action_duration{operation:"other"}',
  'action_duration{goal:"buy"}',
  "session_success",
])("%s is fine", (selector) => {
  expect(problems(selector)).toEqual([]);
});

test("where a target has no document, its operations may be any", () => {
  const selector = 'action_duration{operation:"POST /tikets"}';
  expect(problems(selector, { desk: { kind: "web" } })).toEqual([]);
  expect(problems(selector, { a: { kind: "rest", spec: "x" }, b: { kind: "rest" } })).toEqual([]);
  const own = 'action_duration{target:"a",operation:"POST /tikets"}';
  expect(problems(own, { a: { kind: "rest", spec: "x" }, b: { kind: "rest" } })).toHaveLength(1);
});

test("where a target has no document, `allow` says which operations its figures can have", () => {
  const named = (operation: string, allow: readonly string[] | undefined): string[] =>
    problems(`action_duration{operation:"${operation}"}`, { desk: { kind: "rest", allow } });
  const list = ["GET /tickets", "POST /tickets"];
  for (const operation of ["GET /nope", "get /tickets", "GET  /tickets", "tickets"])
    expect(named(operation, list), operation).toHaveLength(1);
  expect(named("GET /tickets", list)).toEqual([]);
  expect(named("GET /orders", ["GET /**"])).toEqual([]);
  expect(named("DELETE /orders", ["GET /**"])).toHaveLength(1);
  expect(named("get /orders", ["GET /**"])).toHaveLength(1);
});
