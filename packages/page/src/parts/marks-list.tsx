import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { offsetText } from "../format.ts";

/** What happened to the run itself, as text beside the dashed lines of the charts. */
export function MarksList(): VNode | null {
  const { marks, series } = usePage().run.report;
  const { saturated } = series.generator;
  if (marks.length === 0 && saturated.length === 0) return null;
  const lines = [
    ...marks.map(({ at, kind, text }) => ({ at, kind: kind as string, text })),
    ...saturated.map(({ from, to }) => ({
      at: from,
      kind: "saturated",
      text: `until ${offsetText(to)}: the load generator was at its limit`,
    })),
  ].sort((a, b) => a.at - b.at);
  return (
    <section class="card" aria-labelledby="marks">
      <h3 id="marks">What happened to the run</h3>
      <ol class="marks">
        {lines.map(({ at, kind, text }, index) => (
          <li key={index}>
            <time>{offsetText(at)}</time> <b class={`mark-${kind}`}>{kind}</b> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
