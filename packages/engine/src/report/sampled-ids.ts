import { randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";
import type { ReportSession } from "@ape/core/report/report-session";
import { readEvents } from "../store/event-reader.ts";
import { failureKey } from "./failure-groups.ts";
import { KindSample, type SampleKind } from "./kind-sample.ts";
import { failedActionOf, SessionRecord } from "./session-record.ts";

/** Ids of sampled sessions, and how many sessions ended. */
export interface SampledIds {
  kept: [kind: SampleKind, session: string][];
  seen: number;
  /** Those that are neither an example of a failure nor of a failed action; absent in digests of earlier versions. */
  seenOthers?: number;
}

/**
 * Draws the same kinds of sessions as `SessionSample`, but keeps their ids alone: holding the steps of all open sessions
 * would cost a process more than everything else that is recorded. Their events are read when the report is made.
 */
export class SessionIdSample {
  readonly #sample: KindSample<string>;
  /** The first failed action of each open session. */
  readonly #open = new Map<string, string>();
  #seen = 0;

  constructor(seed: number) {
    this.#sample = new KindSample(randomFrom(seed));
  }

  /** @returns whether the event ended a session that is in the sample now */
  add(event: Event): boolean {
    if (event.type === "step") {
      if (event.action?.failed === true && !this.#open.has(event.session))
        this.#open.set(event.session, failedActionOf(event.action));
      return false;
    }
    if (event.type !== "session_ended" && event.type !== "session_interrupted") return false;
    this.#seen += 1;
    const action = this.#open.get(event.session);
    if (action !== undefined) this.#open.delete(event.session);
    const failed = event.type === "session_ended" && event.outcome !== "succeeded";
    const kind = failed ? { failure: failureKey(event) } : action === undefined ? {} : { action };
    const place = this.#sample.placeFor(kind);
    place?.(event.session);
    return place !== undefined;
  }

  read(): SampledIds {
    return { kept: this.#sample.all(), seen: this.#seen, seenOthers: this.#sample.seenOthers };
  }

  /** Continues from what another sample read; nothing must have ended in this one yet. */
  restore({ kept, seen, seenOthers = 0 }: SampledIds): void {
    this.#sample.restore(kept, seenOthers);
    this.#seen = seen;
  }
}

/**
 * Reads sessions as a report shows them, by id; `at` is in epoch milliseconds.
 * @param eventsDirectory the run's `events` folder
 */
export async function readReportSessions(
  eventsDirectory: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, ReportSession>> {
  const open = new Map<string, SessionRecord>();
  const sessions = new Map<string, ReportSession>();
  if (ids.size === 0) return sessions;
  await readEvents(
    eventsDirectory,
    (event) => {
      if (event.type === "session_started") open.set(event.session, new SessionRecord(event));
      else if (event.type === "session_ended" || event.type === "session_interrupted") {
        const record = open.get(event.session);
        if (record !== undefined) sessions.set(event.session, record.close(event));
        open.delete(event.session);
      } else if ("session" in event) open.get(event.session)?.add(event);
    },
    { sessions: ids },
  );
  return sessions;
}
