import { percentage } from "@ape/core/lib/percentage";
import { ATTRIBUTIONS } from "@ape/core/protocol/outcome";
import { keptStepsText } from "@ape/core/report/kept-steps-text";
import { proofBeside } from "@ape/core/report/proof-text";
import { remarkText } from "@ape/core/report/remark-text";
import type { Report } from "@ape/core/report/report";
import { shortened } from "@ape/core/report/shortened";
import type { Summary, SummaryMetric } from "@ape/core/report/summary";
import { withVisibleDirection } from "@ape/core/report/writing-direction";
import { selectorText } from "../aggregate/series-table.ts";

const OPERATIONS_SHOWN = 15;
const FAILURES_SHOWN = 5;
const REASON_CHARS = 300;

/**
 * A run as Markdown for the summary of a GitHub job: verdict, thresholds, operations, failures. Source: GitHub Flavored
 * Markdown, tables.
 */
export function githubSummary(summary: Summary, report: Pick<Report, "operations">): string {
  return [heading(summary), thresholdTable(summary), operationTable(summary, report), failureTable(summary)]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n\n");
}

function heading({ run, sessions, health, events, proof, remarks = [] }: Summary): string {
  const good = run.exitCode === 0;
  const beside = proofBeside(proof);
  const mark = !good ? "❌" : beside?.isNothing === true ? "⚠️" : "✅";
  const proven = beside === undefined ? "" : `; ${beside.text}`;
  const lines = [
    `### ${mark} APE: ${sessions.ended === 0 ? "no session ended" : `${percentage(sessions.succeeded / sessions.ended)} successful sessions (${sessions.succeeded} of ${sessions.ended})${proven}`}`,
    "",
    `${run.status}: ${text(run.reason)}${good ? "" : ` (exit ${run.exitCode})`}. ${run.agents} agents, ${(run.durationMs / 1000).toFixed(1)} s, run \`${run.id}\`.`,
  ];
  if (health.saturated)
    lines.push(
      "",
      "**The load generator was saturated: latencies of that time are APE's, not the target's.**",
    );
  for (const remark of remarks) lines.push("", text(`${remark.goal}: ${remarkText(remark)}`));
  if (events !== undefined) lines.push("", text(keptStepsText({ events })));
  return lines.join("\n");
}

function thresholdTable({ metrics }: Summary): string {
  const rows = Object.entries(metrics).flatMap(([metric, { thresholds = {}, values, type, unit }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => {
      const statistic = /^[a-z]+(?:\([\d.]+\))?/.exec(expression.replaceAll(" ", ""))?.[0] ?? "";
      const value = values[statistic as keyof SummaryMetric["values"]];
      const shown =
        value === undefined
          ? "no data"
          : type === "rate"
            ? percentage(value)
            : `${rounded(value)}${unit === "ms" ? " ms" : ""}`;
      return [ok ? "✅" : "❌", text(metric), text(expression), shown];
    }),
  );
  return rows.length === 0 ? "" : table(["", "metric", "threshold", "measured"], rows);
}

function operationTable({ metrics }: Summary, { operations }: Pick<Report, "operations">): string {
  if (operations.length === 0) return "";
  const rows = operations.slice(0, OPERATIONS_SHOWN).map(({ name, count, failed }) => {
    const {
      med,
      "p(95)": p95,
      max,
    } = metrics[selectorText("action_duration", { operation: name })]?.values ?? {};
    const all = Object.values(failed).reduce((sum, many) => sum + many, 0);
    return [text(name), String(count), String(all), ...[med, p95, max].map(ms)];
  });
  const more = operations.length - rows.length;
  return `${table(["operation", "count", "failed", "median", "p95", "max"], rows)}${more > 0 ? `\n\n${more} more operations are in the report.` : ""}`;
}

function failureTable({ attribution, failures }: Summary): string {
  const total = ATTRIBUTIONS.reduce((sum, name) => sum + (attribution[name] ?? 0), 0);
  if (total === 0) return "";
  const rows = failures
    .slice(0, FAILURES_SHOWN)
    .map(({ count, attribution: whose, reason, trace }) => [
      String(count),
      whose,
      text(shortened(reason, REASON_CHARS)),
      `\`${trace.slice(0, 16)}\``,
    ]);
  return table(["sessions", "caused by", "reason", "trace"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A text of a target or a configuration: no markup of Markdown or HTML, one line. */
function text(value: string): string {
  return withVisibleDirection(value)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>()#+!|~&@:/-]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function ms(value: number | undefined): string {
  return value === undefined ? "–" : `${rounded(value)} ms`;
}

function rounded(value: number): string {
  return String(value < 10 ? Math.round(value * 100) / 100 : Math.round(value));
}
