import fc from "fast-check";
import { expect, test } from "vitest";
import { StepRetention } from "./step-retention.ts";

const HOUR_OF_ACTIONS = 3_600_000;

/** Share of 20,000 sessions that are kept. */
function keptOf(retention: StepRetention): number {
  let kept = 0;
  for (let number = 0; number < 20_000; number += 1) if (retention.end(`s0-${number}`, false)) kept += 1;
  return kept / 20_000;
}

test("a fixed share is kept, drawn by the seed", () => {
  for (const keep of [0, 0.1, 0.5, 1]) expect(keptOf(new StepRetention(7, keep))).toBeCloseTo(keep, 1);
  const [a, b, other] = [7, 7, 8].map((seed) => new StepRetention(seed, 0.5));
  const drawn = (retention: StepRetention | undefined): unknown[] =>
    Array.from({ length: 100 }, (_, number) => retention?.end(`s1-${number}`, false));
  expect(drawn(a)).toEqual(drawn(b));
  expect(drawn(a)).not.toEqual(drawn(other));
});

test("whatever the share is, sessions that have to be kept are", () => {
  const retention = new StepRetention(1, 0);
  expect(retention.end("s0-1", true)).toBe(true);
  expect(retention.drops("s0-1", retention.decisions)).toBe(false);
});

test("a session is dropped only for those who know of its end", () => {
  const retention = new StepRetention(1, 0);
  retention.begin("s0-1");
  const before = retention.decisions;
  expect(retention.isOpen("s0-1")).toBe(true);
  retention.end("s0-1", false);
  expect(retention.isOpen("s0-1")).toBe(false);
  expect(retention.drops("s0-1", before)).toBe(false);
  expect(retention.drops("s0-1", retention.decisions)).toBe(true);
});

test("auto keeps an hour at 1,000 actions per second below 1 GB, however large the actions are, and all of it at their usual size", () => {
  const SEGMENT = 16 * 1024 * 1024;
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 3_000 }), fc.integer({ min: 1, max: 16 }), (bytes, processes) => {
      const parts = Array.from({ length: processes }, () => new StepRetention(1, "auto", processes));
      // Sessions of ten actions, whose summaries of 150 bytes always stay; segments of 16 MiB of lines, half of it compressed.
      let total = 0;
      let least = 1;
      for (const part of parts)
        for (let left = (HOUR_OF_ACTIONS / processes) * bytes; left > 0; left -= SEGMENT / 2) {
          const { share } = part;
          const full = Math.min(left, SEGMENT / 2);
          const sealed = full * share + (full / bytes / 10) * 150 * (1 - share);
          part.addSealed(sealed);
          total += sealed;
          least = Math.min(least, part.share);
        }
      expect(total).toBeLessThan(1_000_000_000);
      if (bytes <= 105) expect(least).toBe(1);
    }),
  );
});

test("decisions are forgotten after many more: their steps then stay", () => {
  const retention = new StepRetention(1, 0);
  retention.end("first", false);
  for (let number = 0; number < 250_000; number += 1) retention.end(`s0-${number}`, false);
  expect(retention.drops("first", retention.decisions)).toBe(false);
  expect(retention.drops("s0-249999", retention.decisions)).toBe(true);
});

test.each([
  [0, 1],
  [400_000_000, 1],
  [400_000_001, 0.999_999_997_5],
  [600_000_000, 0.5],
  [796_000_000, 0.01],
  [797_000_000, 0.01],
  [900_000_000, 0.01],
])(
  "after %d bytes auto keeps the share %d, and each of four processes after a quarter of them",
  (bytes, share) => {
    for (const processes of [1, 4]) {
      const retention = new StepRetention(1, "auto", processes);
      retention.addSealed(bytes / processes);
      expect(retention.share).toBeCloseTo(share, 9);
    }
  },
);

test("a session is kept only where there is room, unless it has to be", () => {
  const retention = new StepRetention(1, 1, 1, () => false);
  expect([retention.end("a", false), retention.end("b", true), retention.decisions]).toEqual([
    false,
    true,
    1,
  ]);
});
