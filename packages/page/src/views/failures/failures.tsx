import { ATTRIBUTIONS } from "@ape/core/protocol/outcome";
import { MAX_FAILURE_GROUPS } from "@ape/core/report/report-bounds";
import type { VNode } from "preact";
import { usePage } from "../../data/page-state.ts";
import { linkTo } from "../../data/route.ts";
import { numberText, percentText } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { ATTRIBUTION_COLORS } from "../../parts/colors.ts";
import { LongText } from "../../parts/long-text.tsx";
import { FailedOperations } from "./failed-operations.tsx";

/** Why sessions did not succeed: by reason, with who caused it, evidence and examples. */
export function FailuresView(): VNode {
  const { run, route, go } = usePage();
  const { report, summary } = run;
  const ended = Math.max(1, summary.sessions.ended);
  const total = ATTRIBUTIONS.reduce((sum, name) => sum + (summary.attribution[name] ?? 0), 0);
  const wanted = route.attribution;
  return (
    <>
      <section class="card wide" aria-labelledby="failures">
        <h2 id="failures">Sessions that did not succeed</h2>
        {total === 0 ? (
          <p>{summary.sessions.ended === 0 ? "No session has ended." : "Every ended session succeeded."}</p>
        ) : (
          <fieldset class="chips">
            <legend class="sr">By who caused them</legend>
            {ATTRIBUTIONS.filter((name) => (summary.attribution[name] ?? 0) > 0).map((name) => (
              <button
                key={name}
                type="button"
                class="chip"
                aria-pressed={wanted === name}
                onClick={() => go({ attribution: wanted === name ? undefined : name })}
              >
                <span class={`dot bg-${ATTRIBUTION_COLORS[name]}`} aria-hidden="true" />
                {name} <b>{numberText(summary.attribution[name])}</b>
              </button>
            ))}
          </fieldset>
        )}
        {(summary.attribution.unclear ?? 0) > 0 ? (
          <p class="note">
            Unclear: the target's fault in one reading, not in the other; counted against nobody.
          </p>
        ) : null}
        {report.failures.length >= MAX_FAILURE_GROUPS ? (
          <p class="note">
            The {MAX_FAILURE_GROUPS} most frequent reasons; of a rare one the count is a lower bound. All
            sessions are counted by attribution above.
          </p>
        ) : null}
        <ol class="failures">
          {report.failures.map(({ attribution, reason, count, evidence, sessions }, index) =>
            wanted !== undefined && wanted !== attribution ? null : (
              <li key={`${attribution} ${reason}`}>
                <div class="failure-head">
                  <b class="count">{numberText(count)}×</b>
                  <Badge color={ATTRIBUTION_COLORS[attribution]}>{attribution}</Badge>
                  <span class="note">{percentText(count / ended)} of ended sessions</span>
                </div>
                <div class="reason">
                  <LongText text={reason} label="The whole reason" />
                </div>
                {evidence === "" ? null : <pre class="evidence">{evidence}</pre>}
                <p class="note">
                  {sessions.length === 0 ? "No example was kept. " : "Examples: "}
                  {sessions.map((session) => (
                    <a
                      key={session}
                      href={linkTo(route, { view: "sessions", session, failure: String(index) })}
                    >
                      {session}
                    </a>
                  ))}
                </p>
              </li>
            ),
          )}
        </ol>
      </section>
      <FailedOperations />
    </>
  );
}
