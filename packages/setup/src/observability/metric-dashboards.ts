import type { MetricName } from "@ape/core/metrics/metrics";

/** The dashboards by their fixed uid. */
export type DashboardName = "live" | "agents" | "inference" | "gateway" | "infrastructure";

/** The dashboard of each metric, and the question that its panel answers: a metric without one does not compile. */
export const METRIC_DASHBOARDS: Record<MetricName, { on: DashboardName; question: string }> = {
  session_success: { on: "live", question: "Do agents reach their goals?" },
  session_duration: { on: "agents", question: "How long does a session take, by how it ended?" },
  session_steps: { on: "agents", question: "How many steps does a session need?" },
  session_start_delay: { on: "agents", question: "Do arrivals start when they were scheduled?" },
  session_row_wait: { on: "agents", question: "Do sessions wait for data rows of their own?" },
  sessions_dropped: { on: "agents", question: "Do arrivals find no free agent?" },
  arrivals_dropped: { on: "agents", question: "Which share of the arrivals finds no free agent?" },
  sessions_ended: { on: "agents", question: "How do sessions end, and whose fault are the failures?" },
  actions: { on: "live", question: "How much load reaches the target?" },
  action_duration: { on: "live", question: "How long do agents wait for an answer?" },
  action_failed: { on: "live", question: "Which operations fail?" },
  verification_reads: { on: "agents", question: "How often does APE ask again who caused a failure?" },
  circuit_open: { on: "gateway", question: "Does a circuit breaker hold actions back?" },
  requests_resent: { on: "gateway", question: "Does the target close connections that are in use?" },
  target_duration: { on: "gateway", question: "How fast is the target itself?" },
  gateway_overhead: { on: "gateway", question: "What does the gateway add?" },
  time_between_actions: { on: "live", question: "Do agents act within a second of an answer?" },
  decision_duration: { on: "agents", question: "How long do agents take to decide?" },
  think_duration: { on: "agents", question: "How long do agents think, as people would?" },
  queue_duration: { on: "agents", question: "Do agents wait in APE's own queues?" },
  decisions_repaired: { on: "agents", question: "What does the model write that has to be put right?" },
  decisions_invalid: { on: "agents", question: "Does the model answer what is no decision?" },
  time_to_first_token: { on: "inference", question: "How soon does the model begin to answer?" },
  inference_duration: { on: "inference", question: "How long does an answer of the model take?" },
  time_to_first_reasoning: { on: "inference", question: "How soon does the model begin to reason?" },
  tokens_per_second: { on: "inference", question: "How fast does the model write?" },
  inference_queue: { on: "inference", question: "How long do calls wait in the proxy?" },
  provider_time: { on: "inference", question: "How long does the provider say that it took?" },
  inference_failed: { on: "inference", question: "Do model calls fail after every retry?" },
  tokens_input: { on: "inference", question: "How many prompt tokens are used?" },
  tokens_output: { on: "inference", question: "How many completion tokens are used?" },
  tokens_cached: { on: "inference", question: "How much of the prompts does the provider have cached?" },
  tokens_reasoning: { on: "inference", question: "How many tokens go into reasoning?" },
  cost_usd: { on: "inference", question: "What does the run cost?" },
  agents_active: { on: "live", question: "How many agents are in a session?" },
  agents_waiting: { on: "live", question: "How many agents wait for a data row?" },
};
