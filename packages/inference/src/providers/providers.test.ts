import { inferenceSchema as schema } from "@ape/core/config/inference";
import { ApeError } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { costOf, priceOf, resolveProvider } from "./providers.ts";

function resolve(config: object) {
  const parsed = schema.parse(config);
  return resolveProvider(parsed, parsed.maxCompletionTokens);
}

function failure(config: object): ApeError {
  try {
    resolve(config);
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown;
  }
  throw new Error("it did not fail");
}

test("the simulated provider needs nothing", () => {
  expect(resolve({})).toMatchObject({ model: "simulated", baseUrl: "" });
});

test("Cerebras has an address and a default model", () => {
  expect(resolve({ provider: "cerebras", apiKey: "k" })).toMatchObject({
    baseUrl: "https://api.cerebras.ai/v1",
    model: "gpt-oss-120b",
  });
});

test.each([
  [{ provider: "cerebras" }, "apiKey", "${CEREBRAS_API_KEY}"],
  [{ provider: "openai" }, "apiKey", "${OPENAI_API_KEY}"],
  [{ provider: "custom", model: "m" }, "baseUrl", "/chat/completions"],
  [{ provider: "custom", baseUrl: "http://127.0.0.1:1/v1" }, "model", "/models"],
])("%j says that %s is missing and what to write", (config, key, hint) => {
  const error = failure(config);
  expect(error.code).toBe("CONFIG_INVALID");
  expect(error.message).toContain(`inference.${key}`);
  expect(error.hint).toContain(hint);
});

test("a custom server may do without a key, and a key may come from a list or a file", () => {
  expect(resolve({ provider: "custom", baseUrl: "http://127.0.0.1:1/v1", model: "m" }).model).toBe("m");
  expect(resolve({ provider: "cerebras", apiKeys: ["k"] }).name).toBe("cerebras");
  expect(resolve({ provider: "cerebras", keyFile: "keys.txt" }).name).toBe("cerebras");
});

test.each(["llama-4-scout-17b-16e-instruct", "Llama-4-Scout"])(
  "the withdrawn %s is refused by name",
  (model) => {
    const error = failure({ provider: "cerebras", apiKey: "k", model });
    expect(error.code).toBe("MODEL_UNKNOWN");
    expect(`${error.message} ${error.hint}`).toContain("gpt-oss-120b");
  },
);

test.each([
  ["groq", { apiKey: "k" }, "https://api.groq.com/openai/v1", "openai/gpt-oss-120b"],
  ["openrouter", { apiKey: "k" }, "https://openrouter.ai/api/v1", "openai/gpt-oss-120b"],
  ["ollama", { model: "qwen3" }, "http://127.0.0.1:11434/v1", "qwen3"],
  ["vllm", { model: "m" }, "http://127.0.0.1:8000/v1", "m"],
  ["llamacpp", {}, "http://127.0.0.1:8080/v1", "default"],
])("%s is known by its name", (provider, more, baseUrl, model) => {
  expect(resolve({ provider, ...more })).toMatchObject({ baseUrl, model });
});

test("a model's context and price in the configuration override the list, each by itself", () => {
  const resolved = resolve({
    provider: "cerebras",
    apiKey: "k",
    models: { "gpt-oss-120b": { context: 65_536 }, mine: { price: { input: 1, output: 2 } } },
  });
  expect(resolved.models["gpt-oss-120b"]).toEqual({ context: 65_536, price: { input: 0.35, output: 0.75 } });
  expect(priceOf(resolved, "mine")).toEqual({ input: 1, output: 2 });
  expect(priceOf(resolved, "unheard-of")).toBeUndefined();
});

test("an answer that cannot fit the model is refused before the start", () => {
  const error = failure({
    provider: "custom",
    baseUrl: "http://127.0.0.1:1/v1",
    model: "tiny",
    models: { tiny: { context: 512 } },
    maxCompletionTokens: 512,
  });
  expect(error.code).toBe("CONFIG_INVALID");
  expect(error.message).toContain("512");
});

test("cached tokens cost what cached tokens cost", () => {
  expect(costOf({ input: 2, cached: 0.5, output: 8 }, 1_000, 400, 10)).toBeCloseTo(
    (600 * 2 + 400 * 0.5 + 80) / 1e6,
    12,
  );
  expect(costOf({ input: 2, output: 8 }, 1_000, 400, 10)).toBeCloseTo((1_000 * 2 + 80) / 1e6, 12);
  expect(costOf({ input: 2, cached: 0, output: 8 }, 100, 400, 0)).toBe(0);
  expect(costOf(undefined, 1_000, 0, 10)).toBe(0);
});
