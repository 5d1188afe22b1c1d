/** An entry of a {@link FairQueue}. */
export interface Waiting {
  /** The owner whose share it uses: an agent's session. */
  readonly of: string;
  /** Set if it no longer waits: the queue then skips it. */
  gone: boolean;
}

interface Entry<T> {
  waiting: T;
  start: number;
  order: number;
}

/**
 * A queue that is fair per owner, not per request: an owner with ten requests gets its next turn after every other
 * owner had one. Start-time fair queueing with equal weights (Goyal, Vin and Cheng 1996): an entry begins at the
 * queue's virtual time or at the end of its owner's last entry, whichever is later; the earliest is served.
 */
export class FairQueue<T extends Waiting> {
  readonly #heap: Entry<T>[] = [];
  readonly #finish = new Map<string, number>();
  #virtual = 0;
  #count = 0;
  #removed = 0;

  /** Number of entries that still wait. */
  get size(): number {
    return this.#heap.length - this.#removed;
  }

  add(waiting: T): void {
    const start = Math.max(this.#virtual, this.#finish.get(waiting.of) ?? 0);
    this.#finish.set(waiting.of, start + 1);
    this.#count += 1;
    this.#heap.push({ waiting, start, order: this.#count });
    this.#up(this.#heap.length - 1);
    if (this.#finish.size > 1_024 && this.#finish.size > 4 * this.#heap.length) this.#forget();
  }

  /** Counts an entry that was marked as removed. */
  noteRemoved(): void {
    this.#removed += 1;
    if (this.#removed > 64 && this.#removed * 2 > this.#heap.length) this.#compact();
  }

  /** Returns the next entry without removing it. */
  peek(): T | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (!top.waiting.gone) return top.waiting;
      this.#removed -= 1;
      this.#take();
    }
    return undefined;
  }

  /** Removes and returns the next entry. */
  shift(): T | undefined {
    const next = this.peek();
    if (next === undefined) return undefined;
    this.#virtual = Math.max(this.#virtual, this.#heap[0]?.start ?? 0);
    this.#take();
    return next;
  }

  /** An owner whose last turn is before the virtual time needs no record. */
  #forget(): void {
    for (const [of, finish] of this.#finish) if (finish <= this.#virtual) this.#finish.delete(of);
  }

  #compact(): void {
    const left = this.#heap.filter(({ waiting }) => !waiting.gone);
    this.#heap.length = 0;
    this.#removed = 0;
    for (const entry of left) {
      this.#heap.push(entry);
      this.#up(this.#heap.length - 1);
    }
  }

  #take(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down();
  }

  #up(from: number): void {
    const heap = this.#heap;
    const entry = heap[from] as Entry<T>;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Entry<T>;
      if (!before(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #down(): void {
    const heap = this.#heap;
    const entry = heap[0] as Entry<T>;
    let at = 0;
    for (let child = 1; child < heap.length; child = at * 2 + 1) {
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as Entry<T>)) child += 1;
      const least = heap[child] as Entry<T>;
      if (!before(least, entry)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = entry;
  }
}

function before<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.start === b.start ? a.order < b.order : a.start < b.start;
}
