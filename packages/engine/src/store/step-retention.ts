import type { Config } from "@ape/core/config/schema";
import { seedOf } from "@ape/core/lib/random";

/**
 * Compressed bytes of all processes of a run that `auto` stays near. With the summaries of sessions, which always stay,
 * an hour at 1,000 actions per second is then below 1 GB, however large its actions are.
 */
const AUTO_BYTES = 800_000_000;
/** `auto` never keeps fewer than this. */
const LEAST_AUTO_SHARE = 0.01;
/** Decisions that are remembered, at least: those of older sessions are forgotten, which only keeps more. */
const REMEMBERED = 100_000;

/**
 * Decides at the end of each session whether its steps are kept: those of every session that did not succeed, and of a
 * seeded share of the others. Bounded.
 */
export class StepRetention {
  readonly #seed: number;
  readonly #keep: Config["events"]["keep"];
  readonly #autoBytes: number;
  #sealedBytes = 0;
  readonly #admits: () => boolean;
  readonly #open = new Set<string>();
  /** Sessions without steps by the number of their decision: the latest ones, and those before. */
  #dropped = new Map<string, number>();
  #droppedBefore = new Map<string, number>();
  #decisions = 0;

  /**
   * @param seed of the run: the same seed keeps the same sessions
   * @param keep fixed share, or `auto` for one so that the run's events stay near a size
   * @param processes among which the size of `auto` is shared out
   * @param admits whether there is room for the steps of another successful session
   */
  constructor(seed: number, keep: Config["events"]["keep"], processes = 1, admits = (): boolean => true) {
    this.#seed = seed;
    this.#admits = admits;
    this.#keep = keep;
    this.#autoBytes = AUTO_BYTES / processes;
  }

  /**
   * The share for sessions that end now. `auto` is 1 until half of its size is written; from then on it is the share of
   * the other half that is still free.
   */
  get share(): number {
    if (this.#keep !== "auto") return this.#keep;
    const free = 2 * (1 - this.#sealedBytes / this.#autoBytes);
    return Math.min(1, Math.max(LEAST_AUTO_SHARE, free));
  }

  begin(session: string): void {
    this.#open.add(session);
  }

  /**
   * Ends a session.
   * @param always true for a session whose steps are kept whatever the share is
   * @returns whether its steps are kept
   */
  end(session: string, always: boolean): boolean {
    this.#open.delete(session);
    const { share } = this;
    if (always) return true;
    if ((share >= 1 || seedOf(this.#seed, "keep", session) / 2 ** 32 < share) && this.#admits()) return true;
    if (this.#dropped.size >= REMEMBERED) {
      this.#droppedBefore = this.#dropped;
      this.#dropped = new Map();
    }
    this.#dropped.set(session, this.#decisions);
    this.#decisions += 1;
    return false;
  }

  isOpen(session: string): boolean {
    return this.#open.has(session);
  }

  /** Number of decisions so far. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Whether one of the first `decisions` decisions was to drop the steps of a session. */
  drops(session: string, decisions: number): boolean {
    const number = this.#dropped.get(session) ?? this.#droppedBefore.get(session);
    return number !== undefined && number < decisions;
  }

  /** Counts the bytes of a sealed segment. */
  addSealed(bytes: number): void {
    this.#sealedBytes += bytes;
  }
}
