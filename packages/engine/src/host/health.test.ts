import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { HealthMonitor } from "./health.ts";

const spin = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test("a blocked event loop and used CPU are seen, and only in the sample they belong to", async () => {
  const monitor = new HealthMonitor("agents-0", systemClock);
  await systemClock.sleep(100);
  spin(300);
  await systemClock.sleep(50);
  const busy = monitor.sample();
  await systemClock.sleep(300);
  const idle = monitor.sample();
  monitor.close();
  expect(busy.eventLoopDelayP99Ms).toBeGreaterThan(100);
  expect(idle.eventLoopDelayP99Ms).toBeLessThan(busy.eventLoopDelayP99Ms);
  expect(idle.cpu).toBeLessThan(busy.cpu);
  expect(idle.cpuSeconds).toBeGreaterThanOrEqual(busy.cpuSeconds);
  expect(busy.rssBytes).toBeGreaterThan(1e7);
});
