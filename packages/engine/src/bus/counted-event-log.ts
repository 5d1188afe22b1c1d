import type { Event, Recorder } from "@ape/core/protocol/events";
import { Aggregator } from "../aggregate/aggregator.ts";
import { SUBJECTS } from "../launch/messages.ts";
import { PartDigestBuilder } from "../report/part-digest.ts";
import { isRunEvent } from "../store/event-encoding.ts";
import { BusEventLog } from "./bus-event-log.ts";
import { DIGEST_MS, DigestSender } from "./digest-sender.ts";
import type { MessageBus } from "./message-bus.ts";

const FIGURES_MS = 1_000;

/**
 * Records the events of a part that is no worker as figures, once per second, and as digests; only what concerns the run
 * rather than a session is sent as events.
 */
export class CountedEventLog implements Recorder {
  readonly #bus: MessageBus;
  readonly #subject: string;
  readonly #log: BusEventLog;
  readonly #aggregator = new Aggregator([], false);
  readonly #builder = new PartDigestBuilder(0);
  readonly #digests: DigestSender;
  readonly #timers: NodeJS.Timeout[];
  #figures = 0;
  #hasChanged = false;
  /** Whether the last digest counts everything. */
  #isCounted = true;
  #sending: Promise<void> = Promise.resolve();

  constructor(bus: MessageBus, part: string) {
    this.#bus = bus;
    this.#subject = `${SUBJECTS.figures}${part}`;
    this.#log = new BusEventLog(bus, part);
    this.#digests = new DigestSender(bus, part, () => this.#figures);
    this.#timers = [
      setInterval(() => this.#tick(), FIGURES_MS),
      setInterval(() => this.#sendDigest(false), DIGEST_MS),
    ];
  }

  record(event: Event): void {
    if (isRunEvent(event.type)) {
      this.#log.record(event);
      return;
    }
    this.#hasChanged = true;
    this.#isCounted = false;
    this.#aggregator.add(event);
    this.#builder.add(event);
  }

  commit(event: Event): void {
    this.record(event);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#sendDigest(true);
    await this.#sending.catch(() => undefined);
    await this.#digests.settled();
    await this.#log.close();
  }

  /** A second without calls may be the run's end, after which the engine reads the last digest. */
  #tick(): void {
    if (this.#hasChanged) this.#send();
    else if (!this.#isCounted) this.#sendDigest(false);
  }

  #send(): void {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    const snapshot = this.#aggregator.takeSnapshot();
    this.#builder.addFigures(snapshot);
    this.#figures += 1;
    const text = JSON.stringify(snapshot);
    this.#sending = this.#sending.then(() => this.#bus.append(this.#subject, text));
    this.#sending.catch(() => undefined);
  }

  /** What it counts has reached the engine as figures, too. */
  #sendDigest(isFinal: boolean): void {
    this.#send();
    if (this.#figures === 0) return;
    this.#isCounted = true;
    this.#digests.send(this.#builder.read(this.#aggregator), isFinal);
  }
}
