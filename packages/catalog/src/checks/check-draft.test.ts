import { expect, test } from "vitest";
import {
  alternativesOfDraft,
  type CheckDraft,
  isStandIn,
  operationOfDraft,
  type SingleCheckDraft,
} from "./check-draft.ts";

const action: SingleCheckDraft = { action: { operation: "POST /orders" } };
const probe: SingleCheckDraft = { probe: { operation: "GET /orders/{id}", expect: { status: 200 } } };

test.each<[CheckDraft, SingleCheckDraft[], string]>([
  [action, [action], "POST /orders"],
  [probe, [probe], "GET /orders/{id}"],
  [{ anyOf: [probe, action] }, [probe, action], "GET /orders/{id}"],
  [{ anyOf: [] }, [], ""],
])("%j has its alternatives, and the operation of the first one", (check, alternatives, operation) => {
  expect(alternativesOfDraft(check)).toEqual(alternatives);
  expect(operationOfDraft(check)).toBe(operation);
});

test.each([
  ["POST /replace_me", true],
  ["tool replace_me", true],
  ["POST /replace_me/{id}", false],
  ["POST /do_replace_me", false],
  ["replace_me", false],
])("%s has to be replaced: %j", (operation, is) => {
  expect(isStandIn(operation)).toBe(is);
});
