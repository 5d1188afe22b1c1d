import { inferenceSchema } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A provider that is paid for: the simulated model behind the wire of OpenAI. */
async function paidModel(): Promise<string> {
  const inference = await createInference({
    config: inferenceSchema.parse({ provider: "simulated" }),
    clock: systemClock,
    recorder: { record: () => undefined, commit: () => undefined },
  });
  const server = await serveInference({ inference, port: 0 });
  closing.push(async () => {
    await server.close();
    await inference.close();
  });
  return `${server.url}/v1`;
}

async function run(maxCost: string) {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const model = await paidModel();
  const folder = await ProjectFolder.create(
    shopping(shop.url, {
      load: "{ agents: 3, sessions: 30, thinkTime: { constant: 50ms }, gracefulStop: 20s }",
      inference: `{ provider: custom, baseUrl: "${model}", apiKey: k, model: simulated, price: { input: 10, output: 100 }, maxCost: ${maxCost} }`,
    }),
  );
  closing.push(() => folder.remove());
  const { exit, stdout } = await folder.run(["start"]);
  return { exit, stdout, summary: await folder.summary() };
}

test("a cost budget is never exceeded, ends the run and exits with 108", {
  timeout: 60_000,
}, async () => {
  const { exit, stdout, summary } = await run("0.2 USD");
  expect(exit).toBe(108);
  expect(summary.run.status).toBe("aborted");
  expect(stdout).toContain("the cost budget of 0.2 USD is used up");
  const { started, ended, interrupted, succeeded } = summary.sessions;
  expect(started).toBeLessThan(30);
  expect({ ended, interrupted }).toEqual({ ended: started, interrupted: 0 });
  // Each of three agents may have had a session under way that could not go on: that is neither the target's nor the model's fault.
  expect(started - succeeded).toBeLessThanOrEqual(3);
  expect(summary.attribution).toMatchObject({ infrastructure: started - succeeded, target: 0, inference: 0 });
  const spent = summary.metrics.cost_usd?.values.count ?? 0;
  const { tokens_input: input, tokens_output: output } = summary.metrics;
  expect(spent).toBeCloseTo(((input?.values.count ?? 0) * 10 + (output?.values.count ?? 0) * 100) / 1e6, 6);
  expect(spent).toBeGreaterThan(0.1);
  expect(spent).toBeLessThanOrEqual(0.2);
});

test("a budget that is not reached ends nothing", { timeout: 60_000 }, async () => {
  const { exit, summary } = await run("50 USD");
  expect(exit).toBe(0);
  expect(summary.sessions).toMatchObject({ started: 30, ended: 30, succeeded: 30 });
});
