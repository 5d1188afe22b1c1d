import type { Event, Recorder } from "@ape/core/protocol/events";

/** Events wait at most this long; the log's own delays are longer. */
const DELAY_MS = 20;
/** Events that are handled together: more save nothing. */
const MOST = 128;

/**
 * Counts and stores events many at a time. Between two events a process decides, sends and reads, so that what handles
 * one has left the processor's caches when the next one comes: alone it takes about three times as long. Each event is
 * counted before it is stored, and nothing is counted that is not stored: a digest that the log asks for counts what the
 * log has.
 */
export class EventBatch implements Recorder {
  readonly #count: (event: Event) => void;
  readonly #log: Recorder;
  #events: Event[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(count: (event: Event) => void, log: Recorder) {
    this.#count = count;
    this.#log = log;
  }

  record(event: Event): void {
    this.#events.push(event);
    if (this.#events.length >= MOST) this.flush();
    else this.#timer ??= setTimeout(this.#onTimer, DELAY_MS);
  }

  commit(event: Event): void {
    this.flush();
    this.#count(event);
    this.#log.commit(event);
  }

  /** Counts and stores what waits. */
  flush(): void {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    for (const event of events) {
      this.#count(event);
      this.#log.record(event);
    }
  }

  /** Flushes, and leaves no timer behind. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** It stays while full batches are flushed, which costs less than a new one for each. */
  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.flush();
  };
}
