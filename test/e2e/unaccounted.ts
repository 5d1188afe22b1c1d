import type { Event } from "@ape/core/protocol/events";
import type { Books } from "@ape/shop/books";

interface Counted {
  session: string;
  /** Requests that certainly reached the shop: its answer is recorded. */
  least: number;
  /** Those, and all that may have reached it: sent and not answered. */
  most: number;
  ended: boolean;
}

/**
 * Differences between APE's record and the shop's beyond calls that were in flight when something died. A session of a
 * process that died may have had one unrecorded reading call in flight: only writes wait until their intent is stored.
 */
export function unaccounted(events: readonly Event[], books: Pick<Books, "traces">): string[] {
  const sessions = new Map<string, Counted & { trace: string; sent: Set<number> }>();
  for (const event of events)
    if (event.type === "session_started")
      sessions.set(event.session, {
        session: event.session,
        trace: event.trace,
        least: 0,
        most: 0,
        ended: false,
        sent: new Set(),
      });
  for (const event of events) {
    const known = "session" in event ? sessions.get(event.session) : undefined;
    if (known === undefined) continue;
    if (event.type === "action_sent") known.sent.add(event.step);
    else if (event.type === "step" && event.action !== undefined) {
      known.sent.delete(event.step);
      known.most += Math.max(1, event.action.attempts.length);
      known.least += event.action.attempts.filter(({ status }) => status > 0).length;
    } else if (event.type === "probe") {
      known.most += 1;
      if (event.status > 0) known.least += 1;
    } else if (event.type === "session_ended" || event.type === "session_interrupted") known.ended = true;
  }
  const wrong: string[] = [];
  const byTrace = new Map([...sessions.values()].map((session) => [session.trace, session]));
  for (const [trace, { requests }] of Object.entries(books.traces)) {
    const known = byTrace.get(trace);
    if (known === undefined) wrong.push(`the shop served ${trace}, which APE does not know`);
    else {
      const most = known.most + known.sent.size + (known.ended ? 0 : 1);
      if (requests > most) wrong.push(`${known.session}: the shop served ${requests}, APE knows of ${most}`);
    }
  }
  for (const { trace, session, least } of byTrace.values()) {
    const served = books.traces[trace]?.requests ?? 0;
    if (served < least) wrong.push(`${session}: the shop served ${served}, APE has ${least} answers`);
  }
  return wrong;
}
