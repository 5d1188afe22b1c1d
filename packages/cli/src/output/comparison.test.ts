import type { ComparedFigure, Comparison } from "@ape/core/report/comparison";
import { expect, test } from "vitest";
import { comparisonText } from "./comparison.ts";
import { colours } from "./style.ts";

const style = colours({ isTty: false }, {});
const duration = (more: Partial<ComparedFigure> = {}): ComparedFigure => ({
  metric: "action_duration",
  statistic: "med",
  unit: "ms",
  a: 100,
  b: 120,
  change: 0.2,
  low: 0.1,
  high: 0.3,
  verdict: "worse",
  ...more,
});
const comparison = (more: Partial<Comparison> = {}): Comparison => ({
  schema: 1,
  a: "run-a",
  b: "run-b",
  tolerance: 0.1,
  rateTolerance: 0.005,
  figures: [duration()],
  regressions: 1,
  differences: [],
  ...more,
});
const text = (more: Partial<Comparison>): string => comparisonText(comparison(more), style);

test("a comparison says its verdict, what it compares, and every figure with its certainty", () => {
  const shown = text({
    figures: [
      duration({ operation: "GET /a\u001b[31m" }),
      duration({ statistic: "p(95)", change: -0.5, low: -0.6, high: 0, verdict: "better", b: 50 }),
      duration({
        metric: "action_failed",
        statistic: "rate",
        unit: "1",
        a: 0.01,
        b: 0.02,
        change: 0.01,
        low: 0,
        high: 0.02,
        verdict: "same",
      }),
      duration({ verdict: "too_few" }),
      duration({
        a: 0,
        change: Number.POSITIVE_INFINITY,
        low: 0,
        high: Number.POSITIVE_INFINITY,
        verdict: "uncertain",
      }),
    ],
    differences: ["agents: 5 and 10"],
  });
  // The columns of tables are looked at elsewhere.
  expect(shown.split("\n").map((line, at) => (at > 4 ? line.trim().replaceAll(/ +/g, " ") : line))).toEqual([
    "",
    "✗ 1 figure is worse",
    "  run-b against run-a; tolerance 10.00% of a duration, 0.50 points of a share",
    "  not the same: agents: 5 and 10",
    "",
    "before after change 99% interval",
    "GET /a?[31m med 100ms 120ms +20.00% +10.00% .. +30.00% worse",
    "action_duration p(95) 100ms 50ms -50.00% -60.00% .. 0.00% better",
    "action_failed rate 1.00% 2.00% +1.00 points 0.00 points .. +2.00 points same",
    "action_duration med - - - - too few values",
    "action_duration med 0us 120ms from nothing 0.00% .. from nothing uncertain",
    "",
  ]);
});

test.each<[Partial<Comparison>, string]>([
  [{ regressions: 2 }, "✗ 2 figures are worse"],
  [{ regressions: 0, figures: [duration({ verdict: "same" })] }, "✓ nothing is worse"],
  [
    { regressions: 0, figures: [duration({ verdict: "too_few" }), duration({ verdict: "too_few" })] },
    "✓ too few values to compare",
  ],
  [
    { regressions: 0, figures: [duration({ verdict: "too_few" }), duration({ verdict: "same" })] },
    "✓ nothing is worse",
  ],
  [
    { regressions: 0, figures: [duration({ verdict: "uncertain" }), duration({ verdict: "same" })] },
    "✓ nothing is worse for certain, 1 could be",
  ],
])("%j: %s", (more, verdict) => {
  expect(text(more).split("\n")[1]).toBe(verdict);
});
