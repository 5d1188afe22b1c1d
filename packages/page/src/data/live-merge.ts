import type { LiveIncrement, LiveWhole } from "@ape/core/report/page-data";
import { MAX_REPORT_SESSIONS } from "@ape/core/report/report-bounds";
import type { ReportLatencySeries, ReportSeries } from "@ape/core/report/report-series";

/**
 * A live run after one more second: the buckets from `from` on are replaced, lists are replaced, sessions are added.
 * Undefined if the increment does not continue what is known, as after a change of the buckets' width.
 */
export function withIncrement(whole: LiveWhole, increment: LiveIncrement): LiveWhole | undefined {
  const { report } = whole;
  const { from, series, lists, sessions, paths, progress, summary } = increment;
  if (series.bucketMs !== report.series.bucketMs || from > report.series.buckets) return undefined;
  const added = new Set(sessions.map(({ session }) => session));
  return {
    ...whole,
    progress,
    summary,
    report: {
      ...report,
      ...lists,
      series: joined(report.series, series, from),
      sessions: [...report.sessions.filter(({ session }) => !added.has(session)), ...sessions].slice(
        -MAX_REPORT_SESSIONS,
      ),
      paths: paths ?? report.paths,
    },
  };
}

function joined(old: ReportSeries, later: ReportSeries, from: number): ReportSeries {
  const list = <T>(a: readonly T[], b: readonly T[]): T[] => [...a.slice(0, from), ...b];
  const byName = <K extends string>(
    a: Partial<Record<K, number[]>>,
    b: Partial<Record<K, number[]>>,
  ): Partial<Record<K, number[]>> => {
    const all: Partial<Record<K, number[]>> = {};
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)] as K[]))
      all[name] = list(a[name] ?? zeros(from), b[name] ?? zeros(later.buckets - from));
    return all;
  };
  const latency = (a: ReportLatencySeries, b: ReportLatencySeries): ReportLatencySeries => ({
    p50: list(a.p50, b.p50),
    p95: list(a.p95, b.p95),
    p99: list(a.p99, b.p99),
    heat: list(a.heat, b.heat),
  });
  return {
    ...later,
    agents: {
      active: list(old.agents.active, later.agents.active),
      waiting: list(old.agents.waiting, later.agents.waiting),
    },
    sessions: {
      started: list(old.sessions.started, later.sessions.started),
      ended: byName(old.sessions.ended, later.sessions.ended),
      dropped: list(old.sessions.dropped, later.sessions.dropped),
      interrupted: list(old.sessions.interrupted, later.sessions.interrupted),
    },
    actions: {
      count: list(old.actions.count, later.actions.count),
      failed: byName(old.actions.failed, later.actions.failed),
      latency: latency(old.actions.latency, later.actions.latency),
      target: latency(old.actions.target, later.actions.target),
    },
    between: {
      total: list(old.between.total, later.between.total),
      decision: list(old.between.decision, later.between.decision),
      think: list(old.between.think, later.between.think),
      queue: list(old.between.queue, later.between.queue),
    },
    model: {
      tokensInput: list(old.model.tokensInput, later.model.tokensInput),
      tokensOutput: list(old.model.tokensOutput, later.model.tokensOutput),
      costUsd: list(old.model.costUsd, later.model.costUsd),
      firstTokenP95: list(old.model.firstTokenP95, later.model.firstTokenP95),
    },
    generator: {
      eventLoopDelayMs: list(old.generator.eventLoopDelayMs, later.generator.eventLoopDelayMs),
      cpu: list(old.generator.cpu, later.generator.cpu),
      saturated: later.generator.saturated,
    },
  };
}

function zeros(length: number): number[] {
  return Array.from({ length: Math.max(0, length) }, () => 0);
}
