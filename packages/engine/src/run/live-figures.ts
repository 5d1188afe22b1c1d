import type { Config } from "@ape/core/config/schema";
import { parseSelector } from "@ape/core/metrics/threshold";
import type { RunProgress } from "@ape/core/report/progress";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import {
  evaluateThresholds,
  type JudgedThreshold,
  type ThresholdContext,
  thresholdsOf,
} from "../thresholds/thresholds.ts";
import { type Worst, worstOf } from "./worst-operations.ts";

/** The merged figures of all workers of a running run, and the state of its thresholds. */
export class LiveFigures {
  readonly aggregator: Aggregator;
  readonly #thresholds: ReturnType<typeof thresholdsOf>;
  readonly #levels = new Map<number, { active: number; waiting: number }>();
  #lastActions = 0;
  #lastAt = 0;
  #rate = 0;
  #worst: Worst = {};

  constructor(thresholds: Config["thresholds"], context: ThresholdContext) {
    this.#thresholds = thresholdsOf(thresholds, context);
    this.aggregator = new Aggregator(Object.keys(this.#thresholds).map(parseSelector));
  }

  add(worker: number, snapshot: AggregateSnapshot, active: number, waiting: number): void {
    this.aggregator.merge(snapshot);
    this.#levels.set(worker, { active, waiting });
  }

  /** An exited worker has no agents. */
  left(worker: number): void {
    this.#levels.delete(worker);
  }

  /** Computes what changes once per second: the rate of actions since the last call, and the worst operations. */
  tick(elapsedMs: number): void {
    const actions = this.#count("actions");
    if (elapsedMs > this.#lastAt)
      this.#rate = ((actions - this.#lastActions) * 1000) / (elapsedMs - this.#lastAt);
    this.#lastActions = actions;
    this.#lastAt = elapsedMs;
    this.#worst = worstOf(this.aggregator);
  }

  judge(elapsedMs: number): JudgedThreshold[] {
    return evaluateThresholds(this.#thresholds, this.aggregator, elapsedMs);
  }

  /**
   * Why the run must end: a threshold that aborts was crossed, or the budget is used up.
   * @param maxCost in USD
   */
  reasonToAbort(elapsedMs: number, maxCost: number | undefined): string | undefined {
    const crossed = this.judge(elapsedMs).find(({ abort }) => abort);
    if (crossed !== undefined) return `${crossed.metric}: ${crossed.expression} was crossed`;
    return maxCost !== undefined && this.costUsd >= maxCost
      ? `the cost budget of ${maxCost} USD is used up`
      : undefined;
  }

  get costUsd(): number {
    return this.#count("cost_usd");
  }

  /** The parts of a progress report that come from figures. */
  read(
    elapsedMs: number,
  ): Omit<RunProgress, "run" | "phase" | "elapsedMs" | "done" | "leftMs" | "agentsWanted" | "workers"> {
    const { sessions } = this.aggregator;
    let active = 0;
    let waiting = 0;
    for (const level of this.#levels.values()) {
      active += level.active;
      waiting += level.waiting;
    }
    const trend = (metric: string, statistic: "med" | "p(95)" | "avg"): number | undefined =>
      this.aggregator.sink(metric)?.statistic(statistic, elapsedMs / 1000);
    const figures: ReturnType<LiveFigures["read"]> = {
      agentsActive: active,
      agentsWaiting: waiting,
      sessions: {
        started: sessions.started,
        ended: sessions.ended,
        succeeded: sessions.succeeded,
        dropped: sessions.dropped,
      },
      actions: this.#count("actions"),
      actionsPerSecond: Math.round(this.#rate * 10) / 10,
      actionsFailed: this.#passes("action_failed"),
      tokensInput: this.#count("tokens_input"),
      tokensOutput: this.#count("tokens_output"),
      costUsd: this.costUsd,
      decisionsInvalid: this.#count("decisions_invalid"),
      thresholds: this.judge(elapsedMs).map(({ metric, expression, ok, actual }) =>
        actual === undefined ? { metric, expression, ok } : { metric, expression, ok, actual },
      ),
      ...this.#worst,
      saturated: this.aggregator.health.saturated,
    };
    const set = (key: keyof RunProgress & `${string}Ms`, value: number | undefined): void => {
      if (value !== undefined) Object.assign(figures, { [key]: value });
    };
    set("actionMedianMs", trend("action_duration", "med"));
    set("actionP95Ms", trend("action_duration", "p(95)"));
    set("betweenAvgMs", trend("time_between_actions", "avg"));
    set("decisionAvgMs", trend("decision_duration", "avg"));
    set("firstTokenP95Ms", trend("time_to_first_token", "p(95)"));
    return figures;
  }

  #count(metric: string): number {
    return this.aggregator.sink(metric)?.statistic("count", 1) ?? 0;
  }

  #passes(metric: string): number {
    const sink = this.aggregator.sink(metric)?.snapshot();
    return sink?.type === "rate" ? sink.passes : 0;
  }
}
