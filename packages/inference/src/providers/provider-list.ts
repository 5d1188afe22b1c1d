import type { InferenceConfig } from "@ape/core/config/inference";

/** US dollars a million tokens. */
export interface Price {
  input: number;
  /** Prompt tokens that the provider had cached; as `input` where it is not known. */
  cached?: number | undefined;
  output: number;
}

export interface Model {
  /** Tokens of prompt and answer together. */
  context?: number | undefined;
  price?: Price | undefined;
}

export interface Provider {
  /** Ends before `/chat/completions`; a provider without one needs `baseUrl` in the configuration. */
  baseUrl?: string;
  defaultModel?: string;
  /** The environment variable that people keep the key in; a provider without one needs no key. */
  keyVariable?: string;
  /** What is known of its models; of others the price counts as 0, which means unknown. */
  models: Readonly<Record<string, Model>>;
  /** Models that the provider has withdrawn, by a pattern of their names, and what to use instead. */
  withdrawn?: { pattern: RegExp; since: string; instead: string };
}

/**
 * The providers, as data. Prices are the providers' public list prices where a source was at hand, and may have changed:
 * `models` and `price` in the configuration override them. A server of one's own (ollama, vllm, llamacpp) has none.
 */
export const PROVIDERS: Readonly<Record<InferenceConfig["provider"], Provider>> = {
  simulated: { defaultModel: "simulated", models: {} },
  cerebras: {
    baseUrl: "https://api.cerebras.ai/v1",
    defaultModel: "gpt-oss-120b",
    keyVariable: "CEREBRAS_API_KEY",
    models: { "gpt-oss-120b": { context: 131_072, price: { input: 0.35, output: 0.75 } } },
    withdrawn: { pattern: /llama-?4-scout/i, since: "2025-11-03", instead: "gpt-oss-120b" },
  },
  openai: {
    baseUrl: "https://api.openai.com/v1",
    defaultModel: "gpt-4.1-mini",
    keyVariable: "OPENAI_API_KEY",
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
    models: { "openai/gpt-oss-120b": { context: 131_072 } },
  },
  ollama: { baseUrl: "http://127.0.0.1:11434/v1", models: {} },
  vllm: { baseUrl: "http://127.0.0.1:8000/v1", models: {} },
  // A llama.cpp server answers with the one model it has loaded, whatever name it is asked for.
  llamacpp: { baseUrl: "http://127.0.0.1:8080/v1", defaultModel: "default", models: {} },
  custom: { models: {} },
};
