import type { InferenceConfig, SourceConfig } from "@ape/core/config/inference";
import { ApeError } from "@ape/core/lib/errors";
import { isSimulated, type Model, PROVIDERS, type Price } from "./provider-list.ts";

/** A provider with everything that a call needs. */
export interface ResolvedProvider {
  name: InferenceConfig["provider"];
  /** Its name in events and metrics. */
  label: string;
  /** Empty for the simulated provider. */
  baseUrl: string;
  model: string;
  /** APE's list, overridden by the configuration's. */
  models: Readonly<Record<string, Model>>;
  /** For every model, if the configuration sets one. */
  price: Price | undefined;
}

/**
 * Joins the configuration with the provider's own data.
 * @param maxCompletionTokens the longest answer that is requested
 * @throws ApeError CONFIG_INVALID if `apiKey`, `baseUrl` or `model` is needed and missing; MODEL_UNKNOWN for a
 * withdrawn model
 */
export function resolveProvider(config: SourceConfig, maxCompletionTokens: number): ResolvedProvider {
  const name = config.provider;
  const provider = PROVIDERS[name];
  const model = config.model ?? provider.defaultModel;
  const baseUrl = isSimulated(name) ? "" : (config.baseUrl ?? provider.baseUrl);
  if (baseUrl === undefined)
    throw missing(
      name,
      "baseUrl",
      "the server's address that ends before /chat/completions, such as `baseUrl: http://127.0.0.1:8000/v1`",
    );
  if (model === undefined)
    throw missing(name, "model", "a name from the server's /models, such as `model: gpt-oss-120b`");
  if (provider.keyVariable !== undefined && !hasKey(config))
    throw missing(
      name,
      "apiKey",
      `\`apiKey: \${${provider.keyVariable}}\`, and put ${provider.keyVariable} into the environment or into ape.env`,
    );
  const gone = withdrawnModel(name, model);
  if (gone !== undefined)
    throw new ApeError("MODEL_UNKNOWN", gone.message, {
      hint: `Write \`model: ${gone.instead}\` under \`inference\`, or leave \`model\` out.`,
    });
  const models = known(config);
  const context = models[model]?.context;
  if (context !== undefined && maxCompletionTokens >= context)
    throw new ApeError(
      "CONFIG_INVALID",
      `inference.maxCompletionTokens is ${maxCompletionTokens}: ${model} takes ${context} tokens, prompt included.`,
      { hint: "Lower it; a decision of an agent rarely needs more than 512." },
    );
  return { name, label: name, baseUrl, model, models, price: config.price };
}

/** The notice for a model that the provider has withdrawn; undefined for every other. */
export function withdrawnModel(
  provider: InferenceConfig["provider"],
  model: string,
): { message: string; instead: string } | undefined {
  const { withdrawn } = PROVIDERS[provider];
  if (withdrawn?.pattern.test(model) !== true) return undefined;
  const { since, instead } = withdrawn;
  return { message: `${provider} withdrew ${model} on ${since}; use ${instead} instead.`, instead };
}

/** The price of a model; undefined if unknown. */
export function priceOf(resolved: ResolvedProvider, model: string): Price | undefined {
  return resolved.price ?? resolved.models[model]?.price;
}

/** US dollars of one answer; 0 if no price is known. Cached tokens are part of the input tokens. */
export function costOf(price: Price | undefined, input: number, cached: number, output: number): number {
  if (price === undefined) return 0;
  const fresh = Math.max(0, input - cached);
  return (
    (fresh * price.input + (input - fresh) * (price.cached ?? price.input) + output * price.output) /
    1_000_000
  );
}

/**
 * The provider of a replay: nothing is sent to it, so it needs neither address nor key, and costs nothing.
 * @throws ApeError CONFIG_INVALID if `model` is needed and missing
 */
export function replayed(config: InferenceConfig): ResolvedProvider {
  const model = config.model ?? PROVIDERS[config.provider].defaultModel;
  if (model === undefined)
    throw missing(config.provider, "model", "the name that the answers were recorded with");
  const { provider: name } = config;
  return {
    name,
    label: `${name} (replayed)`,
    baseUrl: "",
    model,
    models: known(config),
    price: { input: 0, output: 0 },
  };
}

function hasKey({ apiKey, apiKeys, keyFile }: SourceConfig): boolean {
  return apiKey !== undefined || apiKeys.length > 0 || keyFile !== undefined;
}

function known({ provider, models }: SourceConfig): Readonly<Record<string, Model>> {
  const joined: Record<string, Model> = { ...PROVIDERS[provider].models };
  for (const [name, { context, price }] of Object.entries(models))
    joined[name] = { context: context ?? joined[name]?.context, price: price ?? joined[name]?.price };
  return joined;
}

function missing(provider: string, key: string, what: string): ApeError {
  return new ApeError("CONFIG_INVALID", `inference.${key} is missing: the provider ${provider} needs it.`, {
    hint: `Under \`inference\` write ${what}; or use \`provider: simulated\`, which needs neither network nor key.`,
  });
}
