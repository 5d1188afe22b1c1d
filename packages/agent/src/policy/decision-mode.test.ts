import type { ModelAnswer, ModelError } from "@ape/core/protocol/chat";
import { expect, test } from "vitest";
import { DecisionModeSelector } from "./decision-mode.ts";

const answer = (more: Partial<ModelAnswer>): ModelAnswer => ({
  inference: "i",
  content: "",
  toolCalls: [],
  inputTokens: 1,
  outputTokens: 1,
  queueMs: 0,
  ...more,
});
const text = answer({ content: "Hello!" });
const call = answer({ toolCalls: [{ name: "finish", arguments: "{}" }] });
const refusal = (message: string): ModelError => ({ code: "refused", status: 400, message });

test("two answers in a row that are text change the mode for good, and it is said once", () => {
  const said: string[] = [];
  const selector = new DecisionModeSelector("auto", (message) => said.push(message));
  for (const one of [call, text, call, text]) selector.noteAnswer(one, false);
  expect(selector.mode).toBe("tools");
  selector.noteAnswer(text, false);
  expect(selector.mode).toBe("json");
  selector.noteAnswer(text, false);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/text in place of a tool call/);
});

test("text in place of the first call of all changes the mode at once", () => {
  const said: string[] = [];
  const selector = new DecisionModeSelector("auto", (message) => said.push(message));
  selector.noteAnswer(answer({ content: "" }), false);
  expect(selector.mode).toBe("tools");
  selector.noteAnswer(text, false);
  expect(selector.mode).toBe("json");
  expect(said).toEqual([expect.stringMatching(/an answer was text before any was a tool call/)]);
});

test("endless text in place of a call changes the mode at once; endless reasoning does not", () => {
  const cut: ModelError = { code: "length", status: 200, message: "cut off" };
  expect(new DecisionModeSelector("auto").changesAfter(cut)).toBe(false);
  expect(new DecisionModeSelector("auto").changesAfter({ ...cut, inText: true })).toBe(true);
  expect(new DecisionModeSelector("tools").changesAfter({ ...cut, inText: true })).toBe(false);
});

test.each([
  ["tools are not supported by this model", true],
  ["This model does not support function calling", true],
  ['tool_choice only supports "none" or "auto"', false],
  ["tool_choice must be one of none, auto", false],
  ["temperature must be 1", false],
])("a refusal %j means that tools are not taken: %s", (message, changes) => {
  expect(new DecisionModeSelector("auto").changesAfter(refusal(message))).toBe(changes);
});

test("llama.cpp without --jinja refuses tools with 500", () => {
  const error: ModelError = { code: "refused", status: 500, message: "tools param requires --jinja flag" };
  expect(new DecisionModeSelector("auto").changesAfter(error)).toBe(true);
});

test.each([
  "Value is not callable: null at row 1, column 2: {{ raise_exception(...) }}",
  "failed to parse grammar",
  "Failed to apply the chat template to the request",
])("a server that can make nothing of tools is asked for JSON: %s", (message) => {
  expect(new DecisionModeSelector("auto").changesAfter({ code: "refused", status: 500, message })).toBe(true);
});

test("a refusal that says nothing of tools leads to JSON only where that is taken, and once", () => {
  const bad = refusal("Bad Request");
  const selector = new DecisionModeSelector("auto");
  expect([selector.changesAfter(bad), selector.triesAfter(bad)]).toEqual([false, true]);
  selector.noteTrial(bad, answer({ error: bad }));
  expect([selector.mode, selector.triesAfter(bad)]).toEqual(["tools", false]);
  const other = new DecisionModeSelector("auto");
  other.noteTrial(bad, answer({ error: { code: "limit", status: 429, message: "wait" } }));
  expect([other.mode, other.triesAfter(bad)]).toEqual(["tools", true]);
  other.noteTrial(bad, answer({ content: "{}" }));
  expect(other.mode).toBe("json");
  const answered = new DecisionModeSelector("auto");
  answered.noteAnswer(call, false);
  expect(answered.triesAfter(bad)).toBe(false);
  expect(new DecisionModeSelector("tools").triesAfter(bad)).toBe(false);
});
