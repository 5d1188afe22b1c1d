import type { ThinkTime } from "@ape/core/config/think-time";
import { normal, type Random } from "@ape/core/lib/random";

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** Draws a think time in milliseconds. A lognormal one is defined by its median and 95th percentile. */
export function drawThinkTime(thinkTime: ThinkTime, random: Random): number {
  if (thinkTime === "none") return 0;
  if ("constant" in thinkTime) return thinkTime.constant;
  if ("exponential" in thinkTime) return -Math.log(1 - random()) * thinkTime.exponential.mean;
  if ("weibull" in thinkTime) {
    const { scale, shape } = thinkTime.weibull;
    return scale * (-Math.log(1 - random())) ** (1 / shape);
  }
  const { median, p95 } = thinkTime.lognormal;
  if (median === 0) return 0;
  return median * Math.exp((Math.log(p95 / median) / Z95) * normal(random));
}
