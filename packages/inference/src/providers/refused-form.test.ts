import { expect, test } from "vitest";
import { chat } from "../../test/peer.ts";
import { refusedFields } from "./refused-fields.ts";
import { refusedForm, SYSTEM_ROLE, TOOL_SCHEMAS } from "./refused-form.ts";

const TOOLS = new Set(Object.keys(chat()));
const JSON_BY_SCHEMA = new Set([...TOOLS, "response_format"]);

test.each([
  ["llama.cpp", "Failed to parse grammar"],
  ["llama.cpp, a schema", 'JSON schema conversion failed:\nUnrecognized schema: {"description":"any"}'],
  ["llama.cpp, a reference", "Error resolving ref #/$defs/a: JSON schema not found or invalid"],
  ["vLLM", "The provided JSON schema contains features not supported by xgrammar."],
  ["vLLM, older", "Failed to convert the grammar from GBNF/JSON to xgrammar: unsupported schema"],
  ["vLLM, another backend", "outlines does not support this regular expression"],
  [
    "OpenAI",
    "Invalid schema for function 'postArea': In context=('properties', 'x'), array schema missing items.",
  ],
  ["SGLang", "Failed to compile json grammar: Unsupported JSON schema keyword"],
  ["TGI", "Input validation error: grammar is not supported"],
  ["TensorRT-LLM", "Guided decoding is not enabled in the server"],
  ["Ollama", "invalid JSON schema in format"],
  ["Gemini", "The specified schema produces a constraint that has too many states for serving."],
  ["Gemini, depth", "A schema in GenerationConfig exceeds the maximum allowed nesting depth."],
  ["Fireworks", "JSON Schema not supported: could not understand the instance"],
  ["Together", "JSON mode is not supported by this model"],
  ["Baseten", "Structured outputs are not available for this deployment"],
])("%s refuses a schema without naming a field", (_who, words) => {
  expect(refusedForm(words, JSON_BY_SCHEMA)).toBe("response_format");
  expect(refusedForm(words, TOOLS)).toBe(TOOL_SCHEMAS);
  expect(refusedFields(400, JSON.stringify({ error: { message: words } }), JSON_BY_SCHEMA)).toEqual([
    "response_format",
  ]);
});

test.each([
  "System role not supported",
  "Only user and assistant roles are supported!",
  "Developer instruction is not enabled for models/gemma-3",
  "This model does not support system messages",
  "Conversation roles must alternate user/assistant/user/assistant/...",
  "Role 'system' is not supported",
  "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
  '{"detail":[{"loc":["body","messages",0,"role"],"msg":"Input should be \'user\' or \'assistant\'"}]}',
  "messages.0.role: Input should be 'user' or 'assistant'",
])("a refused system message: %s", (words) => {
  expect(refusedForm(words, TOOLS)).toBe(SYSTEM_ROLE);
});

test.each([
  "Unsupported value: 'stream' does not support true with this model.",
  "Streaming is not supported for this model",
  "Streaming is not supported when using tools with this model",
  "Cannot use tools with stream",
  "This endpoint does not support streaming responses",
  "stream is not supported, set stream to false",
  "stream must be false for this deployment",
  "'stream' must be off",
])("a refused stream: %s", (words) => {
  expect(refusedForm(words, TOOLS)).toBe("stream");
});

test.each([
  "Rate limit reached for requests",
  "The model `m` does not exist",
  "Incorrect API key provided",
  "The system is not available right now",
  "upstream connect error or disconnect/reset before headers",
  "Your prompt mentions a grammar school",
  "The stream was closed by the client",
  "messages.1.content: Input should be a valid string",
  "Unrecognized request argument supplied: seed",
])("no form of the request is refused: %s", (words) => {
  expect(refusedForm(words, JSON_BY_SCHEMA)).toBeUndefined();
});

test.each([
  [
    "stream_options\n  Extra inputs are not permitted [type=extra_forbidden, input_value={'seed': 1}, input_type=dict]",
    ["stream_options"],
  ],
  ["body -> seed\n  extra fields not permitted (type=value_error.extra)", ["seed"]],
  [
    "tool_choice.literal['none']\n  Input should be 'none' [type=literal_error, input_value='required', input_type=str]",
    ["tool_choice"],
  ],
  [
    "temperature\n  Extra inputs are not permitted\nseed\n  Extra inputs are not permitted",
    ["seed", "temperature"],
  ],
  ["messages.0.content\n  Input should be a valid string [type=string_type, input_value=None]", []],
])("a Pydantic error as text: %j", (faults, names) => {
  for (const body of [
    { detail: `1 validation error for ChatCompletionRequest\n${faults}` },
    { error: { message: `2 validation errors for Request\n${faults}`, type: "BadRequestError" } },
  ])
    expect(refusedFields(422, JSON.stringify(body), TOOLS).sort()).toEqual(names);
});
