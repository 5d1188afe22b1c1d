import { z } from "zod";
import { dollars, duration, positiveDuration } from "./scalar.ts";

const share = z.number().min(0).max(1);

/** How the simulated model answers: times and errors. */
export const simulationSchema = z.strictObject({
  firstToken: z
    .strictObject({ median: duration.default(40), p95: duration.default(120) })
    .prefault({})
    .describe("Lognormal distribution of the time to the first token."),
  tokensPerSecond: z.number().positive().default(2_000),
  errors: z
    .strictObject({
      malformed: share.default(0).describe("Share of answers whose tool call is not JSON."),
      prose: share.default(0).describe("Share of answers without a tool call."),
      inventedPath: share.default(0).describe("Share of calls to a path that does not exist."),
      wrongArguments: share.default(0).describe("Share of calls with an argument of the wrong value."),
      rateLimited: share.default(0).describe("Share of calls answered with 429."),
      stalled: share.default(0).describe("Share of answers that stop in the middle."),
    })
    .prefault({})
    .describe("How often the model errs, each as a share of calls."),
});
export type SimulationConfig = z.output<typeof simulationSchema>;

const price = z.strictObject({
  input: z.number().min(0).describe("US dollars a million prompt tokens."),
  cached: z
    .number()
    .min(0)
    .optional()
    .describe("US dollars a million prompt tokens that the provider had cached; as `input` where left out."),
  output: z.number().min(0).describe("US dollars a million completion tokens."),
});

const limits = z.strictObject({
  requestsPerMinute: z.number().positive().optional(),
  tokensPerMinute: z.number().positive().optional().describe("Prompt and answer together."),
});
export type LimitsConfig = z.output<typeof limits>;

/**
 * A credential as it is sent. Secrets of Docker and Kubernetes often end with a line break, which no header can
 * contain.
 */
const key = z
  .string()
  .trim()
  .min(1)
  .regex(/^[!-~]+$/, "a key has only visible ASCII characters, without blanks and line breaks");

/** Fields that the proxy itself sets, because it reads the answer by them. */
const OWN_FIELD = /^(?:model|messages|stream)$/;

const field = z
  .string()
  .min(1)
  .refine((name) => !OWN_FIELD.test(name), "model, messages and stream are set by APE itself");

/** What the configuration changes in every request. */
const request = z.strictObject({
  omit: z
    .array(field)
    .default([])
    .describe("Fields that are left out of every request, such as `[seed]`: some providers refuse them."),
  add: z
    .record(field, z.json())
    .default({})
    .describe(
      "Fields that every request has, such as `{ reasoning_effort: low }`; over those it has already.",
    ),
  headers: z
    .record(z.string(), z.string().trim())
    .default({})
    .describe(
      'Headers of every request, such as `{ api-key: "${KEY}" }`. Values from variables are secrets.',
    ),
});

/** One source of answers. */
const source = {
  provider: z
    .enum([
      "simulated",
      "cerebras",
      "openai",
      "groq",
      "openrouter",
      "mistral",
      "deepseek",
      "gemini",
      "azure",
      "ollama",
      "vllm",
      "llamacpp",
      "custom",
    ])
    .default("simulated")
    .describe("`simulated` needs no key; `custom` is any OpenAI-compatible server at `baseUrl`."),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "an absolute http or https URL is expected" })
    .refine((url) => !/\/completions\/*$/.test(url), "it ends before /chat/completions")
    .optional()
    .describe("Overrides the provider's own; ends before `/chat/completions`."),
  model: z.string().min(1).optional(),
  request: request
    .prefault({})
    .describe("What is changed in every request, over what is known of the provider and its models."),
  apiKey: key.optional().describe("Usually `${CEREBRAS_API_KEY}`."),
  apiKeys: z
    .array(z.union([key, z.strictObject({ key, organisation: z.string().min(1).optional() })]))
    .default([])
    .describe("Further keys, each by itself or as `{ key, organisation }`."),
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe("A file of further keys, one a line; a line may name the key's organisation after a blank."),
  organisation: z
    .string()
    .min(1)
    .optional()
    .describe("Of the keys that name none. Providers limit an organisation: its keys share one quota."),
  limits: limits
    .prefault({})
    .describe(
      "What one organisation may ask, over all processes of the run; what the provider's headers tell holds besides.",
    ),
  price: price.optional().describe("Overrides the price list for every model of this provider."),
  models: z
    .record(
      z.string().min(1),
      z.strictObject({
        context: z.int().min(1).optional().describe("Tokens of prompt and answer together."),
        price: price.optional().describe("Overrides the price list."),
      }),
    )
    .default({})
    .describe("What is known of single models, over APE's own list."),
};

const sourceSchema = z.strictObject(source);
export type SourceConfig = z.output<typeof sourceSchema>;

/** Changes of every request that the configuration asks for. */
export type RequestConfig = z.output<typeof request>;

/** Where decisions come from. */
export const inferenceSchema = z.strictObject({
  ...source,
  instructions: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A text file, usually ape.prompt.md: your own instructions to the model, after APE's own in every prompt.",
    ),
  prompt: z
    .strictObject({
      maxTokens: z
        .int()
        .min(500)
        .max(1_000_000)
        .default(6_000)
        .describe(
          "Tokens that the operations of the targets and their tools may take in a prompt, a token being four bytes. Of larger documents those that a goal needs are selected by its words; a model can search the others.",
        ),
    })
    .prefault({})
    .describe("What a model is shown."),
  decisions: z
    .enum(["auto", "tools", "json"])
    .default("auto")
    .describe(
      "How the model is asked for decisions: with tools, or for JSON of a schema (`response_format`), for servers that do not parse tool calls. `auto` uses tools and changes to JSON for the rest of the run when the server shows that it does not parse them.",
    ),
  temperature: z.number().min(0).max(2).default(0),
  maxCompletionTokens: z.int().min(16).max(32_768).default(512),
  timeouts: z
    .strictObject({
      connect: positiveDuration.default(5_000).describe("Until the connection is made."),
      firstByte: positiveDuration
        .default(60_000)
        .describe("From the request until the first byte of the answer's body."),
      idle: positiveDuration.default(30_000).describe("Between two parts of an answer."),
      total: z
        .union([z.literal("off"), positiveDuration])
        .default("off")
        .describe("One attempt, until its last byte; `off` lets an answer that still comes go on."),
    })
    .prefault({})
    .describe("Limits of one attempt."),
  timeout: positiveDuration
    .optional()
    .describe("The earlier name of `timeouts.total`; counts where that is `off`."),
  retries: z
    .strictObject({
      attempts: z
        .int()
        .min(1)
        .max(10)
        .default(3)
        .describe("Tries in all, for 429, 5xx and refused connections."),
      backoff: duration
        .default(250)
        .describe("Before the second try where the provider names no time; doubled after."),
      maxWait: duration.default(10_000).describe("Longest wait that a `retry-after` is obeyed for."),
    })
    .prefault({}),
  queueTimeout: positiveDuration
    .default(60_000)
    .describe("Longest wait in the proxy for a limit, a connection or a provider that is down."),
  breaker: z
    .strictObject({
      failures: z.int().min(1).default(10).describe("Failures in a row before the provider is spared."),
      pause: positiveDuration
        .default(2_000)
        .describe("Until one call tries again; doubled while it fails, 1m at most."),
    })
    .prefault({}),
  fallback: z
    .array(z.strictObject({ ...source, provider: source.provider.unwrap() }))
    .default([])
    .describe("Sources to ask, in order, where the one before cannot answer."),
  hedgeAfter: duration
    .optional()
    .describe("Ask a second time when no byte of an answer has come by then; the first to answer wins."),
  record: z.string().min(1).optional().describe("A folder that keeps every answer, for `replay`."),
  replay: z
    .string()
    .min(1)
    .optional()
    .describe("A folder of recorded answers: they are given in place of the model's, and nothing is sent."),
  logPrompts: z.boolean().default(false).describe("Keep prompts and answers in the events, secrets masked."),
  connections: z.int().min(1).max(10_000).default(256).describe("Connections a process opens at most."),
  maxCost: dollars.optional().describe("Ends the run (exit 108) when this much was spent: `5 USD`."),
  simulation: simulationSchema.prefault({}),
});

export type InferenceConfig = z.output<typeof inferenceSchema>;
/** Who serves the model, as the configuration names it. */
export type ProviderName = InferenceConfig["provider"];

/** Limits of one attempt in milliseconds; an undefined one is none. */
export interface AttemptTimeouts {
  connect?: number | undefined;
  firstByte?: number | undefined;
  idle?: number | undefined;
  total?: number | undefined;
}

/** The limits of an attempt, `timeout` of earlier configurations included. */
export function attemptTimeouts({ timeouts, timeout }: InferenceConfig): AttemptTimeouts {
  const { total, ...others } = timeouts;
  return { ...others, total: total === "off" ? timeout : total };
}
