const KEPT = 50;

/**
 * Counts texts that are alike as one, in the words of the first of them. At most 50 are kept: a new one then replaces the rarest,
 * so the count of a rare one is a lower bound.
 */
export class MostFrequent<T extends { count: number }> {
  readonly #byKey = new Map<string, T>();
  readonly #keyOf: (one: T) => string;

  /** @param keyOf the same for those that are alike */
  constructor(keyOf: (one: T) => string) {
    this.#keyOf = keyOf;
  }

  /** Adds one that the caller does not use afterwards. */
  count(one: T): void {
    const key = this.#keyOf(one);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.count += one.count;
      return;
    }
    if (this.#byKey.size >= KEPT) this.#dropRarest();
    this.#byKey.set(key, one);
  }

  merge(all: readonly T[]): void {
    for (const one of all) this.count({ ...one });
  }

  /** The most frequent first. */
  top(count: number): T[] {
    return [...this.#byKey.values()].sort((a, b) => b.count - a.count).slice(0, count);
  }

  /** Returns everything and starts again at zero. */
  take(): T[] {
    const taken = [...this.#byKey.values()];
    this.#byKey.clear();
    return taken;
  }

  #dropRarest(): void {
    let rarest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [key, { count }] of this.#byKey)
      if (count < least) {
        rarest = key;
        least = count;
      }
    if (rarest !== undefined) this.#byKey.delete(rarest);
  }
}
