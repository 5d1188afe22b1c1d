import { expect, test } from "vitest";
import { midStreamError, statedStatus, statusError } from "./wire-error.ts";

test.each([
  [
    "OpenAI",
    { code: "context_length_exceeded", message: "This model's maximum context length is 2048 tokens." },
  ],
  [
    "llama.cpp",
    {
      code: 400,
      type: "exceed_context_size_error",
      message: "the request exceeds the available context size",
    },
  ],
  [
    "vLLM",
    { message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens" },
  ],
  [
    "vLLM, which names the answer's limit first",
    {
      message:
        "'max_tokens' or 'max_completion_tokens' is too large: 512. This model's maximum context length is 2048 tokens and your request has 2000 input tokens",
    },
  ],
  ["Anthropic's gateway", { message: "prompt is too long: 210000 tokens > 200000 maximum" }],
])("a prompt that is too long for the model is told apart: %s", (_, error) => {
  expect(statusError(400, JSON.stringify({ error })).code).toBe("context");
});

test.each([
  [400, { message: "messages: too many items" }, "refused"],
  [
    400,
    { message: "max_tokens is too large: 512. This model supports at most 256 completion tokens" },
    "refused",
  ],
  [
    400,
    {
      message:
        "`max_completion_tokens` must be less than or equal to `256`, the maximum value for `max_completion_tokens` is less than the `context_window` for this model",
    },
    "refused",
  ],
  [500, { message: "tools param requires --jinja flag" }, "refused"],
  [500, { message: "Cannot use tools with stream" }, "refused"],
  [500, { message: "Unsupported param: stream_options" }, "refused"],
  [501, { message: "tool_choice is not implemented" }, "refused"],
  [501, { message: "nothing" }, "refused"],
  [500, { message: "create_completion() got an unexpected keyword argument 'seed'" }, "refused"],
  [500, { message: "Failed to parse grammar" }, "refused"],
  [500, { message: "Value is not callable: null at row 1, column 2" }, "refused"],
  [503, { message: "The server is overloaded" }, "unavailable"],
  [500, { message: "Internal error while calling a tool server" }, "unavailable"],
  [429, { message: "Too many tokens per minute" }, "limit"],
  [500, { message: "maximum context length" }, "unavailable"],
])("%i %j is another error", (status, error, code) => {
  expect(statusError(status as number, JSON.stringify({ error })).code).toBe(code);
});

test.each([
  ['{"error":{"message":"upstream overloaded"}}', "Provider returned error: upstream overloaded"],
  ["upstream overloaded", "Provider returned error: upstream overloaded"],
  ["<html><body>Bad gateway</body></html>", "Provider returned error: an HTML page"],
  ["", "Provider returned error"],
  ["{}", "Provider returned error"],
])("what a router's provider said is part of the message: %s", (raw, message) => {
  const body = JSON.stringify({
    error: { message: "Provider returned error", code: 502, metadata: { raw } },
  });
  expect(statusError(502, body).message).toBe(message);
});

test("an error in place of an answer is none that broke off a stream", () => {
  const error = { message: "no capacity", kind: "" };
  expect(midStreamError(error, 200, false).message).toBe("no capacity");
  expect(midStreamError(error, 200, true).message).toBe("the stream broke off: no capacity");
});

test.each<[unknown, number | undefined]>([
  [{ error: { code: 400 } }, 400],
  [{ error: { code: "503" } }, 503],
  [{ error: { status: "INVALID_ARGUMENT" } }, 400],
  [{ error: { type: "BadRequestError", code: null } }, 400],
  [{ error: { type: "authentication_error" } }, 401],
  [{ error: { type: "rate_limit_exceeded" } }, 429],
  [{ error: "m does not support tools" }, 400],
  [{ error: "the model crashed" }, undefined],
  [{ error: { code: "server_error", type: "server_error" } }, undefined],
  [{ error: { code: 3051 } }, undefined],
  [{ error: null }, undefined],
  [[], undefined],
])("the status that %j names is %s", (json, status) => {
  expect(statedStatus(json)).toBe(status);
});

test("a prompt that is too long is known with a status of the server too (Ollama)", () => {
  const body = JSON.stringify({ error: "the input length exceeds the context length" });
  expect(statusError(500, body).code).toBe("context");
});
