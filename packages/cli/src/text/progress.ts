import { formatDuration } from "@ape/core/duration";
import type { Progress } from "@ape/engine/progress";
import { count, figure, percent } from "./figure.ts";
import type { Style } from "./style.ts";

const BAR = 24;

/** A run's progress as one plain line. */
export function progressLine(progress: Progress): string {
  const { sessions, elapsedMs, phase } = progress;
  const share = sessions.ended === 0 ? "-" : percent(sessions.succeeded / sessions.ended);
  return [
    `${phase} ${formatDuration(elapsedMs)}`,
    `${progress.agentsActive}/${progress.agentsWanted} agents`,
    `${count(sessions.ended)} sessions ended, ${share} succeeded`,
    `${count(progress.actionsPerSecond)} actions/s`,
    `p95 ${figure(progress.actionP95Ms, "ms")}`,
    `${count(progress.actionsFailed)} failed`,
  ].join(", ");
}

/** A run's progress as a small block for a terminal, no line wider than `columns`. */
export function progressBlock(progress: Progress, style: Style, columns: number): string[] {
  const { sessions, done } = progress;
  const filled = Math.round(done * BAR);
  const left = progress.leftMs === undefined ? "" : `, ${formatDuration(progress.leftMs)} left`;
  const share = sessions.ended === 0 ? "-" : percent(sessions.succeeded / sessions.ended);
  const waiting = progress.agentsWaiting > 0 ? `, ${progress.agentsWaiting} waiting for a row` : "";
  const dropped = sessions.dropped > 0 ? `, ${count(sessions.dropped)} dropped` : "";
  const crossed = progress.thresholds.filter(({ ok }) => !ok);
  const lines = [
    `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${Math.floor(done * 100)}% ${progress.phase}, ${formatDuration(progress.elapsedMs)}${left}`,
    `agents    ${progress.agentsActive} of ${progress.agentsWanted}${waiting}`,
    `sessions  ${count(sessions.ended)} ended, ${share} succeeded${dropped}`,
    `actions   ${count(progress.actions)}, ${count(progress.actionsPerSecond)}/s, ${count(progress.actionsFailed)} failed, med ${figure(progress.actionMedianMs, "ms")}, p95 ${figure(progress.actionP95Ms, "ms")}`,
    `between   avg ${figure(progress.betweenAvgMs, "ms")}, of it decision ${figure(progress.decisionAvgMs, "ms")}`,
    `model     first token p95 ${figure(progress.firstTokenP95Ms, "ms")}, ${count(progress.tokensInput)} tokens in, ${count(progress.tokensOutput)} out, ${figure(progress.costUsd, "usd")}, ${count(progress.decisionsInvalid)} invalid`,
  ];
  if (crossed.length > 0)
    lines.push(`crossed   ${crossed.map(({ metric, expression }) => `${metric} ${expression}`).join("; ")}`);
  if (progress.saturated)
    lines.push("saturated the load generator is at its limit: latencies are APE's, not the target's");
  return lines.map((line, index) => {
    const cut = line.length > columns ? `${line.slice(0, Math.max(0, columns - 1))}…` : line;
    if (index === 0) return style.bold(cut);
    return cut.startsWith("crossed") || cut.startsWith("saturated") ? style.warn(cut) : cut;
  });
}
