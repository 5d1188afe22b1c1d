import { operationText } from "@ape/core/report/operation-text";
import type { Report } from "@ape/core/report/report";
import type { ReportSession } from "@ape/core/report/report-session";
import type { PageRoute } from "./route.ts";

/** Parameters of the address that select sessions. */
export const SESSION_FILTERS = ["outcome", "goal", "persona", "attribution", "worker"] as const;
export type SessionFilterName = (typeof SESSION_FILTERS)[number];

/** The values of a filter that occur among the sessions, in order. */
export function filterValues(sessions: readonly ReportSession[], name: SessionFilterName): string[] {
  const values = new Set<string>();
  for (const session of sessions) {
    const value = session[name];
    if (value !== undefined && value !== "") values.add(value);
  }
  return [...values].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The sessions that the address selects: filters, operation, a link of the paths, a failure, and words of a text. */
export function filterSessions(report: Report, route: PageRoute): ReportSession[] {
  const words = (route.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const examples =
    route.failure === undefined ? undefined : new Set(report.failures[Number(route.failure)]?.sessions);
  return report.sessions.filter((session) => {
    for (const name of SESSION_FILTERS) {
      const wanted = route[name];
      if (wanted !== undefined && (session[name] ?? "") !== wanted) return false;
    }
    if (examples !== undefined && !examples.has(session.session)) return false;
    if (route.operation !== undefined && !operationsOf(session).includes(operationText(route.operation)))
      return false;
    if (route.from !== undefined && !hasLink(session, route)) return false;
    if (words.length === 0) return true;
    const text = searchText(session);
    return words.every((word) => text.includes(word));
  });
}

/** The session that an address asks for by its id or its trace. */
export interface WantedSession {
  /** `Session s0-7` or `Trace 0af7…`. */
  name: string;
  id: string;
  /** Undefined if the sample lacks it. */
  session: string | undefined;
}

/** The session that an address asks for, undefined if it asks for none. */
export function wantedSession(
  { sessions }: Report,
  { session, trace }: PageRoute,
): WantedSession | undefined {
  if (session !== undefined)
    return {
      name: `Session ${session}`,
      id: session,
      session: sessions.find((one) => one.session === session)?.session,
    };
  if (trace === undefined) return undefined;
  return { name: `Trace ${trace}`, id: trace, session: sessions.find((one) => one.trace === trace)?.session };
}

function operationsOf({ steps }: ReportSession): string[] {
  return steps.flatMap(({ action }) => (action === undefined ? [] : [action.operation]));
}

/** Whether a session went from one node of the paths to another (or through one, if no other is given). */
function hasLink(session: ReportSession, { from = "", to, depth = "0" }: PageRoute): boolean {
  const way = [...operationsOf(session), `(${session.outcome})`];
  const at = Number(depth);
  if (from.startsWith("(")) return way.at(-1) === from;
  return way[at] === from && (to === undefined || way[at + 1] === to);
}

const texts = new WeakMap<ReportSession, string>();

function searchText(session: ReportSession): string {
  let text = texts.get(session);
  if (text === undefined) {
    text = JSON.stringify(session).toLowerCase();
    texts.set(session, text);
  }
  return text;
}
