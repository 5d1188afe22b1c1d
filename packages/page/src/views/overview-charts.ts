import { ATTRIBUTIONS, OUTCOMES } from "@ape/core/protocol/outcome";
import type { ReportLatencySeries, ReportSeries } from "@ape/core/report/report-series";
import type { Summary, SummaryMetric } from "@ape/core/report/summary";
import type { ChartLine } from "../charts/chart-data.ts";
import { keyText, msText, numberText, percentText, shortText, usdText } from "../format.ts";
import { ATTRIBUTION_COLORS, OUTCOME_COLORS } from "../parts/colors.ts";

/** A chart of the overview. */
export interface OverviewChart {
  title: string;
  note?: string;
  lines: ChartLine[];
  format: (value: number) => string;
  stack?: boolean;
}

/** Figures of a live run are complete after this long. */
const COMPLETE_MS = 2_000;

/** The last buckets of a live run whose figures are not complete. */
export function openBuckets(bucketMs: number): number {
  return Math.max(1, Math.ceil(COMPLETE_MS / bucketMs));
}

/**
 * The charts of a run, all on one axis of time.
 * @param summary the figures of the whole run
 * @param open last buckets that are left out
 */
export function overviewCharts(series: ReportSeries, summary: Summary, open = 0): OverviewChart[] {
  const end = Math.max(0, series.buckets - open);
  return chartsOf(series, summary).map((chart) => ({
    ...chart,
    lines: chart.lines.map((line) => ({ ...line, values: line.values.slice(0, end) })),
  }));
}

function chartsOf(series: ReportSeries, { run, metrics }: Summary): OverviewChart[] {
  const seconds = series.bucketMs / 1_000;
  // The first and the last bucket of a run are as long as the run was in them; a short one has no rate.
  const begin = Date.parse(run.startedAt) - series.startedAt || 0;
  const end = begin + run.durationMs;
  const rate = (values: readonly number[]): (number | null)[] =>
    values.map((value, index) => {
      const from = Math.max(begin, index * series.bucketMs);
      const to = Math.min(end, (index + 1) * series.bucketMs);
      const length = index > 0 && index < series.buckets - 1 ? seconds : (to - from) / 1_000;
      return length < seconds / 4 ? null : value / Math.min(seconds, length);
    });
  const perSecond = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(0.001, run.durationMs / 1_000);
  const rated = (values: readonly number[]) => ({ values: rate(values), whole: perSecond(values) });
  const { agents, sessions, actions, between, model, generator } = series;
  const ended = OUTCOMES.filter((outcome) => sessions.ended[outcome] !== undefined);
  const failed = ATTRIBUTIONS.filter((name) => actions.failed[name] !== undefined);
  const hasCost = model.costUsd.some((value) => value > 0);
  return [
    {
      title: "Agents",
      lines: [
        { label: "active", values: agents.active, color: "blue", fill: true },
        ...optional("waiting for a row", { values: agents.waiting }, "orange", [6, 3]),
      ],
      format: numberText,
    },
    {
      title: "Sessions per second",
      note: "started, and ended by outcome",
      lines: [
        { label: "started", ...rated(sessions.started), color: "muted", dash: [4, 3] },
        ...ended.map((outcome) => ({
          label: keyText(outcome),
          ...rated(sessions.ended[outcome] ?? []),
          color: OUTCOME_COLORS[outcome],
          ...(outcome === "succeeded" ? { fill: true } : {}),
        })),
        ...optional("dropped", rated(sessions.dropped), "yellow", [2, 3]),
        ...optional("cut off", rated(sessions.interrupted), "gray", [2, 3]),
      ],
      format: numberText,
    },
    {
      title: "Success of ended sessions",
      lines: [
        {
          label: "succeeded",
          values: successOf(sessions),
          whole: metrics.session_success?.values.rate,
          color: "green",
          fill: true,
        },
      ],
      format: percentText,
    },
    {
      title: "Actions per second",
      note: "and failed ones by attribution",
      lines: [
        { label: "actions", ...rated(actions.count), color: "blue", fill: true },
        ...failed.map((name) => ({
          label: `failed: ${name}`,
          ...rated(actions.failed[name] ?? []),
          color: name === "simulation" ? "sky" : ATTRIBUTION_COLORS[name],
          dash: [6, 2],
        })),
      ],
      format: shortText,
    },
    {
      title: "Action latency",
      note: "agent to answer",
      lines: percentileLines(actions.latency, metrics.action_duration),
      format: msText,
    },
    {
      title: "Target latency",
      note: "the wire only",
      lines: percentileLines(actions.target, metrics.target_duration),
      format: msText,
    },
    {
      title: "Time between actions",
      note: "average of a step, split",
      lines: [
        { label: "decision", values: between.decision, color: "purple" },
        { label: "think", values: between.think, color: "sky" },
        { label: "queue", values: between.queue, color: "orange" },
      ],
      format: msText,
      stack: true,
    },
    {
      title: "Tokens per second",
      lines: [
        { label: "in", ...rated(model.tokensInput), color: "blue", fill: true },
        { label: "out", ...rated(model.tokensOutput), color: "orange", dash: [6, 2] },
      ],
      format: shortText,
    },
    {
      title: "Time to first token",
      note: "95th percentile",
      lines: [
        {
          label: "p95",
          values: model.firstTokenP95,
          whole: metrics.time_to_first_token?.values["p(95)"],
          color: "purple",
        },
      ],
      format: msText,
    },
    ...(hasCost
      ? [
          {
            title: "Cost",
            note: "since the start",
            lines: [{ label: "US dollars", values: runningSum(model.costUsd), color: "green", fill: true }],
            format: usdText,
          },
        ]
      : []),
    {
      title: "Event-loop delay of the generator",
      note: "worst process",
      lines: [{ label: "p99", values: generator.eventLoopDelayMs, color: "red" }],
      format: msText,
    },
    {
      title: "CPU of the generator",
      note: "busiest process, share of a core",
      lines: [{ label: "CPU", values: generator.cpu, color: "orange", fill: true }],
      format: percentText,
    },
  ];
}

function percentileLines(
  { p50, p95, p99 }: ReportLatencySeries,
  metric: SummaryMetric | undefined,
): ChartLine[] {
  const { med, "p(95)": whole95, "p(99)": whole99 } = metric?.values ?? {};
  return [
    { label: "p99", values: p99, whole: whole99, color: "purple", dash: [2, 2] },
    { label: "p95", values: p95, whole: whole95, color: "orange", dash: [6, 2] },
    { label: "median", values: p50, whole: med, color: "blue" },
  ];
}

/** A line that is left out where all of its values are zero. */
function optional(
  label: string,
  line: Pick<ChartLine, "values" | "whole">,
  color: string,
  dash: readonly number[],
): ChartLine[] {
  return line.values.some((value) => (value ?? 0) > 0) ? [{ label, ...line, color, dash }] : [];
}

function successOf({ ended }: ReportSeries["sessions"]): (number | null)[] {
  const all = Object.values(ended);
  return Array.from({ length: all[0]?.length ?? 0 }, (_, index) => {
    const total = all.reduce((sum, values) => sum + (values[index] ?? 0), 0);
    return total === 0 ? null : (ended.succeeded?.[index] ?? 0) / total;
  });
}

function runningSum(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
