import { expect, test } from "vitest";
import { emptyResponse } from "./failed-attempt.ts";
import { unusableAnswer } from "./unusable-answer.ts";
import type { UpstreamResponse } from "./upstream.ts";

const CALL = [{ name: "a", arguments: '{"b":1}' }];
const CUT = [{ name: "a", arguments: '{"b"' }];

test.each<[string, Partial<UpstreamResponse>, string | undefined]>([
  ["a text", { content: "a", finish: "stop" }, undefined],
  ["a call", { toolCalls: CALL, finish: "tool_calls" }, undefined],
  ["no reason", { content: "a" }, undefined],
  ["an error", { finish: "length", error: { code: "limit", status: 429, message: "" } }, undefined],
  ...["length", "MAX_TOKENS", "maxtokens", "max_output_tokens", "model_length"].map(
    (finish): [string, Partial<UpstreamResponse>, string] => [
      finish,
      { finish },
      `length: the answer was cut off at its longest length (finish_reason: ${finish}) before it began`,
    ],
  ),
  [
    "a text that was cut off",
    { finish: "length", content: "a" },
    "length in text: the answer was cut off at its longest length (finish_reason: length)",
  ],
  [
    "unfinished reasoning that was cut off",
    { finish: "length", content: "<think>a" },
    "length: the answer was cut off at its longest length (finish_reason: length)",
  ],
  [
    "a text behind reasoning",
    { finish: "length", content: "<Thinking>a</Thinking> b" },
    "length in text: the answer was cut off at its longest length (finish_reason: length)",
  ],
  [
    "a call that was cut off",
    { finish: "length", toolCalls: [...CALL, ...CUT], content: "a" },
    "length: the answer was cut off at its longest length (finish_reason: length)",
  ],
  ["a whole call at the longest length", { finish: "length", toolCalls: CALL }, undefined],
  ["a whole object at the longest length", { finish: "length", content: ' {"a":1} ' }, undefined],
  ["another reason with the word", { finish: "full_length", content: "a" }, undefined],
  ...["content_filter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "sensitive", "SPII"].map(
    (finish): [string, Partial<UpstreamResponse>, string] => [
      finish,
      { finish, content: "a" },
      `filter: the answer was withheld by a filter (finish_reason: ${finish})`,
    ],
  ),
  ["a filter beside a call", { finish: "content_filter", toolCalls: CALL }, undefined],
  ["a malformed call", { finish: "MALFORMED_FUNCTION_CALL_FILTER", content: "a" }, undefined],
  ["a refusal", { refused: "no" }, "refusal: the model refused to answer: no"],
  [
    "a refusal by its reason",
    { finish: "Refusal", content: "no" },
    "refusal: the model refused to answer: no",
  ],
  [
    "a refusal without a word",
    { finish: "refusal" },
    "refusal: the model refused to answer: finish_reason: refusal",
  ],
  ["no refusal", { finish: "not_refused", content: "a" }, undefined],
  [
    "a long refusal",
    { refused: "n".repeat(201) },
    `refusal: the model refused to answer: ${"n".repeat(200)}`,
  ],
  ["a refusal beside a call", { refused: "no", toolCalls: CALL }, undefined],
])("%s: %j is %j", (_name, more, said) => {
  const error = unusableAnswer({ ...emptyResponse(), status: 200, ...more });
  const text =
    error === undefined
      ? undefined
      : `${error.code}${error.inText === true ? " in text" : ""}: ${error.message}`;
  expect(text).toBe(said);
  if (error !== undefined) expect(error.status).toBe(200);
});
