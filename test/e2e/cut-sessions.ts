import type { Event } from "@ape/core/protocol/events";

/** Sessions of which the target may know more than the run does: something ended in the middle of what they did. */
export interface CutSessions {
  /** Trace ids of those that have no end, or one of whose calls was left without an answer. */
  traces: Set<string>;
  /** Those that failed although every call and every decision was answered: no process that died explains them. */
  unexplained: string[];
}

/** Finds the sessions that the death of a process has touched. */
export function cutSessions(events: readonly Event[]): CutSessions {
  const ended = new Set<string>();
  const failed = new Map<string, string>();
  const unanswered = new Set<string>();
  for (const event of events) {
    if (event.type === "session_ended") {
      ended.add(event.session);
      if (event.outcome !== "succeeded" && event.attribution !== "inference")
        failed.set(event.session, event.reason);
    } else if (event.type === "step" && event.action?.status === 0) unanswered.add(event.session);
    else if (event.type === "probe" && event.status === 0) unanswered.add(event.session);
  }
  const traces = new Set<string>();
  for (const event of events)
    if (event.type === "session_started" && (!ended.has(event.session) || unanswered.has(event.session)))
      traces.add(event.trace);
  return {
    traces,
    unexplained: [...failed].flatMap(([session, reason]) =>
      unanswered.has(session) ? [] : [`${session}: ${reason}`],
    ),
  };
}
