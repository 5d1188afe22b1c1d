import { expect, test } from "vitest";
import { scaleThinkTime, type ThinkTime, thinkTimeSchema, thinkTimeText } from "./think-time.ts";

test.each<[ThinkTime, string, ThinkTime]>([
  ["none", "none", "none"],
  [{ constant: 400 }, "constant, 400ms", { constant: 800 }],
  [{ exponential: { mean: 2_000 } }, "exponential, mean 2.00s", { exponential: { mean: 4_000 } }],
  [
    { weibull: { scale: 1_000, shape: 1.5 } },
    "weibull, scale 1.00s, shape 1.5",
    { weibull: { scale: 2_000, shape: 1.5 } },
  ],
  [
    { lognormal: { median: 400, p95: 2_000 } },
    "lognormal, median 400ms, p95 2.00s",
    { lognormal: { median: 800, p95: 4_000 } },
  ],
])("%j is shown as %s, and twice as long is %j", (time, text, twice) => {
  expect(thinkTimeText(time)).toBe(text);
  expect(scaleThinkTime(time, 2)).toEqual(twice);
  expect(scaleThinkTime(time, 1)).toBe(time);
});

test.each([
  [{ lognormal: { median: "2s", p95: "2s" } }, false],
  [{ lognormal: { median: "2s", p95: "2.1s" } }, true],
  [{ weibull: { scale: "1s", shape: 0.1 } }, true],
  [{ weibull: { scale: "1s", shape: 0.09 } }, false],
  [{ weibull: { scale: "1s", shape: 20 } }, true],
  [{ weibull: { scale: "1s", shape: 20.1 } }, false],
  [{ constant: "0s" }, true],
  ["some", false],
])("%j is a think time: %j", (value, valid) => {
  expect(thinkTimeSchema.safeParse(value).success).toBe(valid);
});
