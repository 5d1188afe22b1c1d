import { stringify } from "yaml";
import { meanOf, quantileOf, rateOf, shareOf } from "./query.ts";

/** A recorded figure, so that dashboards, alerts and comparisons show the same. */
export interface RecordedFigure {
  record: string;
  expr: string;
  /** Its meaning. */
  says: string;
}

const cut = { by: ["run"], over: "1m" } as const;

/** Every figure that a run is judged by, per minute and run. */
export const RECORDED: readonly RecordedFigure[] = [
  {
    record: "ape:session_success:ratio",
    expr: shareOf("session_success", cut),
    says: "share of the sessions that succeeded",
  },
  {
    record: "ape:action_failed:ratio",
    expr: shareOf("action_failed", cut),
    says: "share of the actions that failed",
  },
  {
    record: "ape:time_between_actions:mean",
    expr: meanOf("time_between_actions", cut),
    says: "mean time between actions, seconds",
  },
  {
    record: "ape:decision:mean",
    expr: meanOf("decision_duration", cut),
    says: "mean decision, seconds",
  },
  {
    record: "ape:action:p95",
    expr: quantileOf("action_duration", 0.95, cut),
    says: "95th percentile of actions, seconds",
  },
  {
    record: "ape:target:p95",
    expr: quantileOf("target_duration", 0.95, cut),
    says: "95th percentile of the wire to the target, seconds",
  },
  {
    record: "ape:time_to_first_token:p95",
    expr: quantileOf("time_to_first_token", 0.95, cut),
    says: "95th percentile of the time to the first token, seconds",
  },
  { record: "ape:actions:rate", expr: rateOf("actions", cut), says: "actions per second" },
  { record: "ape:sessions:rate", expr: rateOf("sessions_ended", cut), says: "sessions that ended, a second" },
  {
    record: "ape:tokens_output:rate",
    expr: rateOf("tokens_output", cut),
    says: "completion tokens per second",
  },
  { record: "ape:cost_usd:rate", expr: rateOf("cost_usd", cut), says: "US dollars a second" },
];

/** An alert that needs attention. */
export interface Alert {
  name: string;
  expr: string;
  /** How long its condition must hold. */
  for: string;
  severity: "warning" | "critical";
  summary: string;
}

/** Containers of APE's runs: cAdvisor also has the machine (`id="/"`), slices and containers of others. */
const OWN = '{container_label_ape_run!=""}';

export const ALERTS: readonly Alert[] = [
  {
    name: "ApeSuccessLow",
    expr: "ape:session_success:ratio < 0.95",
    for: "1m",
    severity: "critical",
    summary: "Fewer than 95% of the sessions of run {{ $labels.run }} succeed.",
  },
  {
    name: "ApeActionsFailing",
    expr: "ape:action_failed:ratio > 0.05",
    for: "1m",
    severity: "warning",
    summary: "More than 5% of the actions of run {{ $labels.run }} fail.",
  },
  {
    name: "ApeTimeBetweenActionsHigh",
    expr: "ape:time_between_actions:mean > 1",
    for: "1m",
    severity: "warning",
    summary: "Agents of run {{ $labels.run }} need more than a second between two actions.",
  },
  {
    name: "ApeFirstTokenSlow",
    expr: "ape:time_to_first_token:p95 > 1",
    for: "1m",
    severity: "warning",
    summary: "The model's first token takes more than a second in run {{ $labels.run }}.",
  },
  {
    name: "ApeSaturated",
    expr: "max by (part, run) (ape_saturated) > 0",
    for: "0s",
    severity: "warning",
    summary: "{{ $labels.part }} is saturated: latencies of this time are APE's, not the target's.",
  },
  {
    name: "ApeScrapeDown",
    expr: 'up{job=~"agents|gateway|inference"} == 0',
    for: "30s",
    severity: "critical",
    summary: "{{ $labels.job }} at {{ $labels.instance }} does not answer.",
  },
  {
    name: "ApeContainerMemory",
    expr: `container_memory_working_set_bytes${OWN} / (container_spec_memory_limit_bytes${OWN} > 0) > 0.9`,
    for: "1m",
    severity: "warning",
    summary: "{{ $labels.name }} uses more than 90% of the memory it may have.",
  },
  {
    name: "ApeContainerCpu",
    // Usage has a label `cpu` that the quota lacks.
    expr: `sum by (name) (rate(container_cpu_usage_seconds_total${OWN}[1m])) / (sum by (name) (container_spec_cpu_quota${OWN}) / sum by (name) (container_spec_cpu_period${OWN}) > 0) > 0.9`,
    for: "1m",
    severity: "warning",
    summary: "{{ $labels.name }} uses more than 90% of the CPU it may have.",
  },
  {
    name: "ApeContainerRestarts",
    // A restart creates a new cgroup, whose usage begins at 0; `container_start_time_seconds` is when the container was
    // created.
    expr: `max by (name) (resets(container_cpu_usage_seconds_total${OWN}[5m])) > 1`,
    for: "0s",
    severity: "warning",
    summary: "{{ $labels.name }} has started again and again within 5 minutes.",
  },
];

/** The rules in Prometheus' format. */
export function rulesFile(): string {
  const groups = [
    { name: "ape_figures", interval: "5s", rules: RECORDED.map(({ record, expr }) => ({ record, expr })) },
    {
      name: "ape_alerts",
      interval: "5s",
      rules: ALERTS.map(({ name, expr, for: hold, severity, summary }) => ({
        alert: name,
        expr,
        for: hold,
        labels: { severity },
        annotations: { summary },
      })),
    },
  ];
  return stringify({ groups }, { lineWidth: 0 });
}
