import { inference as schema } from "@ape/core/config/inference";
import { ApeError } from "@ape/core/errors";
import { expect, test } from "vitest";
import { resolveProvider } from "./providers.ts";

function failure(config: object): ApeError {
  try {
    resolveProvider(schema.parse(config));
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown;
  }
  throw new Error("it did not fail");
}

test("the simulated provider needs nothing", () => {
  expect(resolveProvider(schema.parse({}))).toMatchObject({ model: "simulated", apiKey: undefined });
});

test("Cerebras has an address and a default model", () => {
  expect(resolveProvider(schema.parse({ provider: "cerebras", apiKey: "k" }))).toMatchObject({
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

test("a custom server may do without a key", () => {
  expect(
    resolveProvider(schema.parse({ provider: "custom", baseUrl: "http://127.0.0.1:1/v1", model: "m" }))
      .apiKey,
  ).toBeUndefined();
});

test.each(["llama-4-scout-17b-16e-instruct", "Llama-4-Scout"])(
  "the withdrawn %s is refused by name",
  (model) => {
    const error = failure({ provider: "cerebras", apiKey: "k", model });
    expect(error.code).toBe("MODEL_UNKNOWN");
    expect(`${error.message} ${error.hint}`).toContain("gpt-oss-120b");
  },
);
