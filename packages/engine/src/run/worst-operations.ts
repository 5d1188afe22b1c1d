import type { RunProgress } from "@ape/core/report/progress";
import type { Aggregator } from "../aggregate/aggregator.ts";

const SHOWN = 3;

/** The slowest and the failing operations of a run so far, and why most sessions failed. */
export type Worst = Pick<RunProgress, "slowest" | "failing" | "commonestFailure">;

/** Computes them from the merged figures of a run; what there is none of is left out. */
export function worstOf(aggregator: Aggregator): Worst {
  const operations = aggregator.operations.map((operation) => {
    const failures = aggregator.sinkOf("action_failed", { operation })?.snapshot();
    const { passes: failed, total: count } = failures?.type === "rate" ? failures : { passes: 0, total: 0 };
    const p95Ms = aggregator.sinkOf("action_duration", { operation })?.statistic("p(95)", 1) ?? 0;
    return { operation, failed, count, p95Ms };
  });
  const slowest = [...operations]
    .sort((a, b) => b.p95Ms - a.p95Ms)
    .slice(0, SHOWN)
    .map(({ operation, p95Ms, count }) => ({ operation, p95Ms, count }));
  const failing = operations
    .filter(({ failed }) => failed > 0)
    .sort((a, b) => b.failed - a.failed)
    .slice(0, SHOWN)
    .map(({ operation, failed, count }) => ({ operation, failed, count }));
  const [commonest] = aggregator.failures(1);
  return {
    ...(slowest.length === 0 ? {} : { slowest }),
    ...(failing.length === 0 ? {} : { failing }),
    ...(commonest === undefined
      ? {}
      : {
          commonestFailure: {
            attribution: commonest.attribution,
            reason: commonest.reason,
            count: commonest.count,
          },
        }),
  };
}
