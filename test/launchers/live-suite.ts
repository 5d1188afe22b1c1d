import type { RunProgress } from "@ape/core/report/progress";
import type { RunHandle } from "@ape/engine/run/progress";
import { expect, test } from "vitest";
import { eventually } from "../e2e/ape.ts";

/** Options of a run in a test of the suite. */
export interface LiveRunOptions {
  load: string;
  thresholds?: string;
  /** Keys of `inference` beside the provider: `maxCost: 0.5 USD`. */
  inference?: string;
}

/** Starts a run of the shop with one launcher; the suite's caller cleans up after each test. */
export type BeginLiveRun = (options: LiveRunOptions) => Promise<RunHandle>;

const THINK = "thinkTime: { constant: 50ms }";
/** US dollars per million tokens: high, so that a budget is reached within seconds. */
const PRICE = "price: { input: 100, output: 1000 }";
const LIMIT_MS = 120_000;

/** Waits for a snapshot of the live figures in which the condition holds. */
async function reached(run: RunHandle, holds: (progress: RunProgress) => boolean): Promise<RunProgress> {
  let last = run.progress();
  await eventually(() => {
    last = run.progress();
    return holds(last);
  }, 60_000);
  return last;
}

/**
 * The behaviour of a live run that every launcher must have: figures of agents and of the model, thresholds, the cost
 * budget, and thresholds that abort.
 * @param length `short` leaves out all but one kind of threshold that aborts, for launchers that start slowly
 */
export function liveSuite(length: "full" | "short", begin: BeginLiveRun): void {
  test("live figures count sessions, actions, tokens, cost and the first token, and end at the summary's", {
    timeout: LIMIT_MS,
  }, async () => {
    const run = await begin({
      load: `{ agents: 6, duration: 10m, ${THINK} }`,
      inference: PRICE,
      thresholds: `{ tokens_output: ["count>10"], 'cost_usd{provider:"simulated"}': ["count>0"] }`,
    });
    const live = await reached(
      run,
      ({ sessions, tokensOutput, costUsd, firstTokenP95Ms, agentsActive }) =>
        sessions.ended > 3 &&
        tokensOutput > 10 &&
        costUsd > 0 &&
        (firstTokenP95Ms ?? 0) > 0 &&
        agentsActive === 6,
    );
    expect(live).toMatchObject({ phase: "running", agentsWanted: 6 });
    expect(live.actions).toBeGreaterThan(0);
    expect(live.tokensInput).toBeGreaterThan(live.tokensOutput);
    expect(live.actionP95Ms).toBeGreaterThan(0);
    expect(live.betweenAvgMs).toBeGreaterThan(0);
    expect(live.thresholds).toMatchObject([
      { metric: "tokens_output", ok: true },
      { metric: 'cost_usd{provider:"simulated"}', ok: true },
      { metric: "session_success", ok: true },
    ]);
    run.stop();
    const { summary } = await run.finished;
    const last = run.progress();
    const { metrics, sessions } = summary;
    expect(last.sessions.ended).toBe(sessions.ended);
    expect(last.actions).toBe(metrics.actions?.values.count);
    expect(last.tokensInput).toBe(metrics.tokens_input?.values.count);
    expect(last.tokensOutput).toBe(metrics.tokens_output?.values.count);
    expect(last.costUsd).toBeCloseTo(metrics.cost_usd?.values.count ?? 0, 6);
  });

  test("a cost budget that is used up ends the run as aborted, close to the budget", {
    timeout: LIMIT_MS,
  }, async () => {
    const run = await begin({
      load: `{ agents: 6, duration: 5m, ${THINK} }`,
      inference: `${PRICE}, maxCost: 4 USD`,
    });
    const { summary, exit } = await run.finished;
    expect(exit).toBe("aborted");
    expect(summary.run).toMatchObject({
      status: "aborted",
      reason: expect.stringMatching(/^the cost budget of 4 USD is used up/) as string,
    });
    const spent = summary.metrics.cost_usd?.values.count ?? 0;
    // Each call is paid before it is made, its answer as if it were of full length (1,024 tokens, about 1 USD) beside a
    // prompt of at most 0.3 USD: the rest at the end is too little for another one.
    expect(spent).toBeGreaterThan(4 - 1.3);
    expect(spent).toBeLessThanOrEqual(4);
    expect(summary.sessions.interrupted).toBe(0);
  });

  const aborting = [
    ["the time to the first token", "time_to_first_token", "p(95)<1ms"],
    ["a metric of the model", "tokens_output", "count<200"],
    ["a metric of the agents", "actions", "count<20"],
  ] as const;
  test.each(length === "full" ? aborting : aborting.slice(0, 1))(
    "abortOnFail on %s ends the run",
    { timeout: LIMIT_MS },
    async (_what, metric, expression) => {
      const run = await begin({
        load: `{ agents: 4, duration: 5m, ${THINK} }`,
        thresholds: `{ ${metric}: [{ expression: "${expression}", abortOnFail: true }] }`,
      });
      const { summary, exit } = await run.finished;
      expect(exit).toBe("aborted");
      expect(summary.run.reason).toContain(`${metric}: ${expression} was crossed`);
    },
  );
}

/** The parts of a configuration that `begin` fills from the options. */
export function inferenceOf({ inference }: LiveRunOptions): string {
  return `{ provider: simulated${inference === undefined ? "" : `, ${inference}`} }`;
}
