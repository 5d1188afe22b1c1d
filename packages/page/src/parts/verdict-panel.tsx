import { keptStepsText } from "@ape/core/report/kept-steps-text";
import { acceptedTexts, proofBeside, unprovenTexts } from "@ape/core/report/proof-text";
import { remarkText } from "@ape/core/report/remark-text";
import type { Summary } from "@ape/core/report/summary";
import { throttlingText } from "@ape/core/report/throttling-text";
import type { VNode } from "preact";
import { thresholdsIn } from "../data/metrics.ts";
import { usePage } from "../data/page-state.ts";
import { msText, numberText, percentText } from "../format.ts";

/** The result of a run in words, before any figure. */
export function VerdictPanel(): VNode {
  const { run, live } = usePage();
  const { summary } = run;
  const { ended, succeeded, dropped, started } = summary.sessions;
  const good = summary.run.exitCode === 0;
  const running = live === "live" || live === "lost";
  const model = summary.run.model.simulated
    ? "the simulated model (no real model decided)"
    : `${summary.run.model.name} at ${summary.run.model.provider}`;
  const beside = proofBeside(summary.proof);
  const proven = good && beside?.isNothing !== true;
  const title =
    ended === 0
      ? "No session has ended"
      : `${percentText(succeeded / ended)} successful sessions (${numberText(succeeded)} of ${numberText(ended)})${beside === undefined ? "" : `; ${beside.text}`}`;
  const mark = running ? (live === "lost" ? "no answer" : "running") : markOf(summary);
  return (
    <section
      class={`card verdict ${running ? "running" : proven ? "good" : good ? "open" : "bad"}`}
      aria-label="Verdict"
    >
      <span class="mark">{mark}</span>
      <div>
        <h2>{title}</h2>
        <p>
          {running
            ? "The run is not over: thresholds are judged by what was measured so far."
            : `${summary.run.status}: ${summary.run.reason}${good ? "" : ` (exit code ${summary.run.exitCode})`}`}
        </p>
        {summary.health.saturated ? (
          <p class="warning">
            The load generator was saturated: latencies of that time are APE's, not the target's. The time is
            shaded in the charts.
          </p>
        ) : null}
        {summary.health.throttledMs === undefined ? null : (
          <p class="warning">{throttlingText(summary.health.throttledMs)}</p>
        )}
        {dropped > 0 ? (
          <p class="warning">
            {numberText(dropped)} of {numberText(dropped + started)} arrivals were dropped: no agent was free.
          </p>
        ) : null}
        <p class="note">
          {numberText(summary.run.agents)} agents, {msText(summary.run.durationMs)}, decided by {model}, seed{" "}
          {summary.run.seed}; think time {summary.realism.thinkTime}
        </p>
        {unprovenTexts(summary.proof).map(([goal, text]) => (
          <p class="warning" key={goal}>
            {goal}: {text}
          </p>
        ))}
        {(summary.remarks ?? []).map((remark) => (
          <p class="warning" key={remark.trace}>
            {remark.goal}: {remarkText(remark)}
          </p>
        ))}
        {acceptedTexts(summary.proof).map(([goal, text]) => (
          <p class="note" key={goal}>
            {goal}: {text}
          </p>
        ))}
        {summary.events === undefined ? null : <p class="note">{keptStepsText(summary)}</p>}
        {(summary.notices ?? []).map((notice) => (
          <p class="note" key={notice}>
            Notice: {notice}
          </p>
        ))}
      </div>
    </section>
  );
}

/** The verdict in a word or two. A crossed threshold is a failure, however the run ended. */
function markOf(summary: Summary): string {
  const { exitCode, status } = summary.run;
  if (exitCode === 0) return proofBeside(summary.proof)?.isNothing === true ? "nothing proven" : "passed";
  if (thresholdsIn(summary).some(({ ok }) => !ok)) return "failed";
  if (status === "interrupted") return "cut short";
  return status === "inconclusive" || status === "crashed" ? "no verdict" : "failed";
}
