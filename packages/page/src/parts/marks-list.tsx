import type { VNode } from "preact";
import { usePage } from "../data/page-context.ts";
import { offsetText } from "../format.ts";

/** What happened to the run itself, as text beside the dashed lines of the charts. */
export function MarksList(): VNode | null {
  const { marks, series } = usePage().run.report;
  const { saturated } = series.generator;
  if (marks.length === 0 && saturated.length === 0) return null;
  return (
    <section class="card" aria-labelledby="marks">
      <h3 id="marks">What happened to the run</h3>
      <ol class="marks">
        {marks.map(({ at, kind, text }, index) => (
          <li key={index}>
            <time>{offsetText(at)}</time> <b class={`mark-${kind}`}>{kind}</b> <span>{text}</span>
          </li>
        ))}
        {saturated.map(({ from, to }) => (
          <li key={`s${from}`}>
            <time>{offsetText(from)}</time> <b class="mark-fault">saturated</b>{" "}
            <span>until {offsetText(to)}: the load generator was at its limit</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
