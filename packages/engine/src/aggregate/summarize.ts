import { EXIT, type ExitName } from "@ape/core/lib/errors";
import { METRICS, type MetricDefinition, type MetricName } from "@ape/core/metrics/metrics";
import { RateSink, type Sink, SUMMARY_STATISTICS } from "@ape/core/metrics/sink";
import { parseSelector } from "@ape/core/metrics/threshold";
import type { RunEnded } from "@ape/core/protocol/events";
import { REPAIRS } from "@ape/core/protocol/repair";
import type { Summary, SummaryMetric } from "@ape/core/report/summary";
import type { Manifest } from "../store/manifest.ts";
import { evaluateThresholds, thresholdContext, thresholdsOf } from "../thresholds/thresholds.ts";
import { verdictOf } from "../thresholds/verdict.ts";
import type { Aggregator } from "./aggregator.ts";
import { decisionLatencyOf } from "./decision-latency.ts";
import type { PathDiversity } from "./path-diversity.ts";
import { selectorText } from "./series-table.ts";

/** Metrics that every summary has, with or without values. */
const ALWAYS: readonly MetricName[] = [
  "session_success",
  "session_duration",
  "session_steps",
  "action_duration",
  "target_duration",
  "time_between_actions",
  "decision_duration",
  "time_to_first_token",
  "actions",
  "action_failed",
  "tokens_input",
  "tokens_output",
  "cost_usd",
  "agents_active",
];
/** Metrics that are also given for each operation. */
const BY_OPERATION: readonly MetricName[] = ["actions", "action_duration", "action_failed"];
const FAILURES_SHOWN = 5;
const REMARKS_SHOWN = 3;

/** How a run ended. */
export interface RunEnd extends Pick<RunEnded, "status" | "reason" | "error"> {
  durationMs: number;
  /** Which recorded events no figure counts, and that there is no verdict for it; absent if all of them are counted. */
  damage?: string;
}

/** The summary of a run from all of its events, and the exit code that follows. */
export function summarize(
  {
    aggregator,
    realism,
    notices = new Set(),
    withoutSteps = 0,
  }: {
    aggregator: Aggregator;
    realism: PathDiversity;
    notices?: ReadonlySet<string>;
    /** Successful sessions whose steps are not kept. */
    withoutSteps?: number;
  },
  manifest: Manifest,
  end: RunEnd,
): { summary: Summary; exit: ExitName } {
  const limits = thresholdsOf(manifest.thresholds, thresholdContext(manifest));
  const thresholds = evaluateThresholds(limits, aggregator, end.durationMs);
  const sessions = { ...aggregator.sessions };
  // A process that died wrote no end of its sessions: open ones count as cut off.
  sessions.interrupted = Math.max(sessions.interrupted, sessions.started - sessions.ended);
  const { busAwayMs = 0 } = aggregator.health;
  const verdict = verdictOf({ ...end, busAwayMs }, sessions, thresholds);
  const metrics = metricsOf(aggregator, end.durationMs / 1000);
  const remarks = aggregator.remarks(REMARKS_SHOWN);
  for (const { metric: text, expression, ok, isDefault } of thresholds) {
    const { metric } = parseSelector(text);
    const shown = metrics[text] ?? metricOf(metric, aggregator.sink(text), end.durationMs / 1000);
    shown.thresholds = { ...shown.thresholds, [expression]: isDefault ? { ok, default: true } : { ok } };
    metrics[text] = shown;
  }
  const summary: Summary = {
    schema: 1,
    run: {
      id: manifest.id,
      startedAt: manifest.startedAt,
      durationMs: Math.round(end.durationMs),
      seed: manifest.seed,
      runtime: manifest.runtime,
      model: manifest.model,
      agents: manifest.agents,
      status: verdict.status,
      reason: verdict.reason,
      exitCode: EXIT[verdict.exit],
    },
    metrics,
    sessions,
    realism: { ...manifest.behaviour, byGoal: realism.byGoal },
    cognition: decisionLatencyOf(limits, aggregator),
    attribution: { ...aggregator.attribution },
    failures: aggregator.failures(FAILURES_SHOWN),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(aggregator.example === undefined ? {} : { example: aggregator.example }),
    ...proofIn(manifest),
    ...(notices.size === 0 ? {} : { notices: [...notices].sort() }),
    ...(withoutSteps === 0
      ? {}
      : {
          events: {
            keep: manifest.keep ?? "auto",
            successful: sessions.succeeded,
            withSteps: sessions.succeeded - withoutSteps,
          },
        }),
    inFlight: aggregator.inFlight,
    health: aggregator.health,
  };
  return { summary, exit: verdict.exit };
}

function proofIn({ goals }: Manifest): Pick<Summary, "proof"> {
  const known = goals.flatMap(({ name, proof }) =>
    proof === undefined || proof.parts.length === 0 ? [] : [[name, proof] as const],
  );
  return known.length === 0 ? {} : { proof: Object.fromEntries(known) };
}

function metricsOf(aggregator: Aggregator, seconds: number): Record<string, SummaryMetric> {
  const metrics: Record<string, SummaryMetric> = {};
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const sink = aggregator.sink(metric);
    const silent = sink === undefined || (sink.type === "counter" && sink.statistic("count", seconds) === 0);
    if (ALWAYS.includes(metric) || !silent) metrics[metric] = metricOf(metric, sink, seconds);
  }
  const operations = aggregator.operations.sort();
  for (const metric of BY_OPERATION)
    for (const operation of operations)
      metrics[selectorText(metric, { operation })] = metricOf(
        metric,
        aggregator.sinkOf(metric, { operation }),
        seconds,
      );
  for (const kind of Object.keys(REPAIRS)) {
    const sink = aggregator.sinkOf("decisions_repaired", { kind });
    if (sink !== undefined && sink.statistic("count", seconds) !== 0)
      metrics[selectorText("decisions_repaired", { kind })] = metricOf("decisions_repaired", sink, seconds);
  }
  return metrics;
}

function metricOf(metric: MetricName, sink: Sink | undefined, seconds: number): SummaryMetric {
  const { type, unit } = METRICS[metric] as MetricDefinition;
  const values: SummaryMetric["values"] = {};
  for (const statistic of SUMMARY_STATISTICS[type]) {
    const value = sink?.statistic(statistic, seconds);
    if (value !== undefined) values[statistic] = rounded(value);
    else if (statistic === "count") values.count = 0;
  }
  if (type === "rate") {
    values.passes = sink instanceof RateSink ? sink.passes : 0;
    values.fails = sink instanceof RateSink ? sink.fails : 0;
  }
  return { type, unit, values };
}

/** Six decimals: a millionth of a millisecond or of a dollar. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
