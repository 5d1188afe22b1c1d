import { formatDuration } from "@ape/core/lib/duration";
import type { RunProgress } from "@ape/engine/run/progress";
import { count, figure, percent } from "./figure.ts";
import type { Style } from "./style.ts";

const BAR = 24;
const THRESHOLDS_SHOWN = 3;

/** A run's progress as one plain line. */
export function progressLine(progress: RunProgress): string {
  const { sessions, elapsedMs, phase } = progress;
  return [
    `${phase} ${whole(elapsedMs)}`,
    `${progress.agentsActive}/${progress.agentsWanted} agents`,
    `${count(sessions.ended)} sessions ended${succeeded(sessions)}`,
    `${count(progress.actionsPerSecond)} actions/s`,
    `p95 ${figure(progress.actionP95Ms, "ms")}`,
    `${count(progress.actionsFailed)} failed`,
    ...(progress.saturated ? ["SATURATED: latencies are APE's, not the target's"] : []),
  ].join(", ");
}

/** A line of the block: its text, and its width in characters. */
export interface BlockLine {
  text: string;
  width: number;
}

/** A run's progress as a small block for a terminal, every line narrower than `columns`. */
export function progressBlock(progress: RunProgress, style: Style, columns: number): BlockLine[] {
  const { sessions, done, phase } = progress;
  const plain: [line: string, paint?: (text: string) => string][] = [
    [`${bar(done, style, columns)} ${Math.floor(done * 100)}% ${phase}, ${timing(progress)}`, style.bold],
    [`agents    ${progress.agentsActive} of ${progress.agentsWanted}${waiting(progress)}`],
    [
      `sessions  ${count(sessions.ended)} ended${succeeded(sessions)}${sessions.dropped > 0 ? `, ${count(sessions.dropped)} dropped` : ""}`,
    ],
    [
      `actions   ${count(progress.actions)}, ${count(progress.actionsPerSecond)}/s, ${count(progress.actionsFailed)} failed, med ${figure(progress.actionMedianMs, "ms")}, p95 ${figure(progress.actionP95Ms, "ms")}`,
    ],
    [
      `between   avg ${figure(progress.betweenAvgMs, "ms")}, of it decision ${figure(progress.decisionAvgMs, "ms")}`,
    ],
    [
      `model     first token p95 ${figure(progress.firstTokenP95Ms, "ms")}, ${count(progress.tokensInput)} tokens in, ${count(progress.tokensOutput)} out${progress.costUsd > 0 ? `, ${figure(progress.costUsd, "usd")}` : ""}${progress.decisionsInvalid > 0 ? `, ${count(progress.decisionsInvalid)} invalid` : ""}`,
    ],
  ];
  // A threshold without data is not crossed yet; at the end of the run it will be.
  const judged = progress.thresholds.filter(({ actual }) => actual !== undefined);
  const crossed = judged.filter(({ ok }) => !ok);
  if (judged.length > 0 && crossed.length === 0)
    plain.push([
      `thresholds ${judged.length} of ${progress.thresholds.length} have data and hold`,
      style.good,
    ]);
  if (crossed.length > 0) {
    const shown = crossed
      .slice(0, THRESHOLDS_SHOWN)
      .map(({ metric, expression }) => `${metric} ${expression}`);
    const more = crossed.length > THRESHOLDS_SHOWN ? [`${crossed.length - THRESHOLDS_SHOWN} more`] : [];
    plain.push([`crossed   ${[...shown, ...more].join("; ")}`, style.warn]);
  }
  if (progress.saturated)
    plain.push([
      "saturated: the generator is at its limit, latencies are APE's, not the target's",
      style.warn,
    ]);
  return plain.map(([line, paint = (text: string) => text]) => {
    // One column stays free: some terminals wrap a line that fills them.
    const room = Math.max(1, columns - 1);
    const text = line.length > room ? `${line.slice(0, room - 1)}${style.cut}` : line;
    return { text: paint(text), width: text.length };
  });
}

function bar(done: number, style: Style, columns: number): string {
  const length = Math.max(4, Math.min(BAR, columns - 40));
  const filled = Math.round(Math.min(1, Math.max(0, done)) * length);
  return style.full.repeat(filled) + style.empty.repeat(length - filled);
}

function timing({ phase, elapsedMs, leftMs }: RunProgress): string {
  if (phase === "draining") return `${whole(elapsedMs)}, running sessions may end`;
  return phase === "running" && leftMs !== undefined
    ? `${whole(elapsedMs)}, ${whole(leftMs)} left`
    : whole(elapsedMs);
}

function waiting({ agentsWaiting }: RunProgress): string {
  return agentsWaiting > 0 ? `, ${agentsWaiting} waiting for a row` : "";
}

function succeeded({ ended, succeeded: good }: RunProgress["sessions"]): string {
  return ended === 0 ? "" : `, ${percent(good / ended)} succeeded`;
}

/** Whole seconds, as on a clock: hundredths that change every second are unreadable. */
function whole(ms: number): string {
  return ms < 59_500 ? `${Math.round(ms / 1000)}s` : formatDuration(ms);
}
