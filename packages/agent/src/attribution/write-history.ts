/** Operations whose last success is remembered. */
const MAX_OPERATIONS = 50;
/** Accepted calls and deleted paths that are remembered. */
const MAX_CALLS = 24;

/**
 * The writes that targets accepted from a session. An operation is prepared where one was accepted since it last went
 * well itself: a conflict (409) is then with something that the target had agreed to, such as a checkout after the
 * cart was filled. Without one, as with a checkout of an empty cart, the session asked for it too early.
 */
export class WriteHistory {
  #writes = 0;
  #lastSuccess: Map<string, number> | undefined;
  #calls: string[] | undefined;
  /** The values that each of the calls carried. */
  #values: (readonly string[])[] | undefined;
  #queued: Set<string> | undefined;
  #last: string | undefined;
  #deleted: string[] | undefined;

  /**
   * @param key target and shape of the operation
   * @param text the call as it was written
   * @param values the values that the call carried
   * @param place target and path of the call
   * @param deleted target and path of what the call deleted
   */
  note(key: string, text = "", values: readonly string[] = [], place?: string, deleted?: string): void {
    this.#last = place;
    this.#calls = keep(this.#calls, `${key} ${text}`);
    this.#values = keep(this.#values, values);
    if (deleted !== undefined) this.#deleted = keep(this.#deleted, deleted);
    this.#writes += 1;
    this.#lastSuccess ??= new Map();
    if (this.#lastSuccess.has(key) || this.#lastSuccess.size < MAX_OPERATIONS)
      this.#lastSuccess.set(key, this.#writes);
  }

  /** The answer to a write was lost: the target may have accepted it. */
  lost(): void {
    this.#writes += 1;
    this.#last = undefined;
  }

  /** Whether the target accepted the very same call before. */
  hasAccepted(key: string, text: string): boolean {
    return this.#calls?.includes(`${key} ${text}`) === true;
  }

  /** Whether the session deleted what a target's path names, or what that is below. */
  hasDeleted(place: string): boolean {
    return this.#deleted?.some((gone) => place === gone || place.startsWith(`${gone}/`)) === true;
  }

  /** Target and path of the last write that was accepted. */
  get last(): string | undefined {
    return this.#last;
  }

  /** Whether an accepted write carried a value. */
  hasWritten(value: string): boolean {
    return this.#values?.some((values) => values.includes(value)) === true;
  }

  /** Notes that a target accepted a call without having carried it out: 202. */
  noteQueued(target: string): void {
    this.#queued ??= new Set();
    this.#queued.add(target);
  }

  hasQueued(target: string): boolean {
    return this.#queued?.has(target) === true;
  }

  isPrepared(key: string): boolean {
    return this.#writes > (this.#lastSuccess?.get(key) ?? 0);
  }
}

function keep<T>(list: T[] | undefined, one: T): T[] {
  const kept = list ?? [];
  kept.push(one);
  if (kept.length > MAX_CALLS) kept.shift();
  return kept;
}
