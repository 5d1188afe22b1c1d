import {
  GENAI_METRICS,
  type GenAiMetric,
  genAiPrometheusLabel,
  genAiPrometheusName,
} from "@ape/core/metrics/genai";
import {
  GATEWAY_METRICS,
  METRICS,
  type MetricDefinition,
  type MetricName,
  PROCESS_METRICS,
  PROXY_METRICS,
  prometheusName,
} from "@ape/core/metrics/metrics";
import { type DashboardName, METRIC_DASHBOARDS } from "../metric-dashboards.ts";
import { type MetricOf, quantileOf, rateOf, shareOf } from "../query.ts";
import type { PanelSpec } from "./panel.ts";

/** Every query selects the chosen run. */
export const OF_RUN = 'run=~"$run"';

const UNITS = { ms: "s", "1": "short", tokens: "short", usd: "currencyUSD" } as const;
/** The label by which a panel splits a metric: the first that the metric has. */
const SPLIT = ["operation", "model", "outcome", "target", "goal"] as const;

function titleOf(metric: string): string {
  const words = metric
    .replace(/^ape_/, "")
    .replace(/_(total|seconds|bytes|ratio)$/, "")
    .replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** One panel for a metric of the registry, by its type. */
function panelFor(metric: MetricName): PanelSpec {
  const { type, unit, labels }: MetricDefinition = METRICS[metric];
  const split = SPLIT.find((label) => labels.includes(label));
  const by = split === undefined ? [] : [split];
  const legend = split === undefined ? titleOf(metric) : `{{${split}}}`;
  const base = {
    title: titleOf(metric),
    question: METRIC_DASHBOARDS[metric].question,
    kind: "lines",
  } as const;
  const cut = { by, where: OF_RUN };
  if (type === "trend") {
    const name = metric as MetricOf<"trend">;
    return {
      ...base,
      unit: UNITS[unit],
      lines: [0.5, 0.95].map((q) => ({
        expr: quantileOf(name, q, cut),
        legend: `p${q * 100} ${legend}`,
      })),
    };
  }
  if (type === "rate")
    return {
      ...base,
      unit: "percentunit",
      lines: [{ expr: shareOf(metric as MetricOf<"rate">, cut), legend }],
    };
  if (type === "counter")
    return {
      ...base,
      unit: unit === "usd" ? "currencyUSD" : "ops",
      lines: [{ expr: rateOf(metric as MetricOf<"counter">, cut), legend }],
    };
  return {
    ...base,
    unit: UNITS[unit],
    lines: [{ expr: `sum (${prometheusName(metric)}{${OF_RUN}})`, legend }],
  };
}

/** A panel for each metric of a dashboard, in the registry's order. */
export function panelsOf(dashboard: DashboardName): PanelSpec[] {
  return (Object.keys(METRICS) as MetricName[])
    .filter((metric) => METRIC_DASHBOARDS[metric].on === dashboard)
    .map(panelFor);
}

const OWN = { gateway: GATEWAY_METRICS, inference: PROXY_METRICS, infrastructure: PROCESS_METRICS } as const;

/** A panel for each metric that a role exposes only at `/metrics`. */
export function ownPanelsOf(dashboard: keyof typeof OWN): PanelSpec[] {
  const figures: Record<string, { type: "counter" | "gauge"; labels: readonly string[]; help: string }> =
    OWN[dashboard];
  return Object.entries(figures).map(([name, { type, labels, help }]) => {
    const by = labels.length === 0 ? "" : ` by (${labels.join(", ")})`;
    const series = `${name}{${OF_RUN}}`;
    return {
      title: titleOf(name),
      question: `How does this go? ${help}`,
      kind: "lines",
      unit: unitOf(name),
      lines: [
        {
          expr: type === "counter" ? `sum${by} (rate(${series}[$__rate_interval]))` : `max${by} (${series})`,
          legend: labels.length === 0 ? titleOf(name) : labels.map((label) => `{{${label}}}`).join(" "),
        },
      ],
    };
  });
}

const GENAI_QUESTIONS: Readonly<Record<GenAiMetric, string>> = {
  duration: "How long do model calls take, as any dashboard of generative AI counts them, failed ones apart?",
  tokens: "How large are prompts and answers?",
  firstToken: "How soon does each model begin, as any dashboard of generative AI counts it?",
  perToken: "How long does each further token take?",
};

/** A panel for each metric of model calls under OpenTelemetry's name. */
export function genAiPanels(): PanelSpec[] {
  return (Object.keys(GENAI_METRICS) as GenAiMetric[]).map((metric) => {
    const { name, unit, labels } = GENAI_METRICS[metric];
    const by = labels
      .filter((label) => label !== "operation" && label !== "provider")
      .map(genAiPrometheusLabel);
    const series = `${genAiPrometheusName(metric)}_bucket{${OF_RUN}}`;
    return {
      title: name,
      question: GENAI_QUESTIONS[metric],
      kind: "lines",
      unit: unit === "s" ? "s" : "short",
      lines: [0.5, 0.95].map((q) => ({
        expr: `histogram_quantile(${q}, sum by (${["le", ...by].join(", ")}) (rate(${series}[$__rate_interval])))`,
        legend: `p${q * 100} ${by.map((label) => `{{${label}}}`).join(" ")}`,
      })),
    };
  });
}

function unitOf(name: string): PanelSpec["unit"] {
  if (name.endsWith("_bytes")) return "bytes";
  if (name.endsWith("_ratio")) return "percentunit";
  return name.endsWith("_seconds") ? "s" : "short";
}
