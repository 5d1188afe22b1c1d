import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event, Recorder } from "@ape/core/protocol/events";
import type { MessageBus } from "./message-bus.ts";

/** Events wait at most this long before they are sent. */
const SEND_MS = 20;
/** A message of NATS may have a megabyte. */
const MOST_CHARS = 256 * 1024;

/**
 * Records the events of one part on the message bus: one message under way at a time, so that their order is kept, and
 * all that came meanwhile in the next.
 */
export class BusEventLog implements Recorder {
  readonly #bus: MessageBus;
  readonly #subject: string;
  /** Lines that have not been sent. */
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  /** Lines that were recorded, and that are kept, since the beginning. */
  #recorded = 0;
  #kept = 0;
  /** Who waits until so many lines are kept, in rising order. */
  readonly #waiting: { lines: number; resolve: () => void }[] = [];

  /** @param part whose events these are: `agents-0` */
  constructor(bus: MessageBus, part: string) {
    this.#bus = bus;
    this.#subject = `events.${part}`;
  }

  record(event: Event): void {
    this.#keep(event);
    this.#timer ??= setTimeout(() => this.#send(), SEND_MS);
  }

  /** Sends it at once; {@link settled} tells when it is kept. */
  commit(event: Event): void {
    this.#keep(event);
    this.#send();
  }

  /** Resolves when everything that was recorded until now is kept for good; what comes later is not waited for. */
  settled(): Promise<void> {
    if (this.#kept === this.#recorded) return Promise.resolve();
    this.#send();
    return new Promise((resolve) => {
      this.#waiting.push({ lines: this.#recorded, resolve });
    });
  }

  close(): Promise<void> {
    return this.settled();
  }

  #keep(event: Event): void {
    this.#lines.push(`${writeJson(event)}\n`);
    this.#recorded += 1;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#lines.length === 0) return;
    this.#sending = true;
    // A message bus gives up only when it is closed: nobody is left then who could be told.
    this.#sendAll()
      .catch(() => undefined)
      .finally(() => {
        this.#sending = false;
      });
  }

  async #sendAll(): Promise<void> {
    while (this.#lines.length > 0) {
      let text = "";
      let count = 0;
      while (count < this.#lines.length && text.length < MOST_CHARS) {
        text += this.#lines[count];
        count += 1;
      }
      this.#lines = this.#lines.slice(count);
      await this.#bus.append(this.#subject, text);
      this.#kept += count;
      while (this.#waiting.length > 0 && (this.#waiting[0]?.lines ?? 0) <= this.#kept)
        this.#waiting.shift()?.resolve();
    }
  }
}
