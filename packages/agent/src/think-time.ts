import type { ThinkTime } from "@ape/core/config/load";
import { normal, type Random } from "@ape/core/random";

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** Draws a think time in milliseconds. A lognormal one is given by its median and 95th percentile. */
export function drawThinkTime(thinkTime: ThinkTime, random: Random): number {
  if (thinkTime === "none") return 0;
  if ("constant" in thinkTime) return thinkTime.constant;
  if ("exponential" in thinkTime) return -Math.log(1 - random()) * thinkTime.exponential.mean;
  const { median, p95 } = thinkTime.lognormal;
  return median * Math.exp((Math.log(p95 / median) / Z95) * normal(random));
}
