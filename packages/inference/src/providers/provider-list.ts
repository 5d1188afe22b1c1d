import type { ProviderName } from "@ape/core/config/inference";
import { type Dialect, type ModelFamily, OPENAI_DIALECT } from "./dialect.ts";

/** US dollars per million tokens. */
export interface Price {
  input: number;
  /** Prompt tokens that the provider had cached; as `input` if unknown. */
  cached?: number | undefined;
  output: number;
}

export interface Model {
  /** Tokens of prompt and answer together. */
  context?: number | undefined;
  price?: Price | undefined;
}

export interface Provider {
  /** Decides in this process: no address, no key, nothing sent. */
  simulated?: true;
  /** A self-hosted server: calls cost no money. */
  free?: true;
  /** How the key is sent; as a bearer token by default. */
  keyHeader?: "api-key";
  dialect: Dialect;
  /** Families of models with their own dialect; the first match counts. */
  families?: readonly ModelFamily[];
  /** `/models` need not list models: the server answers with the one it has, or users name their own. */
  anyModel?: true;
  /** Names of models may end in a variant such as `:nitro`, which `/models` does not list. */
  variants?: true;
  /** A path that needs the key, where `/models` does not. */
  keyPath?: string;
  /** The setting that lets a server of this kind parse tool calls. */
  toolsAdvice?: string;
  /** Ends before `/chat/completions`; a provider without one needs `baseUrl` in the configuration. */
  baseUrl?: string;
  defaultModel?: string;
  /** The usual environment variable of the key; a provider without one needs no key. */
  keyVariable?: string;
  /** Known models; for others the price counts as 0, which means unknown. */
  models: Readonly<Record<string, Model>>;
  /** Models that the provider has withdrawn, by a pattern of their names, and what to use instead. */
  withdrawn?: { pattern: RegExp; since: string; instead: string };
}

/** Reasoning models accept no temperature but 1. Source: OpenAI, "Reasoning models". */
const OPENAI_FAMILIES: readonly ModelFamily[] = [
  { pattern: /(?:^|\/)(?:o[1-9]|gpt-(?:[5-9]|\d\d))(?:[-.:]|$)(?!.*chat)/i, dialect: { temperature: false } },
];

/** More functions are refused with 400 `array too long`, param `tools`. Source: OpenAI API reference, "Create chat completion". */
const OPENAI_SERVICE: Dialect = { ...OPENAI_DIALECT, maxTools: 128 };

/**
 * The providers as data: the only place for a provider's traits. Prices are public list prices as far as a source was
 * available, and may have changed: `models` and `price` in the configuration override them. Refusals are taken from
 * documentation and public reports of errors; a refusal that is not listed here is learned during the run.
 */
export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  simulated: { simulated: true, free: true, defaultModel: "simulated", dialect: OPENAI_DIALECT, models: {} },
  cerebras: {
    baseUrl: "https://api.cerebras.ai/v1",
    defaultModel: "gpt-oss-120b",
    keyVariable: "CEREBRAS_API_KEY",
    // Source: Cerebras documentation, "Structured outputs", supported schemas.
    dialect: { ...OPENAI_DIALECT, unions: "anyOf" },
    models: { "gpt-oss-120b": { context: 131_072, price: { input: 0.35, output: 0.75 } } },
    withdrawn: { pattern: /llama-?4-scout/i, since: "2025-11-03", instead: "gpt-oss-120b" },
  },
  openai: {
    baseUrl: "https://api.openai.com/v1",
    defaultModel: "gpt-4.1-mini",
    keyVariable: "OPENAI_API_KEY",
    dialect: OPENAI_SERVICE,
    families: OPENAI_FAMILIES,
    models: {
      "gpt-4.1": { context: 1_047_576, price: { input: 2, cached: 0.5, output: 8 } },
      "gpt-4.1-mini": { context: 1_047_576, price: { input: 0.4, cached: 0.1, output: 1.6 } },
      "gpt-4.1-nano": { context: 1_047_576, price: { input: 0.1, cached: 0.025, output: 0.4 } },
      "gpt-4o": { context: 128_000, price: { input: 2.5, cached: 1.25, output: 10 } },
      "gpt-4o-mini": { context: 128_000, price: { input: 0.15, cached: 0.075, output: 0.6 } },
    },
  },
  groq: {
    baseUrl: "https://api.groq.com/openai/v1",
    defaultModel: "openai/gpt-oss-120b",
    keyVariable: "GROQ_API_KEY",
    dialect: { ...OPENAI_DIALECT, strictTools: false },
    models: {
      "openai/gpt-oss-120b": { context: 131_072, price: { input: 0.15, output: 0.6 } },
      "openai/gpt-oss-20b": { context: 131_072, price: { input: 0.075, output: 0.3 } },
      "llama-3.3-70b-versatile": { context: 131_072, price: { input: 0.59, output: 0.79 } },
      "llama-3.1-8b-instant": { context: 131_072, price: { input: 0.05, output: 0.08 } },
    },
  },
  openrouter: {
    baseUrl: "https://openrouter.ai/api/v1",
    defaultModel: "openai/gpt-oss-120b",
    keyVariable: "OPENROUTER_API_KEY",
    // It passes each field only to providers that accept it, and accepts only the older name of the limit.
    dialect: { ...OPENAI_DIALECT, limit: "max_tokens" },
    families: OPENAI_FAMILIES,
    variants: true,
    keyPath: "/key",
    models: { "openai/gpt-oss-120b": { context: 131_072 } },
  },
  mistral: {
    baseUrl: "https://api.mistral.ai/v1",
    defaultModel: "mistral-small-latest",
    keyVariable: "MISTRAL_API_KEY",
    // Unknown fields are refused with 422 `extra_forbidden`; usage is in every stream. Source: Mistral API, "Chat completion".
    dialect: {
      ...OPENAI_DIALECT,
      limit: "max_tokens",
      seed: "random_seed",
      toolChoice: "any",
      streamOptions: false,
      usage: "always",
    },
    models: {},
  },
  deepseek: {
    baseUrl: "https://api.deepseek.com/v1",
    defaultModel: "deepseek-v4-flash",
    keyVariable: "DEEPSEEK_API_KEY",
    // `strict` needs the beta address. Source: DeepSeek API documentation, "Function calling", "Thinking mode".
    dialect: {
      ...OPENAI_DIALECT,
      limit: "max_tokens",
      strictTools: false,
      responseFormat: "json_object",
    },
    // Thinking mode, which is on by default from V4 on: "Thinking mode does not support this tool_choice".
    families: [{ pattern: /reasoner|-r\d|-v(?:[4-9]|\d\d)/i, dialect: { toolChoice: "auto" } }],
    models: {},
  },
  gemini: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    defaultModel: "gemini-2.5-flash",
    keyVariable: "GEMINI_API_KEY",
    // Unknown names are refused with 400 `Cannot find field`, a list as type with `Proto field is not repeating`, other
    // keywords beside `anyOf` with 400 at Vertex. Source: Gemini API reference, "Schema".
    dialect: {
      ...OPENAI_DIALECT,
      seed: null,
      parallelToolCalls: false,
      strictTools: false,
      unions: "nullable",
    },
    models: {},
  },
  // Its address is that of a resource: `https://NAME.openai.azure.com/openai/v1`; models are deployments.
  azure: {
    keyVariable: "AZURE_OPENAI_API_KEY",
    keyHeader: "api-key",
    anyModel: true,
    dialect: OPENAI_SERVICE,
    families: OPENAI_FAMILIES,
    models: {},
  },
  // Source: Ollama documentation, "OpenAI compatibility": neither `tool_choice` nor `max_completion_tokens`.
  ollama: {
    free: true,
    baseUrl: "http://127.0.0.1:11434/v1",
    dialect: {
      ...OPENAI_DIALECT,
      limit: "max_tokens",
      toolChoice: null,
      parallelToolCalls: false,
      strictTools: false,
      // Its templates show the type, and nothing is enforced.
      unions: "described",
    },
    toolsAdvice: "take a model that Ollama lists with the capability `tools`",
    models: {},
  },
  vllm: {
    free: true,
    baseUrl: "http://127.0.0.1:8000/v1",
    toolsAdvice: "start vLLM with --enable-auto-tool-choice and the --tool-call-parser of the model",
    dialect: OPENAI_DIALECT,
    models: {},
  },
  llamacpp: {
    free: true,
    baseUrl: "http://127.0.0.1:8080/v1",
    defaultModel: "default",
    anyModel: true,
    toolsAdvice: "start llama-server with --jinja",
    dialect: { ...OPENAI_DIALECT, limit: "max_tokens", strictTools: false },
    models: {},
  },
  // It may be a proxy before a router.
  custom: { dialect: OPENAI_DIALECT, variants: true, models: {} },
};

/** The dialect of a model at a provider. */
export function dialectOf(provider: ProviderName, model: string): Dialect {
  const { dialect, families } = PROVIDERS[provider];
  const family = families?.find(({ pattern }) => pattern.test(model));
  return family === undefined ? dialect : { ...dialect, ...family.dialect };
}

/** Whether the model decides within this process, without network and key. */
export const isSimulated = (provider: ProviderName): boolean => PROVIDERS[provider].simulated === true;
