import type { Event, Recorder } from "@ape/core/protocol/events";
import { encodeEvent } from "../store/event-encoding.ts";
import type { MessageBus } from "./message-bus.ts";

/** Events wait at most this long before they are sent. */
const SEND_MS = 20;
/** A message of NATS may have a megabyte. */
const MOST_CHARS = 256 * 1024;

/**
 * Records the events of one part on the message bus: one message in flight at a time, so that their order is kept;
 * events that come meanwhile are in the next.
 */
export class BusEventLog implements Recorder {
  readonly #bus: MessageBus;
  readonly #subject: string;
  /** Lines that have not been sent. */
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  /** Lines that were recorded, and that are stored, since the beginning. */
  #recorded = 0;
  #kept = 0;
  /** Waiters for a number of stored lines, in rising order. */
  readonly #waiting: { lines: number; resolve: () => void }[] = [];

  /** @param part that records the events: `agents-0` */
  constructor(bus: MessageBus, part: string) {
    this.#bus = bus;
    this.#subject = `events.${part}`;
  }

  record(event: Event): void {
    this.recordLine(encodeEvent(event));
  }

  /** Records an event that is encoded already, without the line's end. */
  recordLine(line: string): void {
    this.#keep(line);
    this.#timer ??= setTimeout(() => this.#send(), SEND_MS);
  }

  /** Sends it at once; {@link settled} resolves when it is stored. */
  commit(event: Event): void {
    this.#keep(encodeEvent(event));
    this.#send();
  }

  /** Resolves when everything that was recorded until now is stored; later events are not awaited. */
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

  #keep(line: string): void {
    this.#lines.push(`${line}\n`);
    this.#recorded += 1;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#lines.length === 0) return;
    this.#sending = true;
    // A message bus fails only when it is closed: then there is nobody to report to.
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
