import fc from "fast-check";
import { expect, test } from "vitest";
import { agentsAt, constantAgents, LoadProfile, partition } from "./schedule.ts";

const legs = fc.array(fc.record({ durationMs: fc.nat(20_000), to: fc.nat(50) }), {
  minLength: 1,
  maxLength: 5,
});

test("constant agents ramp in a straight line and stay", () => {
  const profile = constantAgents(50, 120_000, 10_000);
  expect([0, 5000, 10_000, 119_999].map((ms) => profile.levelAt(ms))).toEqual([0, 25, 50, 50]);
  expect(profile.durationMs).toBe(120_000);
  expect(constantAgents(50, 1000, 0).levelAt(0)).toBe(50);
  expect(constantAgents(10, 1000, 5000).durationMs).toBe(1000);
});

test("a level never leaves the range of its legs", () => {
  fc.assert(
    fc.property(legs, fc.nat(100_000), (list, ms) => {
      const profile = new LoadProfile(list);
      expect(profile.levelAt(ms)).toBeGreaterThanOrEqual(0);
      expect(profile.levelAt(ms)).toBeLessThanOrEqual(profile.peak);
      expect(profile.levelAt(-1)).toBe(0);
      expect(profile.levelAt(profile.durationMs + 1)).toBe(list.at(-1)?.to);
    }),
  );
});

test("arrivals are as many as the area says, in order, each when the area passes its number", () => {
  fc.assert(
    fc.property(legs, (list) => {
      const profile = new LoadProfile(list);
      const instants = [...profile.arrivals()];
      expect(instants.length).toBe(Math.floor(profile.areaUntil(profile.durationMs) + 1e-9));
      for (const [index, at] of instants.entries()) {
        expect(at).toBeGreaterThanOrEqual(instants[index - 1] ?? 0);
        expect(profile.areaUntil(at)).toBeCloseTo(index + 1, 4);
      }
    }),
  );
});

test("a constant rate has evenly spaced arrivals", () => {
  const profile = new LoadProfile([
    { durationMs: 0, to: 10 },
    { durationMs: 1000, to: 10 },
  ]);
  expect([...profile.arrivals()].map((at) => Math.round(at))).toEqual([
    100, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
  ]);
});

test("whole agents: the first comes at once, never more than the peak", () => {
  const profile = constantAgents(4, 10_000, 4000);
  expect([0, 1, 1500, 3999, 4000, 9000].map((ms) => agentsAt(profile, ms))).toEqual([0, 1, 2, 4, 4, 4]);
});

test("shares add up and differ by one at most", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 64 }), (total, parts) => {
      const shares = Array.from({ length: parts }, (_, index) => partition(total, index, parts));
      expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});
