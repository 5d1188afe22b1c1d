/** The form of a metric's values, as in k6. */
export type MetricType = "trend" | "rate" | "counter" | "gauge";
/** Unit in the summary. `1` is a plain number. */
export type MetricUnit = "ms" | "1" | "tokens" | "usd";

/** The labels that a metric may be split and scoped by. All are bounded. */
export const LABELS = [
  "target",
  "operation",
  "goal",
  "status",
  "outcome",
  "attribution",
  "model",
  "provider",
  "kind",
] as const;
export type Label = (typeof LABELS)[number];
export type Labels = Partial<Record<Label, string>>;

export interface MetricDefinition {
  type: MetricType;
  unit: MetricUnit;
  labels: readonly Label[];
  /** What the figure means: the definition that the reference page prints. */
  help: string;
}

/** Every metric of APE, once. */
export const METRICS = {
  session_success: {
    type: "rate",
    unit: "1",
    labels: ["goal"],
    help: "Succeeded sessions over ended sessions. A session succeeded when every check of its goal held.",
  },
  session_duration: {
    type: "trend",
    unit: "ms",
    labels: ["goal", "outcome"],
    help: "From taking a goal and a data row until the session ended, final probes included.",
  },
  session_steps: {
    type: "trend",
    unit: "1",
    labels: ["goal", "outcome"],
    help: "Steps of an ended session.",
  },
  session_start_delay: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "Open arrivals only: from the scheduled instant until the session started.",
  },
  session_row_wait: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "Sessions that had to wait for a data row of their own (`unique: true`): how long.",
  },
  sessions_dropped: {
    type: "counter",
    unit: "1",
    labels: [],
    help: "Open arrivals only: arrivals that found no free agent.",
  },
  arrivals_dropped: {
    type: "rate",
    unit: "1",
    labels: [],
    help: "Open arrivals only: share of the arrivals that found no free agent. Their latencies are missing from every other figure.",
  },
  sessions_ended: {
    type: "counter",
    unit: "1",
    labels: ["goal", "outcome", "attribution"],
    help: "Ended sessions by outcome, and by attribution where they did not succeed.",
  },
  actions: {
    type: "counter",
    unit: "1",
    labels: ["target", "operation", "status", "goal"],
    help: "Tool calls of agents that reached, or were meant to reach, a target. Retries are attempts within one.",
  },
  action_duration: {
    type: "trend",
    unit: "ms",
    labels: ["target", "operation", "status", "goal"],
    help: "Agent to answer: from handing the call over until its result, retries included.",
  },
  action_failed: {
    type: "rate",
    unit: "1",
    labels: ["target", "operation", "goal"],
    help: "Actions that ended in a transport error, a 4xx, a 5xx or a broken contract after the last attempt, recovered from or not.",
  },
  verification_reads: {
    type: "counter",
    unit: "1",
    labels: ["target", "operation"],
    help: "Reads that the oracle made after failed actions to see who caused them, at most 5% of the actions. No actions themselves.",
  },
  circuit_open: {
    type: "counter",
    unit: "1",
    labels: ["target"],
    help: "Actions that an open circuit breaker held back (`circuitBreaker`).",
  },
  requests_resent: {
    type: "counter",
    unit: "1",
    labels: ["target"],
    help: "Requests that were sent once more on a fresh connection, because the server had closed the reused one before any byte of an answer (RFC 9112, section 9.3.1).",
  },
  target_duration: {
    type: "trend",
    unit: "ms",
    labels: ["target", "operation", "goal"],
    help: "The wire only, for each attempt: DNS, connect, TLS, first byte and body.",
  },
  gateway_overhead: {
    type: "trend",
    unit: "ms",
    labels: ["target", "operation", "goal"],
    help: "The gateway's total less attempts, back-off and queue.",
  },
  time_between_actions: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "Within a session, from the last byte of one answer to the hand-over of the next call. First actions, probes and retries do not count.",
  },
  decision_duration: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "The part of a step spent deciding: policy and model. None where the answer before had decided this step, too.",
  },
  think_duration: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "The part of a step spent in think time, `wait` and back-off included.",
  },
  queue_duration: {
    type: "trend",
    unit: "ms",
    labels: ["goal"],
    help: "The part of a step spent in APE's own queues before the model was asked.",
  },
  decisions_invalid: {
    type: "counter",
    unit: "1",
    labels: ["goal"],
    help: "Model answers that were no valid decision.",
  },
  decisions_repaired: {
    type: "counter",
    unit: "1",
    labels: ["goal", "kind"],
    help: "Model answers that were put right without a loss before they were decisions, by kind of repair; an answer may need several.",
  },
  time_to_first_token: {
    type: "trend",
    unit: "ms",
    labels: ["model", "provider"],
    help: "At the proxy, from sending upstream to the first content or tool-call delta; streamed calls only.",
  },
  inference_duration: {
    type: "trend",
    unit: "ms",
    labels: ["model", "provider"],
    help: "At the proxy, from sending upstream until the last byte, last attempt.",
  },
  time_to_first_reasoning: {
    type: "trend",
    unit: "ms",
    labels: ["model", "provider"],
    help: "At the proxy, from sending upstream to the first delta of reasoning; streamed calls of models that show it.",
  },
  tokens_per_second: {
    type: "trend",
    unit: "1",
    labels: ["model", "provider"],
    help: "Completion tokens after the first over the time after the first, for each streamed call of at least two tokens.",
  },
  inference_queue: {
    type: "trend",
    unit: "ms",
    labels: ["model", "provider"],
    help: "The part of a model call spent in the proxy: waiting for limits, for a connection and between attempts.",
  },
  provider_time: {
    type: "trend",
    unit: "ms",
    labels: ["model", "provider"],
    help: "The provider's own time for an answer, by its own clock (`time_info`), where it tells.",
  },
  inference_failed: {
    type: "rate",
    unit: "1",
    labels: ["model", "provider"],
    help: "Model calls that gave no answer after every retry.",
  },
  tokens_input: {
    type: "counter",
    unit: "tokens",
    labels: ["model", "provider"],
    help: "Prompt tokens, as billed.",
  },
  tokens_output: {
    type: "counter",
    unit: "tokens",
    labels: ["model", "provider"],
    help: "Completion tokens, as billed.",
  },
  tokens_cached: {
    type: "counter",
    unit: "tokens",
    labels: ["model", "provider"],
    help: "The part of the prompt tokens that the provider had cached, where it tells.",
  },
  tokens_reasoning: {
    type: "counter",
    unit: "tokens",
    labels: ["model", "provider"],
    help: "The part of the completion tokens spent on reasoning, where the provider tells.",
  },
  cost_usd: {
    type: "counter",
    unit: "usd",
    labels: ["model", "provider"],
    help: "Tokens times the configured prices; 0 where no price is known.",
  },
  agents_active: { type: "gauge", unit: "1", labels: [], help: "Agents that are in a session." },
  agents_waiting: {
    type: "gauge",
    unit: "1",
    labels: [],
    help: "Agents that wait for a data row of their own.",
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** The metric's name in Prometheus: prefixed, base unit as suffix, `_total` for counters (Prometheus naming practice). */
export function prometheusName(name: MetricName): string {
  const { type, unit } = METRICS[name] as MetricDefinition;
  const base = unit === "ms" ? `ape_${name.replace(/_duration$/, "")}_seconds` : `ape_${name}`;
  return type === "counter" ? `${base}_total` : base;
}

/** What a gateway that runs alone counts for itself at `/metrics`, beside the metrics above; no part of a run's summary. */
export const GATEWAY_METRICS = {
  ape_gateway_calls_total: {
    type: "counter",
    labels: ["lane"],
    help: "Tool calls at the MCP endpoint: `fast` for well-formed modern calls, `sdk` for all others.",
  },
  ape_gateway_in_flight: {
    type: "gauge",
    labels: [],
    help: "Tool calls that have been taken and not yet been answered.",
  },
  ape_gateway_reloads_total: {
    type: "counter",
    labels: ["outcome"],
    help: "Times that the configuration was read again: `done`, or `failed`, and then the one before stays.",
  },
} as const;

/** What an inference proxy that runs alone shows besides, by the name it has at `/metrics`. */
export const PROXY_METRICS = {
  ape_inference_in_flight: {
    type: "gauge",
    labels: [],
    help: "Calls of clients that have been taken and not yet been answered.",
  },
  ape_inference_cancelled_total: {
    type: "counter",
    labels: [],
    help: "Calls whose client went away before the answer was complete; their upstream requests are cancelled.",
  },
  ape_inference_underway: {
    type: "gauge",
    labels: ["model", "provider"],
    help: "Requests that are under way to the provider.",
  },
  ape_inference_waiting: {
    type: "gauge",
    labels: ["model", "provider"],
    help: "Calls that wait for a limit, a connection or a provider that is down.",
  },
  ape_inference_limit: {
    type: "gauge",
    labels: ["model", "provider"],
    help: "Requests that may be under way at present: falls when the provider is overloaded, and rises again.",
  },
  ape_inference_circuit_open: {
    type: "gauge",
    labels: ["model", "provider"],
    help: "1 while the provider is spared because it failed again and again.",
  },
} as const;

/** The fields of a summary besides its metrics, computed from the same events; by their place in `summary.json`. */
export const SUMMARY_FIGURES = {
  "realism.thinkTime": "The think time that was configured, in words.",
  "realism.personas": "Each persona's think time and patience, in words.",
  "realism.byGoal.GOAL.distinctPathsPer100":
    "Different paths to be expected among 100 ended sessions drawn at random (Hurlbert's rarefaction), or among all where there are fewer. A path is the sequence of operations that a session sent, whatever came of them; of sessions with more than 200 actions, the first 200.",
  "realism.byGoal.GOAL.pathEntropyBits":
    "Shannon's entropy of the paths: 0 where all sessions go the same way.",
  "realism.byGoal.GOAL.modalShare":
    "Share of the ended sessions that went the commonest path (`modalPath`). Past 5,000 different paths, further ones count as one.",
  "realism.byGoal.GOAL.lengths": "Sessions by their number of actions; `200` represents that many or more.",
  "realism.byGoal.GOAL.transitions":
    "The transition matrix: how often one operation followed another; `(begin)` and `(end)` are the session's. Past 60 operations, further ones are `other`.",
  "realism.byGoal.GOAL.values.FIELD.distinctPer100":
    "Different values of a path parameter, or of a field that identifies something, to be expected among 100 sessions that used it: a load that always names the same few things measures a cache. At most 5 fields, those of most sessions; of the first 5,000 sessions of each worker.",
  "realism.byGoal.GOAL.values.FIELD.mostUsedShare":
    "Share of those sessions that used the value used most (`mostUsed`).",
  "cognition.thresholdMs":
    "What a decision may take: the limit of the threshold on `time_to_first_token`, otherwise 1000 ms.",
  "cognition.firstTokenP95Ms": "The 95th percentile of `time_to_first_token`.",
  "cognition.slowDecisionShare": "Share of the decisions (`decision_duration`) that took longer than that.",
} as const;

/** The process metrics of every role. */
export const PROCESS_METRICS = {
  ape_process_cpu_seconds_total: {
    type: "counter",
    labels: ["part"],
    help: "CPU seconds that this process has used.",
  },
  ape_process_resident_bytes: {
    type: "gauge",
    labels: ["part"],
    help: "Memory of this process, in bytes.",
  },
  ape_event_loop_delay_p99_seconds: {
    type: "gauge",
    labels: ["part"],
    help: "99th percentile of the event loop's delay over the last second, the monitor's resolution subtracted.",
  },
  ape_stolen_cpu_ratio: {
    type: "gauge",
    labels: ["part"],
    help: "Share of the machine's CPU that another machine took, over the last second; absent where the system does not tell.",
  },
  ape_cpu_throttled_seconds_total: {
    type: "counter",
    labels: ["part"],
    help: "Seconds for which a CPU limit of its container held this process back.",
  },
  ape_saturated: {
    type: "gauge",
    labels: ["part"],
    help: "1 once this process was saturated: latencies of that time are APE's, not the target's.",
  },
} as const;

/** What agents, and an engine that was asked for `/metrics`, show of the run besides. */
export const RUN_METRICS = {
  ape_agents_wanted: {
    type: "gauge",
    labels: [],
    help: "Agents that shall be running sessions, by the load plan or the last `ape-test scale`.",
  },
} as const;

/** Metrics that are shown at `/metrics` alone, by the name they have there. */
export const EXPOSED_METRICS = {
  ...GATEWAY_METRICS,
  ...PROXY_METRICS,
  ...PROCESS_METRICS,
  ...RUN_METRICS,
} as const satisfies Record<string, { type: "counter" | "gauge"; labels: readonly string[]; help: string }>;
