import { type Random, randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";
import type { ReportSession } from "@ape/core/report/report-session";
import { failureKey } from "./failure-groups.ts";
import { SessionRecord } from "./session-record.ts";

/** Sessions that are kept of one kind of failure, and kinds. */
const PER_FAILURE = 3;
const MAX_KINDS = 45;
/** Kinds of failed actions in sessions that went on. */
const MAX_ACTION_KINDS = 40;
/** Size of the sample of all other sessions. */
const OTHERS = 100;
/** Open sessions whose steps are kept; of further ones a report shows no steps. */
const MAX_OPEN = 5_000;
/** Newly kept sessions that one message between processes takes along. */
const MAX_FRESH = 20;
const MAX_FRESH_OF_ALL = 200;

/** A session that was kept, and why. */
export interface KeptSession {
  /** Key of a failure, key of a failed action, or undefined for the sample of the others. */
  kind: { failure?: string; action?: string };
  session: ReportSession;
}

/**
 * A bounded sample of ended sessions: examples of every kind of failure, of every kind of failed action, and a uniform
 * seeded sample of the others (Vitter's algorithm R, 1985).
 */
export class SessionSample {
  readonly #random: Random;
  readonly #open = new Map<string, SessionRecord>();
  readonly #failures = new Map<string, ReportSession[]>();
  readonly #actions = new Map<string, ReportSession>();
  readonly #others: ReportSession[] = [];
  #seenOthers = 0;
  #seen = 0;
  #taken = 0;
  #fresh: KeptSession[] = [];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
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
    const place = this.#placeFor(kind);
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

  /** Everything that is kept, and how many sessions ended: the end of one process of several. */
  takeAll(): { kept: KeptSession[]; seen: number } {
    const kept: KeptSession[] = [];
    for (const [failure, sessions] of this.#failures)
      for (const session of sessions) kept.push({ kind: { failure }, session });
    for (const [action, session] of this.#actions) kept.push({ kind: { action }, session });
    for (const session of this.#others) kept.push({ kind: {}, session });
    return { kept, seen: this.#seen };
  }

  /** Offers sessions that another process has kept; returns those that are kept here. */
  merge({ kept, seen }: { kept: readonly KeptSession[]; seen: number }): void {
    this.#seen += seen;
    for (const one of kept) {
      const place = this.#placeFor(one.kind);
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
    return (this.#failures.get(failure) ?? []).map(({ session }) => session);
  }

  /** By start. @param origin epoch milliseconds that starts are counted from */
  read(origin: number): ReportSession[] {
    return [...[...this.#failures.values()].flat(), ...this.#actions.values(), ...this.#others]
      .sort((a, b) => a.at - b.at)
      .map((session) => ({ ...session, at: Math.max(0, Math.round(session.at - origin)) }));
  }

  /** Keeps a session of this kind; undefined if there is no room for it. */
  #placeFor({ failure, action }: KeptSession["kind"]): ((session: ReportSession) => void) | undefined {
    if (failure !== undefined) {
      const known = this.#failures.get(failure) ?? [];
      if (known.length >= PER_FAILURE) return undefined;
      if (known.length > 0 || this.#failures.size < MAX_KINDS)
        return (session) => this.#failures.set(failure, [...known, session]);
    } else if (action !== undefined && !this.#actions.has(action) && this.#actions.size < MAX_ACTION_KINDS)
      return (session) => this.#actions.set(action, session);
    this.#seenOthers += 1;
    const at =
      this.#others.length < OTHERS ? this.#others.length : Math.floor(this.#random() * this.#seenOthers);
    return at < OTHERS
      ? (session) => {
          this.#others[at] = session;
        }
      : undefined;
  }
}
