/** Result of one run. */
export interface KpiRow {
  where: "embedded" | "compose";
  agents: number;
  /** Median think time. */
  think: string;
  /** Whether the shop's faults were on. */
  faults: boolean;
  betweenMs: number;
  decisionMs: number;
  actionsPerSecond: number;
  successPct: number;
  sessions: number;
  rssMib: number;
  /** CPU seconds per second. */
  cpuCores: number;
  loopDelayMs: number;
  saturated: boolean;
  /** Stolen CPU, percent; null if the system does not report it. */
  stealPct: number | null;
  /** Seconds from the command until every agent was in a session; null if that never was. */
  activeAfterS: number | null;
}

/** A row's columns: their heads, what they mean, and how they are written. */
const COLUMNS: readonly { head: string; means: string; of: (row: KpiRow) => string | number }[] = [
  {
    head: "where",
    means: "`embedded`: every part in processes of this machine; `compose`: every part in containers of it",
    of: ({ where }) => where,
  },
  { head: "agents", means: "agents at once, from the first second on", of: ({ agents }) => agents },
  {
    head: "think",
    means: "median of the think time; its 95th percentile is five or four times that",
    of: ({ think }) => think,
  },
  { head: "faults", means: "whether the shop's faults are on", of: ({ faults }) => (faults ? "on" : "off") },
  {
    head: "between ms",
    means: "mean time between two actions of a session: decision, think time and queue",
    of: ({ betweenMs }) => betweenMs,
  },
  {
    head: "decision ms",
    means: "mean of the decisions, the model's answer with them",
    of: ({ decisionMs }) => decisionMs,
  },
  {
    head: "actions/s",
    means: "actions per second over the whole run",
    of: ({ actionsPerSecond }) => actionsPerSecond,
  },
  { head: "sessions", means: "sessions that ended", of: ({ sessions }) => sessions },
  {
    head: "success %",
    means: "the share of them that reached their goal, proved at the shop",
    of: ({ successPct }) => successPct,
  },
  {
    head: "MiB",
    means:
      "`embedded`: the sum of every process's highest resident memory; `compose`: memory of the containers of agents, by Docker, when 70% of the run had passed",
    of: ({ rssMib }) => rssMib,
  },
  {
    head: "CPU",
    means:
      "CPU seconds a second of the processes that the summary's `health` counts: agents and engine, and in `embedded` gateway and inference proxy, which are in them",
    of: ({ cpuCores }) => cpuCores,
  },
  {
    head: "loop ms",
    means: "highest 99th percentile of an event loop's delay in any second of any process",
    of: ({ loopDelayMs }) => loopDelayMs,
  },
  {
    head: "saturated",
    means: "whether the run said that its latencies are partly APE's own",
    of: ({ saturated, stealPct }) =>
      `${saturated ? "yes" : "no"}${(stealPct ?? 0) > 10 ? " (stolen CPU)" : ""}`,
  },
  {
    head: "all active s",
    means:
      "seconds from the command until every agent was in a session; never where a fast run had always one between two sessions",
    of: ({ activeAfterS }) => activeAfterS ?? "never",
  },
];

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** The rows as a Markdown table. */
export function kpiTable(rows: readonly KpiRow[]): string[] {
  return [
    line(COLUMNS.map(({ head }) => head)),
    line(COLUMNS.map(() => "---")),
    ...rows.map((row) => line(COLUMNS.map(({ of }) => of(row)))),
  ];
}

/** One row of it. */
export function kpiLine(row: KpiRow): string {
  return kpiTable([row])[2] ?? "";
}

/** The documentation's page: the table, and what its columns mean. */
export function kpiPage(
  rows: readonly KpiRow[],
  setting: { machine: string; faults: string; duration: string },
): string {
  return `# How far one machine goes

What \`npm run bench -- kpi --write docs/explanation/limits.md\` has measured; it wrote this page. Agents of the simulated model buy in the shop of the
demo, on one machine that runs everything: agents, gateway, inference proxy and the shop itself. One run of ${setting.duration} each, so small
differences mean nothing. The machine: ${setting.machine}.

${kpiTable(rows).join("\n")}

| column | what it is |
| --- | --- |
${COLUMNS.map(({ head, means }) => line([head, means])).join("\n")}

The faults: ${setting.faults}.

With a real model the decision takes what the model takes, and a provider's limits come first. A run that is saturated says so in the first line
of its summary: then take fewer agents, or more machines' worth of CPU, before you believe a latency.
`;
}
