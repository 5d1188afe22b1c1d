import type { ApeError } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";

/** One message of a run's stream. */
export interface BusMessage {
  /** Words joined by dots, such as `events.agents-0`. */
  subject: string;
  text: string;
}

/** Ends a subscription. */
export type Unsubscribe = () => Promise<void>;

/**
 * Messages between the parts of one run in several processes: an ordered, durable stream, which carries commands and
 * events alike, and a small key-value store. Appended messages survive the death of any part.
 */
export interface MessageBus {
  /**
   * Milliseconds since the bus last answered while a request waits for it; 0 while it answers. A request that waits less
   * than two seconds does not count.
   */
  readonly awayMs: number;
  /**
   * Resolves with the reason if the stream can no longer be used: its server has lost it, or refuses further messages
   * for lack of space. Every later call is rejected with this error.
   */
  readonly lost: Promise<ApeError>;
  /**
   * Resolves when the message is stored. Waits as long as the message bus is unreachable; the same message is never
   * stored twice.
   */
  append(subject: string, text: string): Promise<void>;
  /**
   * Delivers the messages of one subject, or of all subjects that begin with `subject` if it ends in a dot or is empty,
   * in the stream's order and one at a time, until it is ended. Those of one subject "from now" may be missed while the
   * bus is away, all others are not.
   */
  follow(
    subject: string,
    from: "first" | "now",
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe>;
  put(key: string, value: Json): Promise<void>;
  get(key: string): Promise<Json | undefined>;
  /** Deletes the run's stream and values. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
