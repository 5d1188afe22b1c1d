import type { Event } from "@ape/core/protocol/events";

/**
 * Passes the events of several processes to `visit`: each process's in the order of its chunks, processes merged by time.
 * @param parts the events of each process, a chunk at a time
 */
export async function mergeEvents(
  parts: readonly AsyncGenerator<Event[], void>[],
  visit: (event: Event) => void,
): Promise<void> {
  const open = parts.map((chunks) => new PartEvents(chunks));
  await Promise.all(open.map((part) => part.refill()));
  let alive = open.filter((part) => part.next !== undefined);
  while (alive.length > 0) {
    const [first, until] = earliest(alive);
    for (let event = first.next; event !== undefined && event.at <= until; event = first.next) {
      visit(event);
      if (!first.advance()) await first.refill();
    }
    if (first.next === undefined) alive = alive.filter((part) => part !== first);
  }
}

/** The part with the earliest next event, and the time of the earliest of the others. */
function earliest(parts: readonly PartEvents[]): [PartEvents, number] {
  let first = parts[0] as PartEvents;
  let until = Number.POSITIVE_INFINITY;
  for (let i = 1; i < parts.length; i += 1) {
    const part = parts[i] as PartEvents;
    const at = (part.next as Event).at;
    if (at < (first.next as Event).at) {
      until = (first.next as Event).at;
      first = part;
    } else if (at < until) until = at;
  }
  return [first, until];
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
