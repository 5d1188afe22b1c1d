import { formatDuration } from "@ape/core/lib/duration";
import { percentage } from "@ape/core/lib/percentage";
import { METRICS, type MetricDefinition, type MetricName } from "@ape/core/metrics/metrics";
import type { RunProgress } from "@ape/core/report/progress";
import { count, figure } from "./figure.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

const BAR = 24;
const THRESHOLDS_SHOWN = 3;
const DEFAULT_ROWS = 24;
/** Width of the names before the figures. */
const NAME = 10;

type PaintedLine = [line: string, paint?: (text: string) => string];

/** A run's progress as one plain line. */
export function progressLine(progress: RunProgress): string {
  const { sessions, elapsedMs, phase } = progress;
  return [
    `${phase} ${whole(elapsedMs)}`,
    `${progress.agentsActive}/${progress.agentsWanted} agents`,
    `${count(sessions.ended)} sessions ended${succeeded(sessions)}`,
    `${count(rateOf(progress))} actions/s`,
    `p95 ${figure(progress.actionP95Ms, "ms")}`,
    `${count(progress.actionsFailed)} failed`,
    ...(progress.saturated ? ["SATURATED: latencies are APE's, not the target's"] : []),
  ].join(", ");
}

/** Actions per second: in the last second, and of the whole run when it has ended, as its summary has it. */
function rateOf({ phase, actions, actionsPerSecond, elapsedMs }: RunProgress): number {
  return phase === "ended" && elapsedMs > 0
    ? Math.round((actions / elapsedMs) * 10_000) / 10
    : actionsPerSecond;
}

/** A line of the block: its text, and its width in characters. */
export interface BlockLine {
  text: string;
  width: number;
}

/** Lines of a terminal that a block leaves to the prompt and to what was written before. */
const ROWS_LEFT = 4;

/**
 * A run's progress as a block for a terminal, every line narrower than `columns`. What a small terminal has no room for
 * is left out: thresholds by name first, then the slowest operations, the failing ones, and the commonest failure.
 */
export function progressBlock(
  progress: RunProgress,
  style: Style,
  columns: number,
  rows = DEFAULT_ROWS,
): BlockLine[] {
  const { sessions, done, phase } = progress;
  const plain: PaintedLine[] = [
    [`${bar(done, style, columns)} ${Math.floor(done * 100)}% ${phase}, ${timing(progress)}`, style.bold],
    [`agents    ${progress.agentsActive} of ${progress.agentsWanted}${waiting(progress)}`],
    [
      `sessions  ${count(sessions.ended)} ended${succeeded(sessions)}${sessions.dropped > 0 ? `, ${count(sessions.dropped)} dropped` : ""}`,
    ],
    [
      `actions   ${count(progress.actions)}, ${count(rateOf(progress))}/s, ${count(progress.actionsFailed)} failed, med ${figure(progress.actionMedianMs, "ms")}, p95 ${figure(progress.actionP95Ms, "ms")}`,
    ],
    [
      `between   avg ${figure(progress.betweenAvgMs, "ms")}, of it decision ${figure(progress.decisionAvgMs, "ms")}`,
    ],
    [
      `model     first token p95 ${figure(progress.firstTokenP95Ms, "ms")}, ${count(progress.tokensInput)} tokens in, ${count(progress.tokensOutput)} out${progress.costUsd > 0 ? `, ${figure(progress.costUsd, "usd")}` : ""}${progress.decisionsInvalid > 0 ? `, ${count(progress.decisionsInvalid)} invalid` : ""}`,
    ],
  ];
  if (progress.saturated)
    plain.push([
      "saturated: the generator is at its limit, latencies are APE's, not the target's",
      style.warn,
    ]);
  const compact = compactThresholds(progress, style);
  let room = rows - ROWS_LEFT - plain.length - compact.length;
  for (const group of worstLines(progress, style))
    if (group.length <= room) {
      plain.push(...group);
      room -= group.length;
    }
  const isRoomForNames = progress.thresholds.length <= room + compact.length;
  plain.push(...(isRoomForNames ? namedThresholds(progress, style) : compact));
  return plain.map(([line, paint = (text: string) => text]) => {
    // One column stays free: some terminals wrap a line that fills them.
    const room = Math.max(1, columns - 1);
    const text = line.length > room ? `${line.slice(0, room - 1)}${style.cut}` : line;
    return { text: paint(text), width: text.length };
  });
}

/** Groups of lines in the order of their importance. */
function worstLines(
  { commonestFailure, failing = [], slowest = [] }: RunProgress,
  style: Style,
): PaintedLine[][] {
  const groups: PaintedLine[][] = [];
  if (commonestFailure !== undefined) {
    const { attribution, reason, count: times } = commonestFailure;
    groups.push([[`reason    ${count(times)}x ${attribution}: ${printable(reason)}`, style.warn]]);
  }
  if (failing.length > 0)
    groups.push(
      failing.map(({ operation, failed, count: all }, index) => [
        `${(index === 0 ? "failing" : "").padEnd(NAME)}${printable(operation)}: ${count(failed)} of ${count(all)} (${percentage(failed / all)})`,
        style.warn,
      ]),
    );
  if (slowest.length > 0)
    groups.push(
      slowest.map(({ operation, p95Ms, count: all }, index) => [
        `${(index === 0 ? "slowest" : "").padEnd(NAME)}${printable(operation)}: p95 ${figure(p95Ms, "ms")} of ${count(all)}`,
      ]),
    );
  return groups;
}

/** How many thresholds hold, or which ones are crossed, in one line. */
function compactThresholds(progress: RunProgress, style: Style): PaintedLine[] {
  // A threshold without data is not crossed yet; at the end of the run it will be.
  const judged = progress.thresholds.filter(({ actual }) => actual !== undefined);
  const crossed = judged.filter(({ ok }) => !ok);
  if (judged.length > 0 && crossed.length === 0)
    return [[`thresholds ${judged.length} of ${progress.thresholds.length} have data and hold`, style.good]];
  if (crossed.length > 0) {
    const shown = crossed
      .slice(0, THRESHOLDS_SHOWN)
      .map(({ metric, expression }) => `${metric} ${expression}`);
    const more = crossed.length > THRESHOLDS_SHOWN ? [`${crossed.length - THRESHOLDS_SHOWN} more`] : [];
    return [[`crossed   ${[...shown, ...more].join("; ")}`, style.warn]];
  }
  return [];
}

/** Every threshold with its value; one without data is not crossed yet. */
function namedThresholds({ thresholds }: RunProgress, style: Style): PaintedLine[] {
  return thresholds.map(({ metric, expression, ok, actual }) => {
    if (actual === undefined) return [`${"no data".padEnd(NAME)}${metric} ${expression}`];
    const value = thresholdValue(metric, expression, actual);
    return [
      `${(ok ? "holds" : "crossed").padEnd(NAME)}${metric} ${expression}, now ${value}`,
      ok ? style.good : style.warn,
    ];
  });
}

/** The value of a threshold in its metric's unit. */
function thresholdValue(metric: string, expression: string, actual: number): string {
  const { type, unit } = METRICS[metric.replace(/\{.*$/s, "") as MetricName] as MetricDefinition;
  if (type === "rate") return percentage(actual);
  return figure(actual, /^\s*(?:count|rate)/.test(expression) ? "1" : unit);
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
  return ended === 0 ? "" : `, ${percentage(good / ended)} succeeded`;
}

/** Whole seconds, as on a clock: hundredths that change every second are unreadable. */
function whole(ms: number): string {
  return ms < 59_500 ? `${Math.round(ms / 1000)}s` : formatDuration(ms);
}
