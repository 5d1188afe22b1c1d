import type { InferenceConfig } from "@ape/core/config/inference";
import { ApeError } from "@ape/core/errors";

/** US dollars a million tokens. */
export interface Price {
  input: number;
  output: number;
}

export interface Provider {
  /** Ends before `/chat/completions`; a provider without one needs `baseUrl` in the configuration. */
  baseUrl?: string;
  defaultModel?: string;
  /** The environment variable that people keep the key in; a provider without one needs no key. */
  keyVariable?: string;
  /** List prices where they are known; a model that is not here costs 0, which means unknown. */
  prices: Readonly<Record<string, Price>>;
  /** Models that the provider has withdrawn, by a pattern of their names, and what to use instead. */
  withdrawn?: { pattern: RegExp; since: string; instead: string };
}

/** The providers, as data. Prices: the providers' public price lists, November 2026. */
export const PROVIDERS: Readonly<Record<InferenceConfig["provider"], Provider>> = {
  simulated: { defaultModel: "simulated", prices: {} },
  cerebras: {
    baseUrl: "https://api.cerebras.ai/v1",
    defaultModel: "gpt-oss-120b",
    keyVariable: "CEREBRAS_API_KEY",
    prices: { "gpt-oss-120b": { input: 0.35, output: 0.75 } },
    withdrawn: { pattern: /llama-?4-scout/i, since: "2025-11-03", instead: "gpt-oss-120b" },
  },
  openai: {
    baseUrl: "https://api.openai.com/v1",
    defaultModel: "gpt-4.1-mini",
    keyVariable: "OPENAI_API_KEY",
    prices: {
      "gpt-4.1": { input: 2, output: 8 },
      "gpt-4.1-mini": { input: 0.4, output: 1.6 },
      "gpt-4.1-nano": { input: 0.1, output: 0.4 },
      "gpt-4o": { input: 2.5, output: 10 },
      "gpt-4o-mini": { input: 0.15, output: 0.6 },
    },
  },
  custom: { prices: {} },
};

/** A provider with everything that a call needs. */
export interface ResolvedProvider {
  /** Empty for the simulated provider. */
  baseUrl: string;
  model: string;
  apiKey: string | undefined;
  prices: Readonly<Record<string, Price>>;
}

/**
 * Joins the configuration with the provider's own data.
 * @throws ApeError CONFIG_INVALID where `apiKey`, `baseUrl` or `model` is needed and missing; MODEL_UNKNOWN for a withdrawn model
 */
export function resolveProvider(config: InferenceConfig): ResolvedProvider {
  const name = config.provider;
  const provider = PROVIDERS[name];
  const { withdrawn, keyVariable } = provider;
  const model = config.model ?? provider.defaultModel;
  const baseUrl = name === "simulated" ? "" : (config.baseUrl ?? provider.baseUrl);
  if (baseUrl === undefined)
    throw missing(
      name,
      "baseUrl",
      "the server's address that ends before /chat/completions, such as `baseUrl: http://127.0.0.1:8000/v1`",
    );
  if (model === undefined)
    throw missing(name, "model", "a name from the server's /models, such as `model: gpt-oss-120b`");
  if (keyVariable !== undefined && config.apiKey === undefined)
    throw missing(
      name,
      "apiKey",
      `\`apiKey: \${${keyVariable}}\`, and put ${keyVariable} into the environment or into ape.env`,
    );
  if (withdrawn?.pattern.test(model) === true)
    throw new ApeError("MODEL_UNKNOWN", `${name} withdrew ${model} on ${withdrawn.since}.`, {
      hint: `Write \`model: ${withdrawn.instead}\` under \`inference\`, or leave \`model\` out.`,
    });
  return { baseUrl, model, apiKey: config.apiKey, prices: provider.prices };
}

function missing(provider: string, key: string, what: string): ApeError {
  return new ApeError("CONFIG_INVALID", `inference.${key} is missing: the provider ${provider} needs it.`, {
    hint: `Under \`inference\` write ${what}; or use \`provider: simulated\`, which needs neither network nor key.`,
  });
}
