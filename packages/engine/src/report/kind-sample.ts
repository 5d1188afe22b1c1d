import type { Random } from "@ape/core/lib/random";

/** Sessions that are kept of one kind of failure, and kinds. */
const PER_FAILURE = 3;
const MAX_KINDS = 45;
/** Kinds of failed actions in sessions that went on. */
const MAX_ACTION_KINDS = 40;
/** Size of the sample of all other sessions. */
const OTHERS = 100;

/** Why a session is kept: key of a failure, key of a failed action, or neither for the sample of the others. */
export interface SampleKind {
  failure?: string;
  action?: string;
}

/**
 * A bounded sample of ended sessions: examples of every kind of failure, of every kind of failed action, and a uniform
 * sample of the others (Vitter's algorithm R, 1985). `T` is what is kept of a session.
 */
export class KindSample<T> {
  readonly #random: Random;
  readonly #failures = new Map<string, T[]>();
  readonly #actions = new Map<string, T>();
  readonly #others: T[] = [];
  #seenOthers = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Keeps a session of this kind; undefined if there is no room for it. */
  placeFor({ failure, action }: SampleKind): ((session: T) => void) | undefined {
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

  /** Sessions so far that the uniform sample was drawn from. */
  get seenOthers(): number {
    return this.#seenOthers;
  }

  /** Continues the sample of another that has seen `seenOthers`; nothing must have been offered to this one yet. */
  restore(kept: readonly (readonly [kind: SampleKind, session: T])[], seenOthers: number): void {
    for (const [kind, session] of kept) this.placeFor(kind)?.(session);
    this.#seenOthers = Math.max(this.#seenOthers, seenOthers);
  }

  /** The kept sessions of a failure. */
  ofFailure(failure: string): readonly T[] {
    return this.#failures.get(failure) ?? [];
  }

  /** Everything that is kept. */
  all(): [kind: SampleKind, session: T][] {
    const all: [SampleKind, T][] = [];
    for (const [failure, sessions] of this.#failures)
      for (const session of sessions) all.push([{ failure }, session]);
    for (const [action, session] of this.#actions) all.push([{ action }, session]);
    for (const session of this.#others) all.push([{}, session]);
    return all;
  }
}
