import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TimelineRow } from "../../data/timeline.ts";
import { msText } from "../../format.ts";
import { StepDetail } from "./step-detail.tsx";

interface StepRowProps {
  row: Extract<TimelineRow, { kind: "step" }>;
  /** Milliseconds of the whole axis. */
  length: number;
  /** Whether this step decided who caused the failure. */
  isDeciding: boolean;
}

/** One step: its name, its parts on the axis of time, its answer. */
export function StepRow({ row, length, isDeciding }: StepRowProps): VNode {
  const { step, segments } = row;
  const { action } = step;
  const failed = action?.failed === true;
  const [open, setOpen] = useState(failed);
  const answer =
    action === undefined
      ? ""
      : action.status === 0
        ? (action.error ?? "no answer").split(":")[0]
        : String(action.status);
  return (
    <li class={failed ? "failed" : ""}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="step-name">
            <span class="note">{step.step}</span>{" "}
            {isDeciding ? <b class="bad-text">decided the result: </b> : null}
            {action?.operation ?? step.tool}
          </span>
          <svg class="track" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
            {segments.map(({ name, from, ms }) => (
              <rect
                key={name}
                class={`seg-${name}`}
                x={(from / length) * 1_000}
                width={Math.max(1.5, (ms / length) * 1_000)}
                y="1"
                height="12"
              >
                <title>{`${name} ${msText(ms)}`}</title>
              </rect>
            ))}
          </svg>
          <span class={`answer ${failed ? "bad-text" : ""}`}>
            {failed ? "✗ " : ""}
            {answer}
          </span>
          <span class="number note">{msText(action?.durationMs ?? step.decisionMs)}</span>
        </summary>
        {open ? <StepDetail step={step} /> : null}
      </details>
    </li>
  );
}
