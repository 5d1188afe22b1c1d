import { GATEWAY_METRICS, METRICS, type MetricName, prometheusName } from "@ape/core/metrics";
import { sinkFor, type TrendSink } from "@ape/core/sink";
import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import { bucketsOf } from "@ape/core/trend-buckets";
import type { Lane } from "./call-runner.ts";

const TRENDS = ["target_duration", "gateway_overhead"] as const satisfies MetricName[];
const MAX_SERIES = 400;
type Trends = Record<(typeof TRENDS)[number], TrendSink>;

/** What a gateway counts of itself, for `/metrics`. */
export class DoorFigures {
  readonly lanes: Record<Lane, number> = { fast: 0, sdk: 0 };
  readonly #series = new Map<string, { labels: string; trends: Trends }>();

  measure(call: ToolCall, result: ToolResult): void {
    const { timing, attempts } = result;
    const { trends } = this.#of(call.target, result.operation);
    let elsewhere = timing.queue;
    for (const attempt of attempts) {
      trends.target_duration.add(attempt.duration);
      elsewhere += attempt.duration + attempt.backoff;
    }
    if (attempts.length > 0) trends.gateway_overhead.add(Math.max(0, timing.total - elsewhere));
  }

  #of(target: string, operation: string): { labels: string; trends: Trends } {
    const key = `${target}\n${operation}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= MAX_SERIES && operation !== "other") return this.#of("other", "other");
      const trend = (name: MetricName): TrendSink => sinkFor(name) as TrendSink;
      series = {
        labels: `target=${JSON.stringify(target)},operation=${JSON.stringify(operation)}`,
        trends: { target_duration: trend("target_duration"), gateway_overhead: trend("gateway_overhead") },
      };
      this.#series.set(key, series);
    }
    return series;
  }

  /** The figures in Prometheus' text format 0.0.4. */
  text(inFlight: number): string {
    const lines: string[] = [];
    const head = (name: string, type: string, help: string): void => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    };
    const { ape_gateway_calls_total: calls, ape_gateway_in_flight: flight } = GATEWAY_METRICS;
    head("ape_gateway_calls_total", calls.type, calls.help);
    for (const [lane, count] of Object.entries(this.lanes))
      lines.push(`ape_gateway_calls_total{lane="${lane}"} ${count}`);
    head("ape_gateway_in_flight", flight.type, flight.help);
    lines.push(`ape_gateway_in_flight ${inFlight}`);
    for (const metric of TRENDS) {
      const name = prometheusName(metric);
      head(name, "histogram", METRICS[metric].help);
      for (const { labels, trends } of this.#series.values())
        this.#trend(lines, metric, name, labels, trends);
    }
    return `${lines.join("\n")}\n`;
  }

  #trend(
    lines: string[],
    metric: (typeof TRENDS)[number],
    name: string,
    labels: string,
    trends: Trends,
  ): void {
    const snapshot = trends[metric].snapshot();
    if (snapshot.type !== "trend") return;
    const { bounds, cumulative, count, sum } = bucketsOf(metric, snapshot.histogram);
    bounds.forEach((bound, index) => {
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${cumulative[index]}`);
    });
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sum}`,
      `${name}_count{${labels}} ${count}`,
    );
  }
}
