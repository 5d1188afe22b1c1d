import { shortened } from "@ape/core/report/shortened";
import type { Summary } from "@ape/core/report/summary";
import { withVisibleDirection } from "@ape/core/report/writing-direction";

const REASON_CHARS = 300;

/**
 * A run's problems as workflow commands, which GitHub shows as annotations: errors for what decides the exit code,
 * warnings for the rest.
 */
export function githubAnnotations(summary: Summary): string[] {
  const lines: string[] = [];
  const { run, metrics, failures, health } = summary;
  if (run.status !== "finished") lines.push(annotation("error", `APE: run ${run.status}`, run.reason));
  for (const [metric, { thresholds, values }] of Object.entries(metrics))
    for (const [expression, { ok }] of Object.entries(thresholds ?? {})) {
      if (ok) continue;
      const figures = Object.entries(values).map(([statistic, value]) => `${statistic}=${value}`);
      const shown = figures.length === 0 ? "there is no data" : figures.join(" ");
      lines.push(annotation("error", `APE: ${metric} ${expression} was crossed`, shown));
    }
  for (const { attribution, count, reason, trace } of failures)
    lines.push(
      annotation(
        "warning",
        `APE: ${count} sessions failed (${attribution})`,
        `${shortened(reason, REASON_CHARS)} (trace ${trace})`,
      ),
    );
  if (health.saturated)
    lines.push(
      annotation(
        "warning",
        "APE: the load generator was saturated",
        "Latencies of that time are APE's, not the target's.",
      ),
    );
  return lines;
}

/** Source: actions/toolkit, `core/src/command.ts`: characters that a command's message and properties must escape. */
function annotation(level: "error" | "warning", title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return withVisibleDirection(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
