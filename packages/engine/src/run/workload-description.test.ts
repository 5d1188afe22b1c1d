import { parseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { describeWorkload } from "./workload-description.ts";

const config = (more: string) =>
  parseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
goals: [{ name: buy, prompt: Buy, personas: [impatient, mine], success: [{ action: { operation: "POST /orders" } }] }]
${more}`,
    "ape.config.yaml",
    {},
  ).config;

test("a built-in that only a goal names is stated, one that no goal uses is not", () => {
  const { thinkTime, personas } = describeWorkload(
    config(`load: { thinkTime: { weibull: { scale: 2s, shape: 1.5 } } }
personas: [careful, { name: mine, prompt: You are me, thinkTime: { constant: 1s }, thinkTimeFactor: 2, patience: { errors: 2 } }]`),
  );
  expect(thinkTime).toBe("weibull, scale 2.00s, shape 1.5");
  expect(personas).toEqual([
    {
      name: "impatient",
      thinkTime: "weibull, scale 800ms, shape 1.5",
      patience: "leaves after 3 failed actions or 45.00s",
    },
    { name: "mine", thinkTime: "constant, 2.00s", patience: "leaves after 2 failed actions" },
  ]);
});
