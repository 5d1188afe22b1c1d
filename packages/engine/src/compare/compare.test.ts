import { normal, randomFrom } from "@ape/core/lib/random";
import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { quantileChanges, shareChange } from "./bootstrap.ts";
import { compareSamples } from "./compare.ts";
import { RunSamples, Sample } from "./samples.ts";

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

/** As many equal values. */
function equal(value: number, count = 20): Sample {
  const sample = new Sample();
  for (let n = 0; n < count; n += 1) sample.add(value, () => 0);
  return sample;
}

function runWith(more: { action?: Sample; operations?: Record<string, Sample>; success?: [number, number] }) {
  const samples = new RunSamples();
  if (more.action !== undefined) samples.trends.action_duration = more.action;
  for (const [name, sample] of Object.entries(more.operations ?? {})) samples.operations.set(name, sample);
  const [passes = 0, total = 0] = more.success ?? [];
  Object.assign(samples.sessionSuccess, { passes, total });
  return { manifest: sampleManifest(), samples };
}
const rates = ["session_success rate", "action_failed rate"];
const named = (figures: readonly { metric: string; operation?: string; statistic: string }[]) =>
  figures.map(({ metric, operation = "", statistic }) => `${operation} ${metric} ${statistic}`.trim());

test.each([
  [100, 110, "same"],
  [100, 111, "worse"],
  [100, 90, "same"],
  [100, 89, "better"],
  [0, 0, "same"],
  [0, 1, "worse"],
])("from always %d ms to always %d ms is %s", (before, after, verdict) => {
  const { figures, regressions } = compareSamples(
    runWith({ action: equal(before) }),
    runWith({ action: equal(after) }),
    TOLERANCES,
  );
  const change = before === after ? 0 : before === 0 ? Number.POSITIVE_INFINITY : (after - before) / before;
  const found = { a: before, b: after, change, low: change, high: change };
  expect(figures.slice(2)).toEqual([
    { metric: "action_duration", unit: "ms", statistic: "med", ...found, verdict },
    { metric: "action_duration", unit: "ms", statistic: "p(95)", ...found, verdict },
  ]);
  expect(regressions).toBe(verdict === "worse" ? 2 : 0);
});

test("twenty values on each side are enough, fewer are not, and none on either side is no figure", () => {
  const found = (a: number, b: number) =>
    compareSamples(runWith({ action: equal(5, a) }), runWith({ action: equal(5, b) }), TOLERANCES)
      .figures.slice(2)
      .map(({ statistic, verdict }) => `${statistic} ${verdict}`);
  expect(found(20, 20)).toEqual(["med same", "p(95) same"]);
  expect([found(19, 20), found(20, 19), found(0, 20)]).toEqual(Array(3).fill(["med too_few"]));
  expect(found(0, 0)).toEqual([]);
  const few = compareSamples(runWith({ success: [19, 19] }), runWith({ success: [20, 20] }), TOLERANCES);
  expect(few.figures[0]).toEqual({
    metric: "session_success",
    statistic: "rate",
    unit: "1",
    a: 0,
    b: 0,
    change: 0,
    low: 0,
    high: 0,
    verdict: "too_few",
  });
});

test("operations of both runs are compared, in the order of their names", () => {
  const operations = { "GET /b": equal(1), "GET /a": equal(1), "GET /c": equal(1) };
  const { figures } = compareSamples(
    runWith({ operations }),
    runWith({ operations: { "GET /a": equal(1), "GET /b": equal(1), "GET /d": equal(1) } }),
    TOLERANCES,
  );
  expect(named(figures)).toEqual([
    ...rates,
    "GET /a action_duration med",
    "GET /a action_duration p(95)",
    "GET /b action_duration med",
    "GET /b action_duration p(95)",
  ]);
});

test.each([
  [[500, 1_000], [700, 1_000], "better"],
  [[700, 1_000], [500, 1_000], "worse"],
  [[50, 100], [52, 100], "uncertain"],
] as const)("sessions that succeed, from %j to %j: %s", (a, b, verdict) => {
  const { figures } = compareSamples(runWith({ success: [...a] }), runWith({ success: [...b] }), TOLERANCES);
  expect(figures[0]?.verdict).toBe(verdict);
});

test("every setting that differs is named, and what cannot be read of either run", () => {
  const other = sampleManifest({
    id: "other",
    agents: 6,
    workers: 2,
    runtime: "compose",
    versions: { ape: "0.2.0", node: "22.0.0" },
    model: { provider: "openai", name: "gpt", simulated: false },
    behaviour: { thinkTime: "none", personas: [{ name: "a" }, { name: "b" }] as never },
    goals: [{ name: "buy", checks: [] }],
  });
  const a = runWith({});
  const damaged = new Set(["part 1", "part 2"]);
  expect(
    compareSamples({ ...a, damaged: new Set() }, { ...a, manifest: other, damaged }, TOLERANCES).differences,
  ).toEqual([
    "model: planner of simulated -> gpt of openai",
    "agents: 5 -> 6",
    "workers: 1 -> 2",
    "runtime: embedded -> compose",
    "think time: constant, 300ms -> none",
    "personas: none -> a, b",
    "goals: buy, browse -> buy",
    "APE: 0.1.0 -> 0.2.0",
    "Node: 20.20.0 -> 22.0.0",
    "events of other: part 1, part 2 cannot be read and are not compared",
  ]);
});

test("quantiles are nearest ranks, and their bounds those of a hundred in which one is beyond", () => {
  const sample = Float64Array.from({ length: 20 }, (_, n) => n + 1);
  const [first, median, p95, last] = quantileChanges(sample, sample, [0, 0.5, 0.95, 1]);
  expect([first?.a, median?.a, p95?.a, last?.a]).toEqual([1, 10, 19, 20]);
  expect([median?.change, median?.b]).toEqual([0, 10]);
  expect(median).toEqual(quantileChanges(sample, sample, [0.5])[0]);
  expect(median?.low).toBeLessThan(-0.3);
  expect(median?.high).toBeGreaterThan(0.5);
});
