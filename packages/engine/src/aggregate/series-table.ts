import { decodedHistogram } from "@ape/core/metrics/histogram";
import { LABELS, type Label, type Labels, METRICS, type MetricName } from "@ape/core/metrics/metrics";
import { type Sink, type SinkSnapshot, sinkFor } from "@ape/core/metrics/sink";
import { type MetricSelector, parseSelector } from "@ape/core/metrics/threshold";
import { operationShape } from "@ape/core/protocol/operations/operation";
import type { Series } from "./emitter.ts";

/** The values of some series as JSON, by metric. */
export type SeriesSnapshot = { [metric in MetricName]?: [Labels, SinkSnapshot][] };

/** One metric with one set of labels, and its values. */
export interface AggregatedSeries {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly sink: Sink;
}

/** Labels whose values are names that a user may mistype, so that a selector with an unseen one has no data. */
const NAMES: readonly Label[] = ["target", "operation", "goal", "model"];

class KeptSeries implements Series, AggregatedSeries {
  readonly metric: MetricName;
  readonly labels: Labels;
  readonly sink: Sink;
  /** The metric's total and the selectors that match these labels. */
  readonly feeds: Sink[];
  /** Whether there is anything that no snapshot contains. The existence of a counter counts. */
  changed: boolean;

  constructor(metric: MetricName, labels: Labels, feeds: Sink[]) {
    this.metric = metric;
    this.labels = labels;
    this.sink = sinkFor(metric);
    this.feeds = feeds;
    this.changed = this.sink.type === "counter";
  }

  add(value: number): void {
    this.changed = true;
    this.sink.add(value);
    for (let i = 0; i < this.feeds.length; i += 1) (this.feeds[i] as Sink).add(value);
  }

  merge(snapshot: SinkSnapshot): void {
    this.changed = true;
    const decoded =
      snapshot.type === "trend" && this.feeds.length > 0
        ? { ...snapshot, histogram: decodedHistogram(snapshot.histogram) }
        : snapshot;
    this.sink.merge(decoded);
    for (const feed of this.feeds) feed.merge(decoded);
  }
}

interface Kept {
  selector: Pick<MetricSelector, "metric" | "labels">;
  sink: Sink;
}

/** Every series of a run. Any selector can be queried at any time; queried ones are then kept up to date. */
export class SeriesTable {
  readonly #series = new Map<MetricName, Map<string, KeptSeries>>();
  readonly #selectors = new Map<string, Kept>();
  /** Parsed selectors, cached by text. */
  readonly #texts = new Map<string, string>();

  readonly #queried: boolean;

  /**
   * @param selectors that will be queried often
   * @param queried false where only snapshots are taken: sums of several series are not kept then, and no selector has values
   */
  constructor(selectors: readonly MetricSelector[], queried = true) {
    this.#queried = queried;
    for (const selector of selectors) this.#keep(selector.metric, selector.labels);
  }

  /** The series of a metric and labels, created if missing. */
  readonly open = (metric: MetricName, labels: Labels): KeptSeries => {
    let ofMetric = this.#series.get(metric);
    if (ofMetric === undefined) {
      ofMetric = new Map();
      this.#series.set(metric, ofMetric);
    }
    const key = keyOf(labels);
    let series = ofMetric.get(key);
    if (series === undefined) {
      const feeds = this.#queried ? [this.#keep(metric, {}).sink] : [];
      for (const kept of this.#selectors.values())
        if (
          kept.selector.metric === metric &&
          kept.sink !== feeds[0] &&
          matches(kept.selector.labels, labels)
        )
          feeds.push(kept.sink);
      series = new KeptSeries(metric, labels, feeds);
      ofMetric.set(key, series);
    }
    return series;
  };

  /**
   * The values of a selector: a metric's name, labels in braces. Undefined if there are none; a counter that was never
   * incremented has the value 0.
   * @throws ApeError THRESHOLD_INVALID
   */
  sink(text: string): Sink | undefined {
    let key = this.#texts.get(text);
    if (key === undefined) {
      const selector = parseSelector(text);
      this.#keep(selector.metric, selector.labels);
      key = selectorText(selector.metric, selector.labels);
      this.#texts.set(text, key);
    }
    return this.#withData(this.#selectors.get(key) as Kept);
  }

  /** As {@link sink}, for separate labels. */
  sinkOf(metric: MetricName, labels: Labels): Sink | undefined {
    return this.#withData(this.#keep(metric, labels));
  }

  /** Every series that has values. */
  *all(): Generator<AggregatedSeries> {
    for (const ofMetric of this.#series.values())
      for (const series of ofMetric.values()) if (hasData(series.sink)) yield series;
  }

  /** The values of one label of a metric, in the order they came. */
  valuesOf(metric: MetricName, label: Label): string[] {
    const values = new Set<string>();
    for (const { labels } of this.#series.get(metric)?.values() ?? []) values.add(labels[label] ?? "");
    return [...values];
  }

  /** Returns what was added since the last call. Gauges stay: levels are no sums of changes. */
  take(): SeriesSnapshot {
    const taken: SeriesSnapshot = {};
    for (const [metric, ofMetric] of this.#series) {
      if (METRICS[metric].type === "gauge") continue;
      const rows: [Labels, SinkSnapshot][] = [];
      for (const series of ofMetric.values()) {
        if (!series.changed) continue;
        rows.push([series.labels, series.sink.snapshot()]);
        series.sink.reset();
        for (const feed of series.feeds) feed.reset();
        series.changed = false;
      }
      if (rows.length > 0) taken[metric] = rows;
    }
    return taken;
  }

  merge(snapshot: SeriesSnapshot): void {
    for (const [metric, rows] of Object.entries(snapshot) as [MetricName, [Labels, SinkSnapshot][]][])
      for (const [labels, sink] of rows) this.open(metric, labels).merge(sink);
  }

  #keep(metric: MetricName, labels: Labels): Kept {
    const key = selectorText(metric, labels);
    let kept = this.#selectors.get(key);
    if (kept === undefined) {
      kept = { selector: { metric, labels }, sink: sinkFor(metric) };
      this.#selectors.set(key, kept);
      for (const series of this.#series.get(metric)?.values() ?? [])
        if (matches(labels, series.labels)) {
          kept.sink.merge(series.sink.snapshot());
          series.feeds.push(kept.sink);
        }
    }
    return kept;
  }

  #withData({ selector, sink }: Kept): Sink | undefined {
    if (sink.type !== "counter") return hasData(sink) ? sink : undefined;
    const names: Labels = {};
    for (const label of NAMES)
      if (selector.labels[label] !== undefined) names[label] = selector.labels[label];
    if (Object.keys(names).length === 0) return sink;
    for (const series of this.#series.get(selector.metric)?.values() ?? [])
      if (matches(names, series.labels)) return sink;
    return undefined;
  }
}

/** A selector in canonical form: `action_duration{operation:"POST /orders"}`. */
export function selectorText(metric: MetricName, labels: Labels): string {
  const parts: string[] = [];
  for (const label of LABELS) {
    const value = labels[label];
    if (value !== undefined) parts.push(value.includes('"') ? `${label}:'${value}'` : `${label}:"${value}"`);
  }
  return parts.length === 0 ? metric : `${metric}{${parts.join(",")}}`;
}

function keyOf(labels: Labels): string {
  let key = "";
  for (const label of LABELS) key += `${labels[label] ?? ""}\n`;
  return key;
}

/** Operations are the same by their shape: a configuration may name a parameter otherwise, or end with a slash. */
function matches(wanted: Labels, labels: Labels): boolean {
  for (const label of LABELS) {
    const value = wanted[label];
    const own = labels[label];
    if (value === undefined || value === own) continue;
    if (label !== "operation" || own === undefined || operationShape(value) !== operationShape(own))
      return false;
  }
  return true;
}

function hasData(sink: Sink): boolean {
  if (sink.type === "gauge") return sink.statistic("value", 1) !== undefined;
  return sink.type === "counter" || (sink.statistic("count", 1) ?? 0) > 0;
}
