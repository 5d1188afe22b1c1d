import { ATTRIBUTIONS } from "@ape/core/protocol/outcome";
import type { ReportOperation } from "@ape/core/report/report";
import type { VNode } from "preact";
import { type Bar, Bars } from "../../charts/bars.tsx";
import { usePage } from "../../data/page-state.ts";
import { linkTo } from "../../data/route.ts";
import { msText } from "../../format.ts";
import { ATTRIBUTION_COLORS } from "../../parts/colors.ts";
import { NAME_CHARS } from "../../parts/name-chars.ts";

/** Distribution of latency, status mix and failures of one operation. */
export function OperationDetail({ operation }: { operation: ReportOperation }): VNode {
  const { route, run } = usePage();
  const statuses = Object.entries(operation.statuses)
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]): Bar => ({ label, count, color: statusColor(label) }));
  const failed = ATTRIBUTIONS.flatMap((name): Bar[] => {
    const count = operation.failed[name] ?? 0;
    return count === 0 ? [] : [{ label: name, count, color: ATTRIBUTION_COLORS[name] }];
  });
  return (
    <div class="columns three">
      <div>
        <h3>Latency</h3>
        <Bars bars={latencyBars(operation, run.report.latencyBounds)} total={operation.count} />
      </div>
      <div>
        <h3>Answers by status</h3>
        <Bars bars={statuses} total={operation.count} />
      </div>
      <div>
        <h3>Failed by attribution</h3>
        {failed.length === 0 ? (
          <p class="note">None failed.</p>
        ) : (
          <Bars bars={failed} total={operation.count} />
        )}
        <p>
          <a href={linkTo(route, { view: "sessions", operation: operation.name })}>
            Sessions of the sample with this operation
          </a>
        </p>
        <p class="note">Target: {operation.target}</p>
        {operation.name.length > NAME_CHARS ? <pre class="evidence">{operation.name}</pre> : null}
      </div>
    </div>
  );
}

/** Between the smallest and the largest that occur. */
function latencyBars({ latency }: ReportOperation, bounds: readonly number[]): Bar[] {
  const first = latency.findIndex((count) => count > 0);
  if (first === -1) return [];
  const last = latency.findLastIndex((count) => count > 0);
  return latency.slice(first, last + 1).map((count, index) => {
    const bound = bounds[first + index];
    return { label: bound === undefined ? `> ${msText(bounds.at(-1))}` : `≤ ${msText(bound)}`, count };
  });
}

function statusColor(status: string): string {
  if (/^[23]/.test(status)) return "green";
  return status.startsWith("4") ? "orange" : "red";
}
