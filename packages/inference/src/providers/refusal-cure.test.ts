import { expect, test } from "vitest";
import { addedFieldCure, cureOf } from "./refusal-cure.ts";

test.each([
  [
    '"m" does not support thinking',
    [],
    ["reasoning_effort"],
    "remove `reasoning_effort` from `inference.request.add`",
  ],
  [
    "reasoning is not supported",
    [],
    ["chat_template_kwargs", "user"],
    "remove `chat_template_kwargs` from `inference.request.add`",
  ],
  [
    "Unsupported parameter: 'max_tokens'",
    ["max_tokens"],
    ["max_tokens", "user"],
    "remove `max_tokens` from `inference.request.add`",
  ],
  ["Bad request", [], ["user", "top_k"], "`inference.request.add` sends `user`, `top_k`: try without"],
  ["Unsupported parameter: 'seed'", ["seed"], ["user"], undefined],
  ["Bad request", [], [], undefined],
])("what to do about %j: %s of %s", (refusal, named, added, cure) => {
  expect(addedFieldCure(refusal, named, added)).toBe(cure);
});

test.each<[string, RegExp | undefined]>([
  [
    "max_completion_tokens is too large: 512. This model supports at most 256 completion tokens",
    /maxCompletionTokens/,
  ],
  ['{"error":{"message":"`max_tokens` must be less than or equal to 256"}}', /maxCompletionTokens/],
  [
    "`max_completion_tokens` must be less than or equal to `256`, the maximum value for `max_completion_tokens` is less than the `context_window` for this model",
    /maxCompletionTokens/,
  ],
  ["This model's maximum context length is 2048 tokens. However, you requested max_tokens 600", undefined],
  ["Unrecognized request argument supplied: seed", undefined],
])("the cure of %j is %s", (refusal, wanted) => {
  const cure = cureOf(refusal);
  if (wanted === undefined) expect(cure).toBeUndefined();
  else expect(cure).toMatch(wanted);
});
