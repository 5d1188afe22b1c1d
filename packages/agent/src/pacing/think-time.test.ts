import { randomFrom } from "@ape/core/lib/random";
import { expect, test } from "vitest";
import { drawThinkTime } from "./think-time.ts";

const draws = (thinkTime: Parameters<typeof drawThinkTime>[0]): number[] => {
  const random = randomFrom(1);
  return Array.from({ length: 20_000 }, () => drawThinkTime(thinkTime, random)).sort((a, b) => a - b);
};

test("a lognormal think time has the median and the 95th percentile it was given", () => {
  const sorted = draws({ lognormal: { median: 400, p95: 2000 } });
  expect(Math.abs((sorted[10_000] ?? 0) - 400)).toBeLessThan(20);
  expect(Math.abs((sorted[19_000] ?? 0) - 2000)).toBeLessThan(120);
});

test("an exponential think time has its mean; constant and none are what they say", () => {
  const sorted = draws({ exponential: { mean: 300 } });
  expect(Math.abs(sorted.reduce((a, b) => a + b, 0) / sorted.length - 300)).toBeLessThan(10);
  expect(new Set(draws({ constant: 50 }))).toEqual(new Set([50]));
  expect(new Set(draws("none"))).toEqual(new Set([0]));
});

test("a Weibull think time has the scale at 63% and, with shape 1, the mean of an exponential one", () => {
  const sorted = draws({ weibull: { scale: 400, shape: 1.7 } });
  expect(Math.abs((sorted[Math.round(20_000 * (1 - Math.exp(-1)))] ?? 0) - 400)).toBeLessThan(12);
  const flat = draws({ weibull: { scale: 300, shape: 1 } });
  expect(Math.abs(flat.reduce((a, b) => a + b, 0) / flat.length - 300)).toBeLessThan(10);
});
