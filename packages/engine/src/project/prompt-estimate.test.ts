import { largeApi } from "@ape/catalog/test/large-api";
import { parseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { estimatePrompts } from "./prompt-estimate.ts";

const estimate = (inference: object, more: object = {}) => {
  const written = {
    version: 1,
    targets: { erp: { baseUrl: "http://127.0.0.1:9" } },
    inference: { provider: "custom", baseUrl: "http://127.0.0.1:8/v1", model: "m", ...inference },
    goals: [
      {
        name: "g",
        prompt: "Archive a voucher.",
        success: [{ action: { operation: "GET /vouchers" } }],
        budget: { steps: 10 },
      },
    ],
    load: { sessions: 50 },
    ...more,
  };
  const { config } = parseConfig(JSON.stringify(written), "ape.config.yaml", {});
  return estimatePrompts({ config, directory: "/" }, [largeApi()]);
};

const tokensIn = (message = ""): number => Number(/about (\d+) tokens per step/.exec(message)?.[1]);

test("a goal's prompt is said in operations, tokens, share of the context and money", async () => {
  const price = { input: 2, output: 0 };
  const [prompt, cost] = await estimate({
    prompt: { maxTokens: 1_000 },
    models: { m: { context: 10_000, price } },
  });
  expect(prompt).toMatchObject({ name: "prompt of g", ok: true });
  const tokens = tokensIn(prompt?.message);
  expect(prompt?.message).toMatch(
    /^\d+ of 121 operations, about \d+ tokens per step \(\d+% of the model's context\)/,
  );
  expect(tokens).toBeGreaterThan(1_000);
  const perSession = (10 * tokens * price.input) / 1_000_000;
  expect(prompt?.message).toContain(`at most about ${perSession.toFixed(4)} USD per session of 10 steps`);
  expect(cost?.message).toBe(
    `at most about ${(50 * perSession).toFixed(2)} USD for 50 sessions that take all their steps`,
  );
});

test("more room for operations makes a longer prompt, until all of them are there", async () => {
  const [small] = await estimate({ prompt: { maxTokens: 1_000 } });
  const [large] = await estimate({ prompt: { maxTokens: 3_000 } });
  const [whole] = await estimate({ prompt: { maxTokens: 100_000 } });
  expect(tokensIn(small?.message)).toBeLessThan(tokensIn(large?.message));
  expect(tokensIn(large?.message)).toBeLessThan(tokensIn(whole?.message));
  expect(whole?.message).toMatch(/^all 121 operations/);
});

test("a prompt that the model's context cannot take is a warning at its goal", async () => {
  const [prompt] = await estimate({ prompt: { maxTokens: 6_000 }, models: { m: { context: 4_000 } } });
  expect(prompt).toMatchObject({ ok: false, warning: true, path: ["goals", 0, "prompt"] });
});

test("no money is named where nothing is sent, or where no price is known", async () => {
  for (const inference of [{ provider: "simulated" }, {}, { replay: "cassettes" }]) {
    const checks = await estimate(inference);
    expect(checks).toHaveLength(1);
    expect(checks[0]?.message).not.toContain("USD");
  }
});
