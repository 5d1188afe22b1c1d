import { z } from "zod";
import { formatDuration } from "../lib/duration.ts";
import { duration, positiveDuration } from "./scalar.ts";

const spread = z.strictObject({ median: positiveDuration, p95: positiveDuration });

/** How long an agent thinks between an answer and its next call. */
export const thinkTimeSchema = z.union([
  z.literal("none"),
  z.strictObject({ constant: duration }),
  z.strictObject({ exponential: z.strictObject({ mean: duration }) }),
  z.strictObject({ lognormal: spread.refine((s) => s.p95 > s.median, "p95 must be above the median") }),
  z.strictObject({
    weibull: z.strictObject({
      scale: positiveDuration.describe("63% of the times are shorter."),
      shape: z
        .number()
        .min(0.1)
        .max(20)
        .describe("Below 1: a long tail; 1: exponential; above: around the scale."),
    }),
  }),
]);
export type ThinkTime = z.output<typeof thinkTimeSchema>;

/** The same distribution, scaled by a factor. */
export function scaleThinkTime(thinkTime: ThinkTime, factor: number): ThinkTime {
  if (thinkTime === "none" || factor === 1) return thinkTime;
  if ("constant" in thinkTime) return { constant: thinkTime.constant * factor };
  if ("exponential" in thinkTime) return { exponential: { mean: thinkTime.exponential.mean * factor } };
  if ("weibull" in thinkTime)
    return { weibull: { scale: thinkTime.weibull.scale * factor, shape: thinkTime.weibull.shape } };
  const { median, p95 } = thinkTime.lognormal;
  return { lognormal: { median: median * factor, p95: p95 * factor } };
}

/** A think time in a few words: `lognormal, median 400ms, p95 2s`. */
export function thinkTimeText(thinkTime: ThinkTime): string {
  if (thinkTime === "none") return "none";
  if ("constant" in thinkTime) return `constant, ${formatDuration(thinkTime.constant)}`;
  if ("exponential" in thinkTime) return `exponential, mean ${formatDuration(thinkTime.exponential.mean)}`;
  if ("weibull" in thinkTime)
    return `weibull, scale ${formatDuration(thinkTime.weibull.scale)}, shape ${thinkTime.weibull.shape}`;
  const { median, p95 } = thinkTime.lognormal;
  return `lognormal, median ${formatDuration(median)}, p95 ${formatDuration(p95)}`;
}
