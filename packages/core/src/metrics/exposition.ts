import { bucketsOf } from "./histogram-buckets.ts";
import { METRICS, type MetricDefinition, type MetricName, prometheusName } from "./metrics.ts";
import { RateSink, type Sink } from "./sink.ts";

/** The two text forms that a scraper may ask for. */
export type ExpositionForm = "prometheus" | "openmetrics";

export const EXPOSITION_TYPE: Readonly<Record<ExpositionForm, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The form that a request's `accept` header asks for. Only OpenMetrics carries exemplars. */
export function expositionForm(accept: string | undefined): ExpositionForm {
  return accept?.includes("application/openmetrics-text") === true ? "openmetrics" : "prometheus";
}

type TextLabels = Readonly<Record<string, string | undefined>>;

/** A session that shows what a histogram's bucket is made of. */
export interface Exemplar {
  trace: string;
  /** In the metric's summary unit, as its sink is given it. */
  value: number;
  /** Epoch milliseconds. */
  at: number;
}

/** One metric with one set of labels, ready to be shown. */
export interface LabelledSeries {
  labels: TextLabels;
  sink: Sink;
  exemplar?: Exemplar | undefined;
}

/** A histogram by its buckets: how many values are in each, the last beyond every bound. */
export interface BucketSeries {
  labels: TextLabels;
  bounds: readonly number[];
  counts: ArrayLike<number>;
  sum: number;
}

/** One time series' name, labels and latest value, as Prometheus keeps it. */
export interface PromSample {
  name: string;
  labels: TextLabels;
  value: number;
}

/**
 * What Prometheus keeps of a metric: a trend is a classic histogram (`_bucket`, `_sum`, `_count`), since buckets can
 * be summed over labels and processes, which quantiles cannot; a rate is two counters, `_passes_total` and `_fails_total`, likewise.
 */
export function promSamplesOf(metric: MetricName, labels: TextLabels, sink: Sink): PromSample[] {
  const name = prometheusName(metric);
  if (sink instanceof RateSink)
    return [
      { name: `${name}_passes_total`, labels, value: sink.passes },
      { name: `${name}_fails_total`, labels, value: sink.fails },
    ];
  const snapshot = sink.snapshot();
  if (snapshot.type === "counter") return [{ name, labels, value: snapshot.total }];
  if (snapshot.type === "gauge") return [{ name, labels, value: snapshot.value }];
  if (snapshot.type !== "trend") return [];
  const { bounds, cumulative, count, sum } = bucketsOf(metric, snapshot.histogram);
  const samples: PromSample[] = bounds.map((bound, i) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le: String(bound) },
    value: cumulative[i] as number,
  }));
  samples.push(
    { name: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count },
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: count },
  );
  return samples;
}

/**
 * Writes a `/metrics` page: Prometheus' text format 0.0.4, or OpenMetrics 1.0 with exemplars. Source: Prometheus
 * "Exposition formats" and the OpenMetrics specification 1.0.
 */
export class Exposition {
  readonly #form: ExpositionForm;
  readonly #constant: TextLabels;
  readonly #lines: string[] = [];

  /** @param constant labels of every series, such as the run */
  constructor(form: ExpositionForm, constant: TextLabels = {}) {
    this.#form = form;
    this.#constant = constant;
  }

  /** A figure that is no part of a run's summary, by the name that it has here. */
  own(
    name: string,
    { type, help }: { type: "counter" | "gauge"; help: string },
    values: Iterable<readonly [labels: TextLabels, value: number]>,
  ): void {
    this.#head(name, type, help);
    for (const [labels, value] of values) this.#sample({ name, labels, value });
  }

  /** A histogram with bounds of its own, by the name that it has here. */
  histogram(name: string, help: string, series: Iterable<BucketSeries>): void {
    this.#head(name, "histogram", help);
    for (const { labels, bounds, counts, sum } of series) {
      let count = 0;
      for (let i = 0; i <= bounds.length; i += 1) {
        count += counts[i] ?? 0;
        const le = i === bounds.length ? "+Inf" : String(bounds[i]);
        this.#sample({ name: `${name}_bucket`, labels: { ...labels, le }, value: count });
      }
      this.#sample({ name: `${name}_sum`, labels, value: sum });
      this.#sample({ name: `${name}_count`, labels, value: count });
    }
  }

  /** A metric of the registry with all its series. */
  metric(metric: MetricName, series: Iterable<LabelledSeries>): void {
    const { type, help } = METRICS[metric] as MetricDefinition;
    const name = prometheusName(metric);
    if (type !== "rate") {
      this.#head(name, type === "trend" ? "histogram" : type, help);
      for (const { labels, sink, exemplar } of series) this.#samples(metric, labels, sink, exemplar);
      return;
    }
    const samples = [...series].flatMap(({ labels, sink }) => promSamplesOf(metric, labels, sink));
    for (const part of [`${name}_passes_total`, `${name}_fails_total`]) {
      this.#head(part, "counter", help);
      for (const sample of samples) if (sample.name === part) this.#sample(sample);
    }
  }

  #samples(metric: MetricName, labels: TextLabels, sink: Sink, exemplar: Exemplar | undefined): void {
    let left = this.#form === "openmetrics" ? exemplar : undefined;
    const scale = METRICS[metric].unit === "ms" ? 1_000 : 1;
    for (const sample of promSamplesOf(metric, labels, sink)) {
      const { le } = sample.labels;
      const holds = left !== undefined && le !== undefined && left.value / scale <= bound(le);
      this.#sample(sample, holds ? left : undefined, scale);
      if (holds) left = undefined;
    }
  }

  /** OpenMetrics names the family of a counter without `_total`. */
  #head(name: string, type: string, help: string): void {
    const family = this.#form === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
    this.#lines.push(`# HELP ${family} ${escaped(help, false)}`, `# TYPE ${family} ${type}`);
  }

  #sample({ name, labels, value }: PromSample, exemplar?: Exemplar, scale = 1): void {
    const all = labelText({ ...this.#constant, ...labels });
    const shown =
      exemplar === undefined
        ? ""
        : ` # {trace_id="${exemplar.trace}"} ${exemplar.value / scale} ${exemplar.at / 1_000}`;
    this.#lines.push(`${name}${all} ${value}${shown}`);
  }

  text(): string {
    const end = this.#form === "openmetrics" ? "# EOF\n" : "";
    return `${this.#lines.join("\n")}\n${end}`;
  }
}

const bound = (le: string): number => (le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le));

/** Longest value of a label: a name from a client may hold anything. */
const LONGEST = 200;

function labelText(labels: TextLabels): string {
  const parts: string[] = [];
  for (const [label, value] of Object.entries(labels))
    if (value !== undefined) parts.push(`${label}="${escaped(value.slice(0, LONGEST), true)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escaped(text: string, quotes: boolean): string {
  const plain = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return quotes ? plain.replaceAll('"', '\\"') : plain;
}
