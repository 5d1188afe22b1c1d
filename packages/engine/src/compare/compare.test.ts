import { normal, randomFrom } from "@ape/core/lib/random";
import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { quantileChanges, shareChange } from "./bootstrap.ts";
import { compareSamples } from "./compare.ts";
import { RunSamples } from "./samples.ts";

const TOLERANCES = { tolerance: 0.1, rateTolerance: 0.01 };

/** Durations around 100 ms, with a long tail, `factor` times as long. */
function durations(count: number, seed: number, factor = 1): Float64Array {
  const random = randomFrom(seed);
  return Float64Array.from({ length: count }, () => 100 * factor * Math.exp(0.4 * normal(random))).sort();
}

test("the change of a median lies within its bounds, and they narrow with the sample", () => {
  const [few] = quantileChanges(durations(50, 1), durations(50, 2, 1.3), [0.5]);
  const [many] = quantileChanges(durations(2_000, 1), durations(2_000, 2, 1.3), [0.5]);
  expect(many?.low).toBeGreaterThan(0.2);
  expect(many?.high).toBeLessThan(0.4);
  expect((few?.high ?? 0) - (few?.low ?? 0)).toBeGreaterThan(3 * ((many?.high ?? 0) - (many?.low ?? 0)));
});

test("of 60 comparisons of like with like at most a few find a change, and none one beyond a tenth", () => {
  let found = 0;
  for (let n = 0; n < 60; n += 1) {
    const [change] = quantileChanges(durations(300, n * 2 + 1), durations(300, n * 2 + 2), [0.5], n);
    if (change !== undefined && (change.low > 0 || change.high < 0)) found += 1;
    expect(change?.low).toBeLessThan(0.1);
  }
  expect(found).toBeLessThan(5);
});

test.each([
  [56, 70, 48, 80, -0.2, -0.371808, -0.005371],
  [9, 10, 3, 10, -0.6, -0.837405, -0.043027],
  [10, 10, 10, 10, 0, -0.398854, 0.398854],
  [0, 10, 10, 10, 1, 0.435935, 1],
  [10, 10, 0, 20, -1, -1, -0.529747],
  [990, 1000, 900, 1000, -0.09, -0.11768, -0.065095],
])(
  "from %d of %d to %d of %d: the change and its bounds by Newcombe's method",
  (passes, total, then, of, change, low, high) => {
    const found = shareChange({ passes, total }, { passes: then, total: of });
    expect(found.a).toBe(passes / total);
    expect(found.b).toBe(then / of);
    expect(found.change).toBeCloseTo(change, 6);
    expect(found.low).toBeCloseTo(low, 6);
    expect(found.high).toBeCloseTo(high, 6);
  },
);

function runOf(change: (value: number) => number, seed = 1, sessions = 400) {
  const samples = new RunSamples();
  for (const event of plausibleEvents(sessions, { seed }))
    samples.add(
      event.type === "step" && event.action?.operation === "POST /orders"
        ? { ...event, action: { ...event.action, durationMs: change(event.action.durationMs) } }
        : event,
    );
  return { manifest: sampleManifest({ id: `run-${seed}` }), samples };
}

test("a slower operation is a regression of that operation; the others are not", () => {
  const { figures, regressions } = compareSamples(
    runOf((ms) => ms),
    runOf((ms) => ms * 1.6, 2),
    TOLERANCES,
  );
  const verdict = (operation: string | undefined, statistic: string, metric = "action_duration") =>
    figures.find((one) => one.metric === metric && one.operation === operation && one.statistic === statistic)
      ?.verdict;
  expect(verdict("POST /orders", "med")).toBe("worse");
  expect(verdict("POST /orders", "p(95)")).toBe("worse");
  expect(verdict("GET /products", "med")).not.toBe("worse");
  expect(regressions).toBeGreaterThanOrEqual(2);
  expect(
    compareSamples(
      runOf((ms) => ms * 1.6, 2),
      runOf((ms) => ms),
      TOLERANCES,
    ).regressions,
  ).toBe(0);
});

test("the same run twice is the same; too few sessions say so; other settings are named", () => {
  const run = runOf((ms) => ms);
  const { figures, regressions, differences } = compareSamples(run, run, TOLERANCES);
  expect(regressions).toBe(0);
  expect(figures.filter(({ verdict }) => verdict === "better")).toEqual([]);
  expect(figures.find(({ metric }) => metric === "session_success")?.change).toBe(0);
  expect(differences).toEqual([]);
  const few = { ...runOf((ms) => ms, 3, 5), manifest: sampleManifest({ agents: 9 }) };
  const other = compareSamples(run, few, TOLERANCES);
  expect(other.figures.find(({ metric }) => metric === "session_success")?.verdict).toBe("too_few");
  expect(other.differences).toEqual(["agents: 5 -> 9"]);
});

test("fewer sessions that succeed are a regression", () => {
  const bad = runOf((ms) => ms);
  bad.samples.sessionSuccess.passes = 0;
  const { figures } = compareSamples(
    runOf((ms) => ms),
    bad,
    TOLERANCES,
  );
  expect(figures.find(({ metric }) => metric === "session_success")?.verdict).toBe("worse");
  const back = compareSamples(
    bad,
    runOf((ms) => ms),
    TOLERANCES,
  ).figures;
  expect(back.find(({ metric }) => metric === "session_success")?.verdict).toBe("better");
});
