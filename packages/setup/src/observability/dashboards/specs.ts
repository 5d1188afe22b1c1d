import { bucketRates, countOf, meanOf, quantileOf, rateOf, shareOf } from "../query.ts";
import { RECORDED } from "../rules.ts";
import type { PanelSpec } from "./panel.ts";
import { genAiPanels, OF_RUN, ownPanelsOf, panelsOf } from "./registry-panels.ts";

/** A dashboard: rows of panels. */
export interface DashboardSpec {
  /** Fixed: links and provisioning identify the dashboard by it. */
  uid: string;
  title: string;
  rows: readonly { title: string; panels: readonly PanelSpec[] }[];
  /** Has an input for a trace id. */
  trace?: true;
}

const cut = { where: OF_RUN };
/** Stat panels show the last minute's value, whatever the dashboard's width. */
const lately = { where: OF_RUN, over: "1m" };

const number = (title: string, unit: PanelSpec["unit"], question: string, expr: string): PanelSpec => ({
  title,
  question,
  kind: "number",
  unit,
  lines: [{ expr, legend: title }],
});

const LIVE: DashboardSpec = {
  uid: "ape-live",
  title: "APE / Live run",
  rows: [
    {
      title: "Now",
      panels: [
        number("Agents", "short", "How many agents are at work?", `sum (ape_agents_active{${OF_RUN}})`),
        number("Wanted", "short", "How many agents shall there be?", `sum (ape_agents_wanted{${OF_RUN}})`),
        number(
          "Success",
          "percentunit",
          "Do agents reach their goals at present?",
          shareOf("session_success", lately),
        ),
        number(
          "Actions a second",
          "ops",
          "How much load reaches the target at present?",
          rateOf("actions", lately),
        ),
        number(
          "Between actions",
          "s",
          "Is the mean time between actions below a second?",
          meanOf("time_between_actions", lately),
        ),
        number(
          "Actions p95",
          "s",
          "How long do the slowest 5% of actions take?",
          quantileOf("action_duration", 0.95, lately),
        ),
      ],
    },
    {
      title: "The run",
      panels: [
        {
          title: "Sessions",
          question: "How many sessions end, by their outcome?",
          kind: "lines",
          unit: "ops",
          lines: [{ expr: rateOf("sessions_ended", { ...cut, by: ["outcome"] }), legend: "{{outcome}}" }],
        },
        {
          title: "Failures by attribution",
          question: "Whose fault are the sessions that did not succeed?",
          kind: "lines",
          unit: "ops",
          lines: [
            {
              expr: rateOf("sessions_ended", { where: `${OF_RUN}, attribution!=""`, by: ["attribution"] }),
              legend: "{{attribution}}",
            },
          ],
        },
        {
          title: "Answers by status",
          question: "Which statuses does the target answer with?",
          kind: "lines",
          unit: "ops",
          lines: [{ expr: rateOf("actions", { ...cut, by: ["status"] }), legend: "{{status}}" }],
        },
        {
          title: "Latency, agent and wire",
          question: "How much of what agents wait is the target, and how much is APE?",
          kind: "lines",
          unit: "s",
          lines: [
            { expr: quantileOf("action_duration", 0.95, cut), legend: "p95 action" },
            { expr: quantileOf("target_duration", 0.95, cut), legend: "p95 target" },
          ],
        },
        {
          title: "Latency, heat map",
          question: "Is there one speed, or are there several?",
          kind: "heatmap",
          unit: "s",
          lines: [{ expr: bucketRates("action_duration", cut), legend: "{{le}}" }],
        },
      ],
    },
    { title: "By metric", panels: panelsOf("live") },
  ],
};

const AGENTS: DashboardSpec = {
  uid: "ape-agents",
  title: "APE / Agents and journeys",
  rows: [
    {
      title: "Behaviour",
      panels: [
        {
          title: "Steps of sessions",
          question: "Where in their way do sessions end?",
          kind: "heatmap",
          unit: "short",
          lines: [{ expr: bucketRates("session_steps", cut), legend: "{{le}}" }],
        },
        {
          title: "Operations",
          question: "What do agents do, and how often?",
          kind: "lines",
          unit: "ops",
          lines: [{ expr: rateOf("actions", { ...cut, by: ["operation"] }), legend: "{{operation}}" }],
        },
        {
          title: "A step's time",
          question: "What is the time between actions made of?",
          kind: "lines",
          unit: "s",
          lines: [
            { expr: meanOf("decision_duration", cut), legend: "decision" },
            { expr: meanOf("think_duration", cut), legend: "think" },
            { expr: meanOf("queue_duration", cut), legend: "queue" },
          ],
        },
        {
          title: "Sessions by goal",
          question: "Which goals are pursued?",
          kind: "lines",
          unit: "ops",
          lines: [{ expr: countOf("session_duration", { ...cut, by: ["goal"] }), legend: "{{goal}}" }],
        },
      ],
    },
    { title: "By metric", panels: panelsOf("agents") },
  ],
};

const INFERENCE: DashboardSpec = {
  uid: "ape-inference",
  title: "APE / Inference",
  rows: [
    { title: "By metric", panels: panelsOf("inference") },
    { title: "The proxy", panels: ownPanelsOf("inference") },
    { title: "By OpenTelemetry's names", panels: genAiPanels() },
  ],
};

const GATEWAY: DashboardSpec = {
  uid: "ape-gateway",
  title: "APE / Gateway and target",
  rows: [
    { title: "By metric", panels: panelsOf("gateway") },
    { title: "The gateway", panels: ownPanelsOf("gateway") },
  ],
};

const TRACE: DashboardSpec = {
  uid: "ape-trace",
  title: "APE / Trace explorer",
  trace: true,
  rows: [
    {
      title: "One session",
      panels: ["llama_agent", "mcp_gateway", "cerebras_proxy"].map((service) => ({
        title: service,
        question: `What did ${service} do for this trace?`,
        kind: "logs",
        unit: "short",
        lines: [{ expr: `{service="${service}"} | trace_id=\`$trace\``, legend: "" }],
      })),
    },
    {
      title: "Trouble",
      panels: [
        {
          title: "Errors and warnings",
          question: "Which parts complain?",
          kind: "logs",
          unit: "short",
          lines: [{ expr: '{level=~"warn|error|fatal"}', legend: "" }],
        },
      ],
    },
  ],
};

const INFRASTRUCTURE: DashboardSpec = {
  uid: "ape-infrastructure",
  title: "APE / Infrastructure",
  rows: [
    { title: "APE's processes", panels: ownPanelsOf("infrastructure") },
    {
      title: "Containers and machine",
      panels: [
        {
          title: "Container CPU",
          question: "Which container uses the CPU?",
          kind: "lines",
          unit: "short",
          lines: [
            {
              expr: 'sum by (name) (rate(container_cpu_usage_seconds_total{name!=""}[$__rate_interval]))',
              legend: "{{name}}",
            },
          ],
        },
        {
          title: "Container memory",
          question: "Which container uses the memory?",
          kind: "lines",
          unit: "bytes",
          lines: [
            { expr: 'sum by (name) (container_memory_working_set_bytes{name!=""})', legend: "{{name}}" },
          ],
        },
        {
          title: "Machine CPU",
          question: "Has the machine CPU to spare?",
          kind: "lines",
          unit: "percentunit",
          lines: [
            { expr: '1 - avg (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', legend: "used" },
            { expr: 'avg (rate(node_cpu_seconds_total{mode="steal"}[$__rate_interval]))', legend: "stolen" },
          ],
        },
        {
          title: "Machine memory",
          question: "Has the machine memory to spare?",
          kind: "lines",
          unit: "bytes",
          lines: [
            { expr: "node_memory_MemAvailable_bytes", legend: "available" },
            { expr: "node_memory_MemTotal_bytes", legend: "in all" },
          ],
        },
        {
          title: "Scraped",
          question: "Does every part answer?",
          kind: "lines",
          unit: "short",
          lines: [{ expr: "sum by (job) (up)", legend: "{{job}}" }],
        },
      ],
    },
  ],
};

const COMPARE: DashboardSpec = {
  uid: "ape-compare",
  title: "APE / Compare runs",
  rows: [
    {
      title: "Run beside run",
      panels: RECORDED.map(({ record, says }) => ({
        title: `${says.charAt(0).toUpperCase()}${says.slice(1)}`,
        question: `Which run is better: ${says}?`,
        kind: "lines",
        unit: record.endsWith(":ratio") ? "percentunit" : /:(p95|mean)$/.test(record) ? "s" : "short",
        lines: [{ expr: `${record}{${OF_RUN}}`, legend: "{{run}}" }],
      })),
    },
  ],
};

/** Every dashboard. */
export const DASHBOARDS: readonly DashboardSpec[] = [
  LIVE,
  AGENTS,
  INFERENCE,
  GATEWAY,
  TRACE,
  INFRASTRUCTURE,
  COMPARE,
];
