import type { Json } from "@ape/core/lib/json";

/** One message of a run's stream. */
export interface BusMessage {
  /** Words joined by dots, such as `events.agents-0`. */
  subject: string;
  text: string;
}

/** Ends a following. */
export type Unsubscribe = () => Promise<void>;

/**
 * What the parts of one run say to one another when they are not one process: an ordered, durable stream, which carries
 * commands and events alike, and a small store of values. What was appended survives the death of any part.
 */
export interface MessageBus {
  /** Resolves when the message is kept for good. It waits as long as the message bus is away; the same message is never kept twice. */
  append(subject: string, text: string): Promise<void>;
  /**
   * Hands over every message whose subject begins with `prefix`, from the stream's first or from now on, in the
   * stream's order and one at a time, until it is ended.
   */
  follow(
    prefix: string,
    from: "first" | "now",
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe>;
  put(key: string, value: Json): Promise<void>;
  get(key: string): Promise<Json | undefined>;
  /** Deletes the run's stream and values. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
