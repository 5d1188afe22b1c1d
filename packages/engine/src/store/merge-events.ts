import type { Event } from "@ape/core/protocol/events";

/**
 * Passes the events of several processes to `visit`: each process's in the order of its chunks, processes merged by time.
 * @param parts the events of each process, a chunk at a time
 */
export async function mergeEvents(
  parts: readonly AsyncGenerator<Event[], void>[],
  visit: (event: Event) => void,
): Promise<void> {
  try {
    await merge(
      parts.map((chunks) => new PartEvents(chunks)),
      visit,
    );
  } finally {
    // What is left open after an error closes its file.
    for (const chunks of parts) await chunks.return();
  }
}

async function merge(open: readonly PartEvents[], visit: (event: Event) => void): Promise<void> {
  await Promise.all(open.map((part) => part.refill()));
  let alive = open.filter((part) => part.next !== undefined);
  while (alive.length > 0) {
    const [first, until, isBefore] = earliest(alive);
    const isNext = ({ at }: Event): boolean => at < until || (at === until && isBefore);
    for (let event = first.next; event !== undefined && isNext(event); event = first.next) {
      visit(event);
      if (!first.advance()) await first.refill();
    }
    if (first.next === undefined) alive = alive.filter((part) => part !== first);
  }
}

/**
 * The part with the earliest next event, the time of the earliest of the others, and whether the part comes before that
 * one at the same time: in the order of the parts, so that the same events always come in the same order.
 */
function earliest(parts: readonly PartEvents[]): [part: PartEvents, until: number, isBefore: boolean] {
  let first = 0;
  let second = -1;
  const atOf = (index: number): number => parts[index]?.next?.at ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i < parts.length; i += 1)
    if (atOf(i) < atOf(first)) {
      second = first;
      first = i;
    } else if (atOf(i) < atOf(second)) second = i;
  return [parts[first] as PartEvents, atOf(second), second === -1 || first < second];
}

/** The events of one process, a chunk at a time. */
class PartEvents {
  /** The next event; undefined at the end. */
  next: Event | undefined;
  readonly #chunks: AsyncGenerator<Event[]>;
  #batch: Event[] = [];
  #index = 0;

  constructor(chunks: AsyncGenerator<Event[]>) {
    this.#chunks = chunks;
  }

  /** Moves to the next event of the chunk; false if the next chunk has to be read. */
  advance(): boolean {
    this.#index += 1;
    this.next = this.#batch[this.#index];
    return this.next !== undefined;
  }

  async refill(): Promise<void> {
    do {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        this.next = undefined;
        return;
      }
      this.#batch = value;
    } while (this.#batch.length === 0);
    this.#index = 0;
    this.next = this.#batch[0];
  }
}
