import type { Exposition, LabelledSeries } from "@ape/core/metrics/exposition";
import { GATEWAY_METRICS, type MetricName } from "@ape/core/metrics/metrics";
import { sinkFor, type TrendSink } from "@ape/core/metrics/sink";
import { gatewayOverhead, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { Lane } from "./tool-executor.ts";

const TRENDS = ["target_duration", "gateway_overhead"] as const satisfies MetricName[];
const MAX_SERIES = 400;
type Trends = Record<(typeof TRENDS)[number], TrendSink>;

/** The gateway's own metrics, for `/metrics`. */
export class ServerFigures {
  readonly lanes: Record<Lane, number> = { fast: 0, sdk: 0 };
  readonly reloads = { done: 0, failed: 0 };
  readonly #series = new Map<string, { labels: { target: string; operation: string }; trends: Trends }>();

  measure(call: ToolCall, result: ToolResult): void {
    const { trends } = this.#of(call.target, result.operation);
    for (const { duration } of result.attempts) trends.target_duration.add(duration);
    if (result.attempts.length > 0) trends.gateway_overhead.add(gatewayOverhead(result));
  }

  #of(target: string, operation: string): { trends: Trends } {
    const key = `${target}\n${operation}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= MAX_SERIES && operation !== "other") return this.#of("other", "other");
      const trend = (name: MetricName): TrendSink => sinkFor(name) as TrendSink;
      series = {
        labels: { target, operation },
        trends: { target_duration: trend("target_duration"), gateway_overhead: trend("gateway_overhead") },
      };
      this.#series.set(key, series);
    }
    return series;
  }

  /** Writes the metrics to a page. */
  show(page: Exposition, inFlight: number): void {
    page.own(
      "ape_gateway_calls_total",
      GATEWAY_METRICS.ape_gateway_calls_total,
      Object.entries(this.lanes).map(([lane, count]) => [{ lane }, count]),
    );
    page.own(
      "ape_gateway_reloads_total",
      GATEWAY_METRICS.ape_gateway_reloads_total,
      Object.entries(this.reloads).map(([outcome, count]) => [{ outcome }, count]),
    );
    page.own("ape_gateway_in_flight", GATEWAY_METRICS.ape_gateway_in_flight, [[{}, inFlight]]);
    for (const metric of TRENDS) page.metric(metric, this.#shown(metric));
  }

  *#shown(metric: (typeof TRENDS)[number]): Generator<LabelledSeries> {
    for (const { labels, trends } of this.#series.values()) yield { labels, sink: trends[metric] };
  }
}
