import type { Event, Recorder } from "@ape/core/events";
import type { Plane } from "./plane.ts";

/** Events wait at most this long before they are sent. */
const SEND_MS = 20;
/** A message of NATS may have a megabyte. */
const MOST_CHARS = 256 * 1024;

/**
 * Records the events of one part on the plane: one message under way at a time, so that their order is kept, and
 * all that came meanwhile in the next.
 */
export class PlaneLog implements Recorder {
  readonly #plane: Plane;
  readonly #subject: string;
  #text: string[] = [];
  #chars = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  /** @param part whose events these are: `agents-0` */
  constructor(plane: Plane, part: string) {
    this.#plane = plane;
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

  /** Resolves when everything that was recorded until now is kept for good. */
  async settled(): Promise<void> {
    while (this.#text.length > 0 || this.#sending !== undefined) {
      this.#send();
      await this.#sending;
    }
  }

  close(): Promise<void> {
    return this.settled();
  }

  #keep(event: Event): void {
    const line = `${JSON.stringify(event)}\n`;
    this.#text.push(line);
    this.#chars += line.length;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#text.length === 0) return;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#text.length > 0) {
      let message = "";
      if (this.#chars <= MOST_CHARS) {
        message = this.#text.join("");
        this.#text = [];
      } else {
        let lines = 0;
        while (lines < this.#text.length && (lines === 0 || message.length < MOST_CHARS)) {
          message += this.#text[lines];
          lines += 1;
        }
        this.#text = this.#text.slice(lines);
      }
      this.#chars -= message.length;
      await this.#plane.append(this.#subject, message);
    }
  }
}
