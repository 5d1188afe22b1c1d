import { expect, test } from "vitest";
import { runAgainst } from "./dialect-run.ts";
import { PROVIDER_RULES, type ProviderRules } from "./provider-rules.ts";

const rulesOf = (provider: string): ProviderRules => {
  const rules = PROVIDER_RULES.find((one) => one.provider === provider);
  if (rules === undefined) throw new Error(`no rules of ${provider}`);
  return rules;
};

test("a provider whose dialect is known refuses nothing", { timeout: 60_000 }, async () => {
  const { succeeded, refused, notices } = await runAgainst(rulesOf("mistral"), 20);
  expect({ succeeded, refused, notices }).toEqual({ succeeded: 20, refused: 0, notices: [] });
});

test("a server that refuses every field is learned in the first calls, and said once each", {
  timeout: 60_000,
}, async () => {
  const { succeeded, refused, notices } = await runAgainst(rulesOf("custom"), 20);
  expect(succeeded).toBe(20);
  expect(notices.length).toBe(7);
  // Four agents ask at once, each may be refused for every field.
  expect(refused).toBeLessThanOrEqual(4 * 7);
});
