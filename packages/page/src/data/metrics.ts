import type { Summary, SummaryMetric } from "@ape/core/report/summary";
import { msText, numberText, percentText, usdText } from "../format.ts";

/** Statistics of one operation, from the summary. */
export interface OperationFigures {
  count: number;
  rate: number;
  failed: number;
  avg?: number | undefined;
  med?: number | undefined;
  p90?: number | undefined;
  p95?: number | undefined;
  p99?: number | undefined;
  max?: number | undefined;
}

/** The selector of a metric for one operation, as the summary writes it. */
export function selectorOf(metric: string, operation: string): string {
  return operation.includes('"')
    ? `${metric}{operation:'${operation}'}`
    : `${metric}{operation:"${operation}"}`;
}

/** The figures of an operation; zeros if the summary does not name it. */
export function operationFigures({ metrics }: Summary, operation: string): OperationFigures {
  const duration = metrics[selectorOf("action_duration", operation)]?.values ?? {};
  const actions = metrics[selectorOf("actions", operation)]?.values ?? {};
  return {
    count: actions.count ?? 0,
    rate: actions.rate ?? 0,
    failed: metrics[selectorOf("action_failed", operation)]?.values.passes ?? 0,
    avg: duration.avg,
    med: duration.med,
    p90: duration["p(90)"],
    p95: duration["p(95)"],
    p99: duration["p(99)"],
    max: duration.max,
  };
}

/** One threshold with the value that decided it. */
export interface ShownThreshold {
  metric: string;
  expression: string;
  ok: boolean;
  isDefault: boolean;
  actual: string;
}

/** Every threshold of a run; crossed ones first. */
export function thresholdsIn({ metrics }: Summary): ShownThreshold[] {
  const shown: ShownThreshold[] = [];
  for (const [metric, values] of Object.entries(metrics))
    for (const [expression, { ok, default: isDefault }] of Object.entries(values.thresholds ?? {}))
      shown.push({
        metric,
        expression,
        ok,
        isDefault: isDefault === true,
        actual: actualOf(expression, values),
      });
  return shown.sort((a, b) => Number(a.ok) - Number(b.ok));
}

function actualOf(expression: string, metric: SummaryMetric): string {
  const statistic = /^[a-z]+(?:\([\d.]+\))?/.exec(expression.replaceAll(" ", ""))?.[0] ?? "";
  const value = metric.values[statistic as keyof SummaryMetric["values"]];
  if (value === undefined) return "no data";
  if (metric.type === "rate") return percentText(value);
  if (statistic === "count" || metric.unit === "1") return numberText(value);
  return metric.unit === "usd" ? usdText(value) : msText(value);
}
