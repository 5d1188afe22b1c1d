import { randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";
import type { ReportSession } from "@ape/core/report/report-session";
import { failureKey } from "./failure-groups.ts";
import { KindSample, type SampleKind } from "./kind-sample.ts";
import { SessionRecord } from "./session-record.ts";

/** Open sessions whose steps are kept; of further ones a report shows no steps. */
const MAX_OPEN = 5_000;
/** Newly kept sessions that one message between processes takes along. */
const MAX_FRESH = 20;
const MAX_FRESH_OF_ALL = 200;

/** A session that was kept, and why. */
export interface KeptSession {
  kind: SampleKind;
  session: ReportSession;
}

/** A bounded, seeded sample of ended sessions with their steps, see {@link KindSample}. */
export class SessionSample {
  readonly #open = new Map<string, SessionRecord>();
  readonly #sample: KindSample<ReportSession>;
  #seen = 0;
  #taken = 0;
  #fresh: KeptSession[] = [];

  constructor(seed: number) {
    this.#sample = new KindSample(randomFrom(seed));
  }

  add(event: Event): void {
    if (event.type === "session_started") {
      if (this.#open.size < MAX_OPEN) this.#open.set(event.session, new SessionRecord(event));
      return;
    }
    if (!("session" in event)) return;
    if (event.type !== "session_ended" && event.type !== "session_interrupted") {
      this.#open.get(event.session)?.add(event);
      return;
    }
    this.#seen += 1;
    const record = this.#open.get(event.session);
    if (record === undefined) return;
    this.#open.delete(event.session);
    const failed = event.type === "session_ended" && event.outcome !== "succeeded";
    const kind = failed
      ? { failure: failureKey(event) }
      : record.failedAction === undefined
        ? {}
        : { action: record.failedAction };
    const place = this.#sample.placeFor(kind);
    if (place === undefined) return;
    const session = record.close(event);
    place(session);
    this.#fresh.push({ kind, session });
    if (this.#fresh.length > MAX_FRESH) this.#fresh.shift();
  }

  /** Returns what was kept since the last call, and how many sessions ended: for one process of several. */
  take(): { kept: KeptSession[]; seen: number } {
    const taken = { kept: this.#fresh, seen: this.#seen - this.#taken };
    this.#fresh = [];
    this.#taken = this.#seen;
    return taken;
  }

  /** Offers sessions that another process has kept; returns those that are kept here. */
  merge({ kept, seen }: { kept: readonly KeptSession[]; seen: number }): void {
    this.#seen += seen;
    for (const one of kept) {
      const place = this.#sample.placeFor(one.kind);
      if (place === undefined) continue;
      place(one.session);
      this.#fresh.push(one);
      if (this.#fresh.length > MAX_FRESH_OF_ALL) this.#fresh.shift();
    }
  }

  /** Ended and cut-off sessions so far. */
  get seen(): number {
    return this.#seen;
  }

  /** Ids of the kept sessions of a failure. */
  examplesOf(failure: string): string[] {
    return this.#sample.ofFailure(failure).map(({ session }) => session);
  }

  /** By start. @param origin epoch milliseconds that starts are counted from */
  read(origin: number): ReportSession[] {
    return this.#sample
      .all()
      .map(([, session]) => session)
      .sort((a, b) => a.at - b.at)
      .map((session) => ({ ...session, at: Math.max(0, Math.round(session.at - origin)) }));
  }
}
