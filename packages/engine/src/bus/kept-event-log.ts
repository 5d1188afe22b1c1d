import type { Event, Recorder } from "@ape/core/protocol/events";
import { encodeEvent, isRunEvent } from "../store/event-encoding.ts";
import type { LogCompaction } from "../store/held-segments.ts";
import { BusEventLog } from "./bus-event-log.ts";
import type { ByteAllowance } from "./byte-allowance.ts";
import { DIGEST_MS, DigestSender } from "./digest-sender.ts";
import type { MessageBus } from "./message-bus.ts";

/** Compressed segments take an eighth of the bytes of their events. */
const COMPRESSION = 8;
/** Events of an open session that wait for its end; with more, they are sent at once. */
const MOST_WAITING = 2_000;
const LEFT_OUT =
  "Steps of some failed sessions were left out: there were too many for the engine (`events.send: kept`).";

export interface KeptEventLogOptions {
  compaction: LogCompaction;
  allowance: ByteAllowance;
  /** Number of messages with figures that were sent until now. */
  figures: () => number;
}

/**
 * Records the events of the sessions that are kept on the message bus, whole sessions when they end, and digests of all
 * events. What the engine has to read does then not grow with the load.
 */
export class KeptEventLog implements Recorder {
  readonly #part: string;
  readonly #options: KeptEventLogOptions;
  readonly #log: BusEventLog;
  readonly #digests: DigestSender;
  readonly #open = new Map<string, Event[]>();
  readonly #timer: NodeJS.Timeout;
  #hasLeftOut = false;

  constructor(bus: MessageBus, part: string, options: KeptEventLogOptions) {
    this.#part = part;
    this.#options = options;
    this.#log = new BusEventLog(bus, part);
    this.#digests = new DigestSender(bus, part, options.figures);
    this.#timer = setInterval(() => this.#digests.send(options.compaction.checkpoint(), false), DIGEST_MS);
  }

  record(event: Event): void {
    if (isRunEvent(event.type)) this.#log.record(event);
    if (!("session" in event)) return;
    const { session } = event;
    let events = this.#open.get(session);
    if (events === undefined) {
      events = [];
      this.#open.set(session, events);
    }
    events.push(event);
    if (event.type === "session_ended" || event.type === "session_interrupted") {
      this.#open.delete(session);
      this.#end(event, events);
    } else if (events.length > MOST_WAITING) this.#send(events.splice(0));
  }

  commit(event: Event): void {
    this.record(event);
  }

  /** Events of a session are sent when it ends: none has to be awaited before. */
  settled(): Promise<void> {
    return Promise.resolve();
  }

  async close(digest?: object): Promise<void> {
    clearInterval(this.#timer);
    this.#digests.send(digest, true);
    await this.#digests.settled();
    await this.#log.close();
  }

  #end({ session, at }: Extract<Event, { session: string }>, events: readonly Event[]): void {
    const { compaction, allowance } = this.#options;
    const { retention } = compaction;
    if (retention.drops(session, retention.decisions)) return;
    if (!allowance.isOverdrawn) {
      this.#send(events);
      return;
    }
    if (this.#hasLeftOut) return;
    this.#hasLeftOut = true;
    this.#log.record({ type: "log", at, level: "warn", part: this.#part, message: LEFT_OUT, notice: true });
  }

  #send(events: readonly Event[]): void {
    const { compaction, allowance } = this.#options;
    let bytes = 0;
    for (const event of events) {
      const line = encodeEvent(event);
      bytes += line.length;
      this.#log.recordLine(line);
    }
    allowance.spend(bytes);
    compaction.retention.addSealed(bytes / COMPRESSION);
  }
}
