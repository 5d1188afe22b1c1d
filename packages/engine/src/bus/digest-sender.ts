import { SUBJECTS } from "../launch/messages.ts";
import { digestMessages } from "./digest-message.ts";
import type { MessageBus } from "./message-bus.ts";

/** A digest of all events is sent so often, for the case that the process is killed. */
export const DIGEST_MS = 120_000;

/** Sends the digests of one part over the message bus, one after the other. */
export class DigestSender {
  readonly #bus: MessageBus;
  readonly #subject: string;
  readonly #figures: () => number;
  #sending: Promise<void> = Promise.resolve();

  /** @param figures number of messages with figures that the part has sent until now */
  constructor(bus: MessageBus, part: string, figures: () => number) {
    this.#bus = bus;
    this.#subject = `${SUBJECTS.digest}${part}`;
    this.#figures = figures;
  }

  /** @param digest undefined if there is none: then nothing is sent */
  send(digest: object | undefined, isFinal: boolean): void {
    if (digest === undefined) return;
    const figures = this.#figures();
    this.#sending = this.#sending.then(async () => {
      for (const message of await digestMessages(digest, { figures, isFinal }))
        await this.#bus.append(this.#subject, message);
    });
    // The message bus fails only when it is closed or lost: then there is nobody to report to.
    this.#sending.catch(() => undefined);
  }

  /** Resolves when everything is stored, or can no longer be. */
  settled(): Promise<void> {
    return this.#sending.catch(() => undefined);
  }
}
