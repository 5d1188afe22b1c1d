import { ApeError } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";
import type { BusMessage, MessageBus, Unsubscribe } from "../src/bus/message-bus.ts";
import { RequestWait } from "../src/bus/request-wait.ts";

interface Follower {
  subject: string;
  next: number;
  visit: (message: BusMessage) => void | Promise<void>;
  /** The visit under way. */
  busy: Promise<void>;
  ended: boolean;
}

/**
 * A message bus for parts that share a process. Messages go over as text, as they do between processes. Like a server, it
 * can be away for a while, and lose everything.
 */
export class InProcessBus implements MessageBus {
  readonly lost: Promise<ApeError>;
  #lose: (error: ApeError) => void = () => undefined;
  #loss: ApeError | undefined;
  readonly #wait = new RequestWait();
  /** Resolves when the bus answers again. */
  #present = Promise.resolve();
  #resume: () => void = () => undefined;
  readonly #stream: BusMessage[] = [];
  readonly #values = new Map<string, string>();
  readonly #followers = new Set<Follower>();

  constructor() {
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  get awayMs(): number {
    return this.#wait.awayMs;
  }

  /** From now on nothing is answered. */
  interrupt(): void {
    this.#present = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume();
  }

  /** Loses every message, as a server without its disk does. */
  lose(): void {
    this.#loss = new ApeError("CONTAINERS_FAILED", "the message bus has lost its stream");
    this.#stream.length = 0;
    this.#resume();
    this.#lose(this.#loss);
  }

  async #ask<T>(answer: () => T): Promise<T> {
    const done = this.#wait.begin();
    await this.#present;
    done(true);
    if (this.#loss !== undefined) throw this.#loss;
    return answer();
  }

  append(subject: string, text: string): Promise<void> {
    return this.#ask(() => this.#store(subject, text));
  }

  #store(subject: string, text: string): void {
    this.#stream.push({ subject, text });
    for (const follower of this.#followers) this.#feed(follower);
  }

  async follow(
    subject: string,
    from: "first" | "now",
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe> {
    const next = from === "first" ? 0 : this.#stream.length;
    const follower: Follower = { subject, next, visit, busy: Promise.resolve(), ended: false };
    this.#followers.add(follower);
    this.#feed(follower);
    return async () => {
      follower.ended = true;
      this.#followers.delete(follower);
      await follower.busy;
    };
  }

  #feed(follower: Follower): void {
    follower.busy = follower.busy.then(async () => {
      while (!follower.ended && follower.next < this.#stream.length) {
        const message = this.#stream[follower.next] as BusMessage;
        follower.next += 1;
        if (isOf(message.subject, follower.subject)) await follower.visit(message);
      }
    });
  }

  async put(key: string, value: Json): Promise<void> {
    await this.#ask(() => this.#values.set(key, JSON.stringify(value)));
  }

  async get(key: string): Promise<Json | undefined> {
    const text = await this.#ask(() => this.#values.get(key));
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }

  async forget(): Promise<void> {
    this.#stream.length = 0;
    this.#values.clear();
    for (const follower of this.#followers) follower.next = 0;
  }

  async close(): Promise<void> {
    for (const follower of this.#followers) follower.ended = true;
    this.#followers.clear();
  }
}

function isOf(subject: string, followed: string): boolean {
  return followed === "" || followed.endsWith(".") ? subject.startsWith(followed) : subject === followed;
}
