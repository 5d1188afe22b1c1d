import fc from "fast-check";
import { expect, test } from "vitest";
import { chat } from "../../test/peer.ts";
import { refusedFields } from "./refused-fields.ts";

const SENT = new Set([...Object.keys(chat()), "parallel_tool_calls", "response_format", "max_tokens"]);

const pydantic = (field: string) => ({
  type: "extra_forbidden",
  loc: ["body", field],
  msg: "Extra inputs are not permitted",
  input: { temperature: "seed" },
});
const openai = (message: string, param: string | null, code: string | null) => ({
  error: { message, type: "invalid_request_error", param, code },
});

test.each<[string, number, unknown, string[]]>([
  [
    "OpenAI, a value",
    400,
    openai(
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      "temperature",
      "unsupported_value",
    ),
    ["temperature"],
  ],
  [
    "OpenAI, a name",
    400,
    openai(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
      "unsupported_parameter",
    ),
    ["max_tokens"],
  ],
  [
    "Azure",
    400,
    openai("Unrecognized request argument supplied: max_completion_tokens", null, null),
    ["max_completion_tokens"],
  ],
  [
    "Azure, several",
    400,
    openai("Unrecognized request arguments supplied: seed, stream_options", null, null),
    ["seed", "stream_options"],
  ],
  [
    "Mistral",
    422,
    {
      object: "error",
      message: { detail: [pydantic("seed"), pydantic("stream_options")] },
      type: "invalid_request_error",
    },
    ["seed", "stream_options"],
  ],
  [
    "Mistral, as text",
    422,
    { object: "error", message: JSON.stringify({ detail: [pydantic("max_completion_tokens")] }) },
    ["max_completion_tokens"],
  ],
  [
    "Mistral, within a field",
    422,
    {
      message: {
        detail: [
          {
            type: "extra_forbidden",
            loc: ["body", "stream_options", "include_usage"],
            msg: "Extra inputs are not permitted",
          },
        ],
      },
    },
    ["stream_options"],
  ],
  ["FastAPI", 422, { detail: [pydantic("seed")] }, ["seed"]],
  [
    "Gemini",
    400,
    [
      {
        error: {
          code: 400,
          message:
            'Invalid JSON payload received. Unknown name "seed": Cannot find field.\nInvalid JSON payload received. Unknown name "parallel_tool_calls": Cannot find field.',
          status: "INVALID_ARGUMENT",
        },
      },
    ],
    ["parallel_tool_calls", "seed"],
  ],
  [
    "Cerebras",
    400,
    {
      message: "body.seed: property 'body.seed' is unsupported",
      type: "invalid_request_error",
      param: "validation_error",
      code: "wrong_api_format",
    },
    ["seed"],
  ],
  [
    "Cerebras, strict",
    400,
    {
      message:
        "Tools with mixed values for 'strict' are not allowed. Please set all tools to 'strict: true' or 'strict: false'",
      param: "tools",
      code: "wrong_api_format",
    },
    ["strict"],
  ],
  [
    "a path in a text",
    400,
    { error: { message: "Unknown parameter: 'tools[0].function.strict'." } },
    ["strict"],
  ],
  [
    "a path of dots in a text",
    422,
    { detail: "tools.0.function.strict: Extra inputs are not permitted" },
    ["strict"],
  ],
  ["a strict word that is no field", 400, { detail: "This strict mode is not supported for images" }, []],
  [
    "DeepSeek",
    400,
    openai("Thinking mode does not support this tool_choice", null, "invalid_request_error"),
    ["tool_choice"],
  ],
  [
    "Qwen",
    400,
    openai(
      "<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode",
      null,
      null,
    ),
    ["tool_choice"],
  ],
  [
    "OpenRouter",
    404,
    {
      error: {
        message:
          "No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: https://openrouter.ai/docs",
        code: 404,
      },
    },
    ["tool_choice"],
  ],
  [
    "vLLM",
    400,
    {
      object: "error",
      message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      type: "BadRequestError",
      code: 400,
    },
    ["tool_choice"],
  ],
  [
    "DeepSeek, a form",
    400,
    openai("This response_format type is unavailable now", null, null),
    ["response_format"],
  ],
  ["Anthropic", 400, openai("`temperature` is deprecated for this model.", null, null), ["temperature"]],
  [
    "Moonshot",
    400,
    openai("invalid temperature: only 1 is allowed for this model", null, null),
    ["temperature"],
  ],
  ["no JSON", 400, "does not support parameter: seed", ["seed"]],
])("the field that %s refuses is found", (_who, status, body, fields) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  expect(refusedFields(status, text, SENT).sort()).toEqual(fields);
});

test.each<[string, number, unknown]>([
  [
    "a number out of its range",
    400,
    openai(
      "max_tokens is too large: 32768. This model supports at most 16384 completion tokens",
      "max_tokens",
      "invalid_value",
    ),
  ],
  [
    "a number out of its range elsewhere",
    400,
    openai(
      "`max_completion_tokens` must be less than or equal to `8192`, this value is not supported",
      null,
      null,
    ),
  ],
  [
    "a prompt beyond the context",
    400,
    openai(
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
      "messages",
      "context_length_exceeded",
    ),
  ],
  [
    "an unknown model",
    404,
    openai("The model `gpt-9` does not exist or you do not have access to it.", "model", "model_not_found"),
  ],
  ["a wrong key", 401, openai("temperature is not supported", "temperature", null)],
  ["a limit", 429, openai("seed is not supported", "seed", null)],
  [
    "a message's field",
    400,
    {
      message: "messages.1.assistant.seed: property 'messages.1.assistant.reasoning_content' is unsupported",
    },
  ],
  [
    "tools as a whole",
    400,
    openai("tools are not supported by this model", "tools", "unsupported_parameter"),
  ],
  [
    "a word of the text",
    400,
    openai("The stream of seeds is not supported for this temperatureless model", null, null),
  ],
])("%s is no refusal of a field", (_what, status, body) => {
  expect(refusedFields(status, JSON.stringify(body), SENT)).toEqual([]);
});

test("whatever an answer holds, only fields that were sent are found, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.constantFrom(400, 404, 422), fc.oneof(fc.json(), fc.string()), (status, body) => {
      for (const field of refusedFields(status, body, SENT))
        expect(
          [...SENT, "strict"].filter((name) => !/^(?:model|messages|stream|tools)$/.test(name)),
        ).toContain(field);
    }),
  );
});

test.each<[string, string, string[]]>([
  [
    "serde",
    "unknown field `seed`, expected one of `model`, `temperature`, `max_tokens`, `tool_choice`",
    ["seed"],
  ],
  [
    "a list of parameters",
    "seed is not a supported parameter, supported parameters are temperature and max_tokens",
    ["seed"],
  ],
  [
    "a list of fields",
    "Unrecognized field: seed. Allowed fields: temperature, max_tokens, stream_options",
    ["seed"],
  ],
  [
    "a value",
    "tool_choice value 'required' is not currently supported, it must be one of: none, auto",
    ["tool_choice"],
  ],
  ["not yet", "response_format is not yet supported", ["response_format"]],
  [
    "a list of what is refused",
    "The following parameters are not supported: seed, temperature",
    ["temperature", "seed"],
  ],
  ["another list of it", "Unsupported parameters: `seed`, `temperature`", ["temperature", "seed"]],
])("fields that a server would take are not refused: %s", (_who, message, wanted) => {
  for (const status of [400, 422])
    expect(refusedFields(status, JSON.stringify({ error: { message } }), SENT).toSorted()).toEqual(
      wanted.toSorted(),
    );
});
