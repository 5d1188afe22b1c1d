import type { InferenceConfig } from "@ape/core/config/inference";

/** A request's top level. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** An answer that refuses a request. */
export interface ProviderRefusal {
  status: number;
  body: unknown;
}

/** The fields that a provider accepts and refuses, according to its documentation and public reports of its errors. */
export interface ProviderRules {
  provider: InferenceConfig["provider"];
  model: string;
  /** Of the address that ends before `/chat/completions`. */
  path: string;
  /** The header of the key; undefined if none is required. */
  keyHeader?: "authorization" | "api-key";
  /** Accepted fields; all by default. */
  taken?: readonly string[];
  /** How another field is refused. */
  unknown?: (field: string) => ProviderRefusal;
  /** Refuses values of accepted fields. */
  refuses?: (request: RequestFields) => ProviderRefusal | undefined;
  /** Changes a chunk of the answer to this provider's form. */
  chunk?: (chunk: Record<string, unknown>) => Record<string, unknown>;
  /** Comments before the first chunk. */
  comment?: string;
}

const openai = (
  message: string,
  param: string | null = null,
  code: string | null = null,
): ProviderRefusal => ({
  status: 400,
  body: { error: { message, type: "invalid_request_error", param, code } },
});

const BASE = [
  "model",
  "messages",
  "tools",
  "tool_choice",
  "stream",
  "temperature",
  "top_p",
  "stop",
  "response_format",
  "parallel_tool_calls",
];

/** Reasoning models: no temperature but 1, and the newer name of the limit. Source: OpenAI, "Reasoning models". */
const reasoning = ({ temperature, max_tokens: limit }: RequestFields): ProviderRefusal | undefined => {
  if (temperature !== undefined && temperature !== 1)
    return openai(
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      "temperature",
      "unsupported_value",
    );
  return limit === undefined
    ? undefined
    : openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
      );
};

const unknownParameter = (field: string): ProviderRefusal =>
  openai(`Unknown parameter: '${field}'.`, field, "unknown_parameter");

/** Gives every call of a tool the index 0, as Gemini and earlier versions of Ollama do, in one part. */
function oneIndex(chunk: Record<string, unknown>): Record<string, unknown> {
  const choices = chunk.choices as { delta?: { tool_calls?: { index?: number }[] } }[] | undefined;
  for (const { delta } of choices ?? []) for (const call of delta?.tool_calls ?? []) call.index = 0;
  return chunk;
}

export const PROVIDER_RULES: readonly ProviderRules[] = [
  {
    // github.com/anomalyco/opencode/issues/6648, github.com/mpfaffenberger/code_puppy/pull/368
    provider: "cerebras",
    model: "gpt-oss-120b",
    path: "/v1",
    keyHeader: "authorization",
    taken: [
      ...BASE,
      "max_completion_tokens",
      "seed",
      "stream_options",
      "user",
      "reasoning_effort",
      "logprobs",
    ],
    unknown: (field) => ({
      status: 400,
      body: {
        message: `body.${field}: property 'body.${field}' is unsupported`,
        type: "invalid_request_error",
        param: "validation_error",
        code: "wrong_api_format",
      },
    }),
    refuses: ({ tools }) => {
      const strict = new Set(
        ((tools ?? []) as { function: { strict?: boolean } }[]).map((tool) => tool.function.strict === true),
      );
      return strict.size < 2
        ? undefined
        : {
            status: 400,
            body: {
              message:
                "Tools with mixed values for 'strict' are not allowed. Please set all tools to 'strict: true' or 'strict: false'",
              type: "invalid_request_error",
              param: "tools",
              code: "wrong_api_format",
            },
          };
    },
  },
  {
    provider: "openai",
    model: "gpt-5-mini",
    path: "/v1",
    keyHeader: "authorization",
    taken: [
      ...BASE,
      "max_completion_tokens",
      "max_tokens",
      "seed",
      "stream_options",
      "reasoning_effort",
      "user",
    ],
    unknown: unknownParameter,
    refuses: reasoning,
  },
  {
    // github.com/groq/groq-typescript/issues/28
    provider: "groq",
    model: "openai/gpt-oss-120b",
    path: "/openai/v1",
    keyHeader: "authorization",
    taken: [
      ...BASE,
      "max_completion_tokens",
      "max_tokens",
      "seed",
      "stream_options",
      "reasoning_effort",
      "user",
    ],
    unknown: (field) => openai(`property '${field}' is unsupported`),
    chunk: (chunk) => ({ ...chunk, x_groq: { id: "req_1" } }),
  },
  {
    // github.com/zed-industries/zed/issues/36094
    provider: "openrouter",
    model: "z-ai/glm-4.5-air",
    path: "/api/v1",
    keyHeader: "authorization",
    comment: ": OPENROUTER PROCESSING\n\n",
    refuses: ({ tool_choice: choice }) =>
      choice === "required"
        ? {
            status: 404,
            body: {
              error: {
                message:
                  "No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing",
                code: 404,
              },
            },
          }
        : undefined,
  },
  {
    // github.com/editor-code-assistant/eca/issues/231, github.com/dnakov/anon-kode/issues/53
    provider: "mistral",
    model: "mistral-small-latest",
    path: "/v1",
    keyHeader: "authorization",
    taken: [
      ...BASE,
      "max_tokens",
      "random_seed",
      "safe_prompt",
      "n",
      "presence_penalty",
      "frequency_penalty",
    ],
    unknown: (field) => ({
      status: 422,
      body: {
        object: "error",
        message: {
          detail: [
            {
              type: "extra_forbidden",
              loc: ["body", field],
              msg: "Extra inputs are not permitted",
              input: 1,
            },
          ],
        },
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    }),
  },
  {
    // github.com/deepseek-ai/DeepSeek-V3/issues/1376
    provider: "deepseek",
    model: "deepseek-v4-flash",
    path: "/v1",
    keyHeader: "authorization",
    refuses: ({ tool_choice: choice, response_format: form }) => {
      if (choice !== undefined && choice !== "auto" && choice !== "none")
        return openai("Thinking mode does not support this tool_choice", null, "invalid_request_error");
      return (form as { type?: string } | undefined)?.type === "json_schema"
        ? openai("This response_format type is unavailable now", null, "invalid_request_error")
        : undefined;
    },
  },
  {
    // github.com/Vali-98/ChatterUI/issues/227, github.com/taylorwilsdon/google_workspace_mcp/issues/1099
    provider: "gemini",
    model: "gemini-2.5-flash",
    path: "/v1beta/openai",
    keyHeader: "authorization",
    taken: [
      ...BASE.filter((field) => field !== "parallel_tool_calls"),
      "max_tokens",
      "max_completion_tokens",
      "stream_options",
      "reasoning_effort",
      "n",
    ],
    unknown: (field) => ({
      status: 400,
      body: [
        {
          error: {
            code: 400,
            message: `Invalid JSON payload received. Unknown name "${field}": Cannot find field.`,
            status: "INVALID_ARGUMENT",
          },
        },
      ],
    }),
    refuses: ({ tools }) =>
      /"type":\[|"(?:anyOf|oneOf|const)":/.test(JSON.stringify(tools ?? []))
        ? {
            status: 400,
            body: [
              {
                error: {
                  code: 400,
                  message:
                    "Invalid JSON payload received. Unknown name \"type\" at 'tools[0].function_declarations[0].parameters.properties[0].value': Proto field is not repeating, cannot start list.",
                  status: "INVALID_ARGUMENT",
                },
              },
            ],
          }
        : undefined,
    chunk: oneIndex,
  },
  {
    // github.com/openai/openai-python/issues/1724, github.com/griptape-ai/griptape/issues/1640
    provider: "azure",
    model: "my-gpt-4o",
    path: "/openai/v1",
    keyHeader: "api-key",
    taken: [...BASE.filter((field) => field !== "parallel_tool_calls"), "max_tokens", "seed"],
    unknown: (field) => openai(`Unrecognized request argument supplied: ${field}`),
  },
  {
    // Ollama documentation, "OpenAI compatibility": other fields are passed over.
    provider: "ollama",
    model: "llama3.2",
    path: "/v1",
    chunk: oneIndex,
  },
  {
    // github.com/vllm-project/vllm/pull/30613: a server without --enable-auto-tool-choice
    provider: "vllm",
    model: "qwen3",
    path: "/v1",
    refuses: ({ tools, tool_choice: choice = "auto" }) =>
      tools !== undefined && choice === "auto"
        ? {
            status: 400,
            body: {
              object: "error",
              message:
                '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
              type: "BadRequestError",
              param: null,
              code: 400,
            },
          }
        : undefined,
  },
  { provider: "llamacpp", model: "default", path: "/v1" },
  {
    // The strictest server with which tools can be called: everything has to be learned.
    provider: "custom",
    model: "any",
    path: "/v1",
    taken: ["model", "messages", "tools", "stream"],
    unknown: (field) => ({
      status: 400,
      body: { detail: `does not support parameter: ${field}` },
    }),
  },
];
