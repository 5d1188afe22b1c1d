import { expect, test } from "vitest";
import { sampleProgress as progress } from "../../test/test-io.ts";
import { progressBlock, progressLine } from "./progress.ts";
import { colours } from "./style.ts";

const plain = colours({ isTty: false }, {});
const block = (more: Partial<typeof progress>, columns = 100, style = plain, rows = 11): string[] =>
  progressBlock({ ...progress, ...more }, style, columns, rows).map(({ text }) => text);

test("the block says how far, how many, how fast and how well", () => {
  const lines = block({
    actionMedianMs: 12,
    actionP95Ms: 80,
    betweenAvgMs: 700,
    decisionAvgMs: 90,
    firstTokenP95Ms: 200,
    costUsd: 0.5,
    agentsWaiting: 2,
  });
  expect(lines).toEqual([
    "████████████░░░░░░░░░░░░ 50% running, 1s, 1s left",
    "agents    5 of 5, 2 waiting for a row",
    "sessions  2 ended, 100.00% succeeded",
    "actions   10, 10/s, 0 failed, med 12ms, p95 80ms",
    "between   avg 700ms, of it decision 90ms",
    "model     first token p95 200ms, 1 tokens in, 1 out, $0.5000",
  ]);
});

test("a threshold without data is not crossed yet; crossed ones are named, not endlessly", () => {
  const threshold = { metric: "session_success", expression: "rate>0.95", ok: false };
  expect(block({ thresholds: [threshold] }).join("\n")).not.toMatch(/crossed|hold/);
  expect(block({ thresholds: [threshold, { ...threshold, ok: true, actual: 1 }] }).at(-1)).toBe(
    "thresholds 1 of 2 have data and hold",
  );
  const crossed = Array.from({ length: 5 }, (_, index) => ({
    ...threshold,
    metric: `m${index}`,
    actual: 0.5,
  }));
  expect(block({ thresholds: crossed }).at(-1)).toBe(
    "crossed   m0 rate>0.95; m1 rate>0.95; m2 rate>0.95; 2 more",
  );
});

test("the last frame of a run has the rate of the whole run, as its summary has", () => {
  const ended = { phase: "ended", actions: 240, actionsPerSecond: 3.2, elapsedMs: 4_000 } as const;
  expect(block(ended)[3]).toContain("240, 60/s,");
  expect(progressLine({ ...progress, ...ended })).toContain("60 actions/s");
  expect(block({ ...ended, phase: "running" })[3]).toContain("3.2/s,");
});

test("while it drains, no time is left but sessions may end", () => {
  expect(block({ phase: "draining", done: 1, leftMs: 0 })[0]).toContain(
    "100% draining, 1s, running sessions may end",
  );
});

test.each([20, 40, 60, 80])("no line reaches the edge of a terminal of %d columns", (columns) => {
  const lines = progressBlock({ ...progress, saturated: true, tokensInput: 123_456_789 }, plain, columns);
  for (const { text, width } of lines) {
    expect(width).toBeLessThan(columns);
    expect(text).toHaveLength(width);
  }
  if (columns < 60) expect(lines.at(-1)?.text).toMatch(/^saturated.*…$/);
});

test("a width counts characters, not colours", () => {
  const [first] = progressBlock(progress, colours({ isTty: true }, {}), 100);
  expect(first?.text.length).toBeGreaterThan(first?.width ?? 0);
});

test("where the terminal has ASCII only, so has the block", () => {
  const lines = block({ saturated: true }, 30, colours({ isTty: true }, { LANG: "C", NO_COLOR: "1" }));
  expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
});

test("the plain line says the same in one", () => {
  expect(progressLine({ ...progress, sessions: { started: 5, ended: 0, succeeded: 0, dropped: 0 } })).toBe(
    "running 1s, 5/5 agents, 0 sessions ended, 10 actions/s, p95 -, 0 failed",
  );
  expect(progressLine({ ...progress, saturated: true })).toContain("SATURATED");
});

test("a large terminal also shows the commonest failure, the worst operations and thresholds by name", () => {
  const more = {
    commonestFailure: { attribution: "target" as const, reason: "POST /orders\nanswered 500", count: 4 },
    failing: [{ operation: "POST /orders", failed: 4, count: 16 }],
    slowest: [{ operation: "GET /products", p95Ms: 250, count: 30 }],
    thresholds: [
      { metric: "session_success", expression: "rate>0.95", ok: false, actual: 0.5 },
      { metric: "action_duration", expression: "p(95)<500ms", ok: true, actual: 250 },
    ],
  };
  expect(block(more, 100, plain, 24).slice(6)).toEqual([
    "reason    4x target: POST /orders answered 500",
    "failing   POST /orders: 4 of 16 (25.00%)",
    "slowest   GET /products: p95 250ms of 30",
    "crossed   session_success rate>0.95, now 50.00%",
    "holds     action_duration p(95)<500ms, now 250ms",
  ]);
  for (let rows = 11; rows < 30; rows += 1)
    expect(block(more, 100, plain, rows).length).toBeLessThanOrEqual(rows - 4);
  expect(block(more, 100, plain, 13).slice(6)).toEqual([
    "reason    4x target: POST /orders answered 500",
    "failing   POST /orders: 4 of 16 (25.00%)",
    "crossed   session_success rate>0.95",
  ]);
});
