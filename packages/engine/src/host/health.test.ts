import type { Clock } from "@ape/core/lib/clock";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { HealthMonitor } from "./health.ts";

const spin = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test("a blocked event loop is seen, and so is what the process uses", async () => {
  const monitor = new HealthMonitor("agents-0", systemClock);
  onTestEnd(() => monitor.close());
  // A block counts between two ticks of the measurement, which say nothing of themselves: it is repeated until it does.
  await vi.waitFor(
    async () => {
      await systemClock.sleep(25);
      spin(150);
      await systemClock.sleep(25);
      expect(monitor.sample().eventLoopDelayP99Ms).toBeGreaterThan(100);
    },
    { timeout: 20_000 },
  );
  expect(monitor.sample().rssBytes).toBeGreaterThan(1e7);
});

const ending: (() => void)[] = [];
const onTestEnd = (end: () => void): void => void ending.push(end);
afterEach(() => {
  for (const end of ending.splice(0)) end();
});

/** Used CPU time in microseconds, and a clock, that a test sets. */
function measured() {
  const now = { ms: 0, user: 0, system: 0 };
  const clock: Clock = { now: () => now.ms, epoch: () => 7, sleep: () => Promise.resolve() };
  const usage = vi
    .spyOn(process, "cpuUsage")
    .mockImplementation(() => ({ user: now.user, system: now.system }));
  const monitor = new HealthMonitor("agents-0", clock);
  onTestEnd(() => {
    monitor.close();
    usage.mockRestore();
  });
  return { now, monitor };
}

test("CPU is the share of the time since the sample before, in cores, and its seconds are those of the process", () => {
  const { now, monitor } = measured();
  Object.assign(now, { ms: 1_000, user: 1_200_000, system: 300_000 });
  expect(monitor.sample()).toMatchObject({ part: "agents-0", at: 7, cpu: 1.5, cpuSeconds: 1.5 });
  Object.assign(now, { ms: 3_000, user: 1_700_400 });
  expect(monitor.sample()).toMatchObject({ cpu: 0.25, cpuSeconds: 2 });
  Object.assign(now, { ms: 4_000 });
  expect(monitor.sample()).toMatchObject({ cpu: 0, cpuSeconds: 2 });
});

test("two samples at one moment divide by no less than a millisecond", () => {
  const { now, monitor } = measured();
  now.user = 500;
  expect(monitor.sample().cpu).toBe(0.5);
});
