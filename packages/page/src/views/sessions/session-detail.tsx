import type { ReportSession } from "@ape/core/report/report-session";
import type { VNode } from "preact";
import { keyText, msText, numberText, offsetText } from "../../format.ts";
import { Badge } from "../../parts/badge.tsx";
import { ATTRIBUTION_COLORS, OUTCOME_COLORS } from "../../parts/colors.ts";
import { Waterfall } from "./waterfall.tsx";

interface SessionDetailProps {
  session: ReportSession;
  onMove: (by: number) => void;
  /** Such as `3 of 20`. */
  place: string;
}

/** One session: its result, its checks with evidence, and every step. */
export function SessionDetail({ session, onMove, place }: SessionDetailProps): VNode {
  const { outcome, reason, attribution, decidedBy, checks } = session;
  const facts: [string, string | undefined][] = [
    ["goal", session.goal],
    ["persona", session.persona],
    ["agent", session.agent],
    ["worker", session.worker],
    ["data row", session.row === undefined ? undefined : numberText(session.row)],
    ["started at", offsetText(session.at)],
    ["took", msText(session.durationMs)],
    ["trace", session.trace],
  ];
  return (
    <article class="card wide session" aria-labelledby="session">
      <div class="bar-line">
        <h2 id="session">Session {session.session}</h2>
        <Badge color={OUTCOME_COLORS[outcome]}>{keyText(outcome)}</Badge>
        {attribution === undefined ? null : (
          <Badge color={ATTRIBUTION_COLORS[attribution]}>
            {attribution === "unclear" ? "cause unclear" : `caused by ${attribution}`}
          </Badge>
        )}
        <span class="pager">
          <button type="button" onClick={() => onMove(-1)} aria-label="Previous session">
            ‹
          </button>
          <span class="note">{place}</span>
          <button type="button" onClick={() => onMove(1)} aria-label="Next session">
            ›
          </button>
        </span>
      </div>
      <p class="reason">
        {reason}
        {decidedBy === undefined ? "" : ` (decided by step ${decidedBy})`}
      </p>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === undefined || value === "" ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {checks.length === 0 ? null : (
        <>
          <h3>Checks</h3>
          <ul class="checks">
            {checks.map(({ label, held, evidence }, index) => (
              <li key={index}>
                <b class={held ? "good-text" : "bad-text"}>{held ? "✓ holds" : "✗ does not hold"}</b> {label}
                <span class="note"> {evidence}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Steps</h3>
      <Waterfall session={session} />
    </article>
  );
}
