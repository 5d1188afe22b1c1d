import type { ReportRead, ReportSession, ReportStep } from "@ape/core/report/report-session";

/** Parts of a step, in the order they happen. */
export const SEGMENTS = [
  "queue",
  "decision",
  "think",
  "connection",
  "connect",
  "wait",
  "receive",
  "other",
] as const;
export type SegmentName = (typeof SEGMENTS)[number];

/** A stretch of time, in milliseconds from the session's start. */
export interface Segment {
  name: SegmentName;
  from: number;
  ms: number;
}

/** One row of a session's waterfall. */
export type TimelineRow =
  | { kind: "step"; step: ReportStep; segments: Segment[]; from: number; to: number }
  | { kind: "read"; read: ReportRead; from: number; to: number };

/** The rows of a session in order of time. A step's parts end where it ends. */
export function timelineOf({ steps, reads }: ReportSession): TimelineRow[] {
  const rows = steps.map(stepRow);
  const asked = reads.map(
    (read): TimelineRow => ({
      kind: "read",
      read,
      from: Math.max(0, read.at - read.durationMs),
      to: read.at,
    }),
  );
  return [...rows, ...asked].sort((a, b) => a.to - b.to);
}

function stepRow(step: ReportStep): TimelineRow {
  const { action } = step;
  const wire =
    action === undefined ? 0 : action.queueMs + action.connectMs + action.waitMs + action.receiveMs;
  const parts: [SegmentName, number][] = [
    ["queue", step.queueMs],
    ["decision", step.decisionMs],
    ["think", step.thinkMs],
    ...(action === undefined
      ? []
      : ([
          ["connection", action.queueMs],
          ["connect", action.connectMs],
          ["wait", action.waitMs],
          ["receive", action.receiveMs],
          // Earlier attempts, back-off, and the gateway itself.
          ["other", Math.max(0, action.durationMs - wire)],
        ] as [SegmentName, number][])),
  ];
  const total = parts.reduce((sum, [, ms]) => sum + ms, 0);
  let from = Math.max(0, step.at - total);
  const row = { kind: "step" as const, step, segments: [] as Segment[], from, to: step.at };
  for (const [name, ms] of parts) {
    if (ms > 0) row.segments.push({ name, from, ms });
    from += ms;
  }
  return row;
}
