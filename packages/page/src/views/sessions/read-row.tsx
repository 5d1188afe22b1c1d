import type { VNode } from "preact";
import type { TimelineRow } from "../../data/timeline.ts";
import { msText } from "../../format.ts";

interface ReadRowProps {
  row: Extract<TimelineRow, { kind: "read" }>;
  length: number;
}

/** A request of the oracle: a probe of a check, or a read that verifies who caused a failure. */
export function ReadRow({ row, length }: ReadRowProps): VNode {
  const { read, from } = row;
  const result =
    read.kind === "probe"
      ? read.held === true
        ? "✓ holds"
        : "does not hold yet"
      : `shows: ${read.attribution}`;
  return (
    <li class="read">
      <details>
        <summary>
          <span class="step-name">
            <span class="note">{read.kind}</span> {read.operation}
          </span>
          <svg class="track" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
            <rect
              class="seg-read"
              x={(from / length) * 1_000}
              width={Math.max(1.5, (read.durationMs / length) * 1_000)}
              y="3"
              height="8"
            />
          </svg>
          <span class="answer">{read.status}</span>
          <span class="number note">{msText(read.durationMs)}</span>
        </summary>
        <div class="step-detail">
          <p>
            <b>{result}</b>
          </p>
          <pre>{read.evidence}</pre>
        </div>
      </details>
    </li>
  );
}
