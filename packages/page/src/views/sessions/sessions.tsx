import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { usePage } from "../../data/page-state.ts";
import { filterSessions, wantedSession } from "../../data/session-filter.ts";
import { numberText } from "../../format.ts";
import { SessionDetail } from "./session-detail.tsx";
import { SessionFilters } from "./session-filters.tsx";
import { SessionRow } from "./session-row.tsx";

/** The sample of sessions: a list with filters, and one of them step by step. */
export function SessionsView(): VNode {
  const { run, route, go } = usePage();
  const { report } = run;
  const sessions = useMemo(() => filterSessions(report, route), [report, route]);
  const wanted = wantedSession(report, route);
  const current =
    wanted === undefined ? sessions[0] : sessions.find(({ session }) => session === wanted.session);
  const list = useRef<HTMLUListElement>(null);
  const move = (by: number): void => {
    const from = current === undefined ? -1 : sessions.indexOf(current);
    const next = sessions[Math.min(sessions.length - 1, Math.max(0, from + by))];
    if (next !== undefined) go({ session: next.session, trace: undefined });
  };
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName)
      )
        return;
      if (event.key === "j" || event.key === "n") move(1);
      else if (event.key === "k" || event.key === "p") move(-1);
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  });
  useEffect(() => {
    list.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, [current?.session]);
  return (
    <>
      <SessionFilters sessions={report.sessions} />
      <p class="note" aria-live="polite">
        {numberText(sessions.length)} of {numberText(report.sessions.length)} kept sessions, a sample of{" "}
        {numberText(report.sampledFrom)}: every kind of failure, and others by chance. Keys: <kbd>j</kbd>{" "}
        next, <kbd>k</kbd> previous.
      </p>
      <div class="sessions">
        <nav class="card list" aria-label="Sessions">
          <ul ref={list}>
            {sessions.map((session) => (
              <SessionRow key={session.session} session={session} current={session === current} />
            ))}
          </ul>
        </nav>
        {current === undefined ? (
          <section class="card wide">
            <p>
              {wanted === undefined
                ? "No session matches."
                : `${wanted.name} is ${wanted.session === undefined ? "not in the sample" : "filtered out"}: see all of it with `}
              {wanted === undefined ? null : <code>ape-test trace {wanted.id}</code>}
            </p>
          </section>
        ) : (
          <SessionDetail
            key={current.session}
            session={current}
            onMove={move}
            place={`${sessions.indexOf(current) + 1} of ${sessions.length}`}
          />
        )}
      </div>
    </>
  );
}
