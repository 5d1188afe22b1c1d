import type { ReportSession } from "@ape/core/report/report-session";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { SEGMENTS, type SegmentName, timelineOf } from "../../data/timeline.ts";
import { countText, msText } from "../../format.ts";
import { ReadRow } from "./read-row.tsx";
import { StepRow } from "./step-row.tsx";

const NAMES: Record<SegmentName, string> = {
  queue: "queue for the model",
  decision: "decision",
  think: "think time",
  connection: "queue for a connection",
  connect: "connect",
  wait: "wait for the answer",
  receive: "receive",
  other: "retries and overhead",
};

/** The steps of a session on one axis of time; each opens to its call and answer. */
export function Waterfall({ session }: { session: ReportSession }): VNode {
  const rows = useMemo(() => timelineOf(session), [session]);
  const length = Math.max(1, session.durationMs, ...rows.map(({ to }) => to));
  const used = SEGMENTS.filter((name) =>
    rows.some((row) => row.kind === "step" && row.segments.some((segment) => segment.name === name)),
  );
  return (
    <div class="waterfall">
      <div class="legend">
        {used.map((name) => (
          <span key={name} class="legend-item">
            <span class={`swatch seg-${name}`} />
            {NAMES[name]}
          </span>
        ))}
        <span class="note at">0 to {msText(length)}</span>
      </div>
      {session.omittedSteps > 0 ? (
        <p class="note">
          Left out from the middle of this long session: {countText(session.omittedSteps, "step")}.
        </p>
      ) : null}
      <ol>
        {rows.map((row, index) =>
          row.kind === "step" ? (
            <StepRow key={index} row={row} length={length} isDeciding={row.step.step === session.decidedBy} />
          ) : (
            <ReadRow key={index} row={row} length={length} />
          ),
        )}
      </ol>
    </div>
  );
}
