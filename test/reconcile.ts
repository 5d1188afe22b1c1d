import type { Event } from "@ape/core/protocol/events";
import type { Books } from "@ape/shop/books";

/** APE's verdicts compared with the shop's own record, joined by trace id. */
export interface Reconciliation {
  /** Sessions that succeeded by APE's verdicts, and those that reached the goal by the shop's record. */
  succeeded: number;
  reached: number;
  /** Trace ids that only one of the two counts. Empty if the verdicts agree. */
  onlyApe: string[];
  onlyShop: string[];
  /** Every order of a session that did not succeed, and why it does not count. */
  otherOrders: { order: string; session: string; trace: string; why: string }[];
}

/** Joins a run's events with the shop's own record. */
export function reconcile(events: Iterable<Event>, books: Books): Reconciliation {
  const sessions = new Map<string, { session: string; trace: string; outcome: string; reason: string }>();
  for (const event of events) {
    if (event.type === "session_started")
      sessions.set(event.session, {
        session: event.session,
        trace: event.trace,
        outcome: "not ended",
        reason: "the process died",
      });
    const known = "session" in event ? sessions.get(event.session) : undefined;
    if (event.type === "session_ended" && known !== undefined) {
      known.outcome = event.outcome;
      known.reason = event.reason;
    }
    if (event.type === "session_interrupted" && known !== undefined) {
      known.outcome = "interrupted";
      known.reason = "cut off by the end of the run";
    }
  }
  const byTrace = new Map([...sessions.values()].map((session) => [session.trace, session]));
  const ape = new Set(
    [...byTrace.values()].filter(({ outcome }) => outcome === "succeeded").map(({ trace }) => trace),
  );
  const shop = new Set<string>();
  const otherOrders: Reconciliation["otherOrders"] = [];
  for (const [trace, record] of Object.entries(books.traces)) {
    if (reachedGoal(record)) shop.add(trace);
    if (ape.has(trace)) continue;
    const session = byTrace.get(trace);
    for (const order of record.orders)
      otherOrders.push({
        order: order.orderId,
        session: session?.session ?? "unknown",
        trace,
        why:
          session === undefined
            ? "no session of this run has this trace"
            : `${session.outcome}: ${session.reason}`,
      });
  }
  return {
    succeeded: ape.size,
    reached: shop.size,
    onlyApe: [...ape].filter((trace) => !shop.has(trace)),
    onlyShop: [...shop].filter((trace) => !ape.has(trace)),
    otherOrders,
  };
}

/**
 * The goal by the shop's record: the last order is paid, its first line cost less than $50, and the customer logged
 * out.
 */
function reachedGoal(record: Books["traces"][string]): boolean {
  const last = record.orders.at(-1);
  return (
    last !== undefined &&
    last.state === "paid" &&
    (last.lines[0]?.unitPriceUsd ?? 50) < 50 &&
    record.logouts > 0
  );
}
