import type { ChatRequest } from "@ape/core/protocol/chat";
import { expect, test } from "vitest";
import { estimateInput, estimateOutput } from "./tokens.ts";

const input = (messages: unknown, tools?: unknown): number =>
  estimateInput({ model: "m", messages, ...(tools === undefined ? {} : { tools }) } as ChatRequest);

test.each<[string, unknown, unknown, number]>([
  ["nothing", [], undefined, 0],
  ["four characters", [{ role: "user", content: "abcd" }], undefined, 1],
  ["five characters", [{ role: "user", content: "abcde" }], undefined, 2],
  ["two messages", [{ content: "abcd" }, { content: "abcd" }], undefined, 2],
  ["parts", [{ content: [{ text: "abcd" }, { text: 5 }, null, "x", { image: "abcdefgh" }] }], undefined, 1],
  ["a content of another kind", [{ content: 5 }, { content: null }, {}, null, "text"], undefined, 0],
  [
    "tool calls",
    [{ content: null, tool_calls: [{ function: { name: "ab", arguments: "cdef" } }, null, {}] }],
    undefined,
    2,
  ],
  ["tool calls of another kind", [{ content: "abcd", tool_calls: "abcd" }], undefined, 1],
  ["tools as JSON", [], [{ a: 1 }], 3],
])("a prompt of %s is estimated by its characters", (_name, messages, tools, tokens) => {
  expect(input(messages, tools)).toBe(tokens);
});

test("an answer is estimated by its text and its calls", () => {
  expect(estimateOutput({ content: "", toolCalls: [] })).toBe(0);
  expect(estimateOutput({ content: "ab", toolCalls: [{ name: "c", arguments: "de" }] })).toBe(2);
});
