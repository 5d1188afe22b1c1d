import { randomBytes } from "node:crypto";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";
import {
  type ConsumerMessages,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  StorageType,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type NatsConnection, nanos } from "@nats-io/transport-node";
import { systemClock as clock } from "../host/clock.ts";
import { type ConfirmedMessage, isStillStored, MESSAGE_ID, newer } from "./confirmed-message.ts";
import type { BusMessage, MessageBus, Unsubscribe } from "./message-bus.ts";
import { connectNats, type NatsBusOptions, unreachableBus } from "./nats-connection.ts";
import { RequestWait } from "./request-wait.ts";

const ACK_MS = 2_000;
const PAUSE_MS = 100;
/** Bytes of messages that the server may send ahead to a follower: it closes connections that are 64 MB behind. */
const MOST_PENDING_BYTES = 16 * 1024 * 1024;
/** A message that is published again within this time is recognised by its id and stored once. */
const MEMORY_MS = 60 * 60 * 1_000;
/** Streams delete messages after this time. The engine deletes the stream of a run that has ended. */
const AGE_MS = 30 * 24 * 60 * 60 * 1_000;
/** Size limit of the values, where streams have one: a run keeps only a few small ones. */
const VALUES_BYTES = 1024 * 1024;
/** The stream is looked up at most this often while its server refuses messages. */
const CHECK_MS = 1_000;

/**
 * A message bus on NATS JetStream: one stream per run on disk, one bucket of values. Each process that opens it creates
 * what is missing. Once it was reached, it reconnects for as long as it takes.
 * @throws ApeError CONTAINERS_FAILED if it does not answer in time, refuses the credentials or the stream
 */
export async function openNatsBus(options: NatsBusOptions): Promise<MessageBus> {
  const { patienceMs, replicas = 1, maxBytes, maxAgeMs = AGE_MS } = options;
  const until = patienceMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + patienceMs;
  const connection = await connectNats(options, until);
  const name = `ape-${options.run}`;
  try {
    const manager = await patiently(connection, () => jetstreamManager(connection), until);
    const stream = {
      name,
      subjects: [`${name}.>`],
      storage: StorageType.File,
      num_replicas: replicas,
      // A full stream refuses messages: without this, it would delete the oldest ones silently.
      discard: DiscardPolicy.New,
      ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
      duplicate_window: nanos(Math.min(MEMORY_MS, maxAgeMs)),
      max_age: nanos(maxAgeMs),
    };
    const { created } = await patiently(connection, () => manager.streams.add(stream), until);
    const bucket = () =>
      new Kvm(connection).create(`${name}-values`, {
        storage: StorageType.File,
        replicas,
        ...(maxBytes === undefined ? {} : { max_bytes: VALUES_BYTES }),
      });
    const values = await patiently(connection, bucket, until);
    return new NatsBus(connection, manager, values, { name, created, run: options.run });
  } catch (thrown) {
    await connection.close().catch(() => undefined);
    if (thrown instanceof ApeError) throw thrown;
    if (clock.now() >= until) throw unreachableBus(options, thrown);
    throw new ApeError("CONTAINERS_FAILED", `the message bus of run ${options.run} refuses its stream`, {
      cause: thrown,
      hint: "JetStream must be enabled, and its limits must admit `bus.replicas` and `bus.maxBytes`.",
    });
  }
}

class NatsBus implements MessageBus {
  readonly lost: Promise<ApeError>;
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #values: KV;
  readonly #name: string;
  readonly #run: string;
  /** When the stream was created: one with the same name and another time has lost this one's messages. */
  readonly #created: string;
  /** Prefix of the id of every message of this process. */
  readonly #self = randomBytes(6).toString("hex");
  readonly #wait = new RequestWait();
  readonly #followed = new Set<ConsumerMessages>();
  #appended = 0;
  #checkedAt = Number.NEGATIVE_INFINITY;
  /** The newest message that this end has stored or received. */
  #newest: ConfirmedMessage | undefined;
  /** That of the time when the connection was lost, until the server was seen to have it still. */
  #unverified: ConfirmedMessage | undefined;
  #isVerifying = false;
  #loss: ApeError | undefined;
  #lose: (error: ApeError) => void = () => undefined;
  #forgotten = false;

  constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    values: KV,
    { name, created, run }: { name: string; created: string; run: string },
  ) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection);
    this.#values = values;
    this.#name = name;
    this.#created = created;
    this.#run = run;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    void this.#watchConnection();
  }

  get awayMs(): number {
    return this.#wait.awayMs;
  }

  /** Checks after every reconnection whether the server still has the stream, and the messages that it had confirmed. */
  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === "disconnect") this.#unverified ??= this.#newest;
      else if (type === "reconnect") void this.#check().then(() => this.#verify());
    }
  }

  /** Finds out, as soon as the server answers, whether it has lost messages that were confirmed. */
  async #verify(): Promise<void> {
    if (this.#isVerifying) return;
    this.#isVerifying = true;
    while (this.#unverified !== undefined && !this.#isOver)
      try {
        const kept = await isStillStored(this.#manager, this.#name, this.#unverified);
        this.#unverified = undefined;
        if (!kept) this.#fail("has lost messages that it had confirmed");
      } catch {
        // It does not answer yet, or has no such stream.
        await this.#check();
        await clock.sleep(CHECK_MS);
      }
    this.#isVerifying = false;
  }

  get #isOver(): boolean {
    return this.#loss !== undefined || this.#forgotten || this.#connection.isClosed();
  }

  /** Notes a message that the server has stored. */
  #confirm(seq: number, id: () => string): void {
    this.#newest = newer(this.#newest, { seq, id });
  }

  /** Finds out whether the stream was lost. */
  async #check(): Promise<void> {
    if (clock.now() - this.#checkedAt < CHECK_MS || this.#forgotten) return;
    this.#checkedAt = clock.now();
    try {
      const { created } = await this.#manager.streams.info(this.#name);
      if (created !== this.#created) this.#fail("has lost its stream, and another one was made");
    } catch (thrown) {
      if (/stream not found/i.test(messageOf(thrown))) this.#fail("has lost its stream", thrown);
    }
  }

  #fail(what: string, cause?: unknown): ApeError {
    if (this.#loss !== undefined) return this.#loss;
    const full = cause !== undefined && isFull(cause);
    this.#loss = new ApeError("CONTAINERS_FAILED", `the message bus of run ${this.#run} ${what}`, {
      cause,
      hint: full
        ? "Raise `bus.maxBytes`, or the limits of the NATS account. What was recorded until then is kept."
        : "What was recorded until then is kept: `ape-test report`. Give NATS storage that survives its restart, and that two servers never use at once.",
    });
    if (!this.#forgotten) this.#lose(this.#loss);
    for (const messages of this.#followed) void messages.close();
    return this.#loss;
  }

  /** Repeats a request until the bus answers it. @throws ApeError if the stream was lost */
  async #ask<T>(request: () => Promise<T>): Promise<T> {
    const done = this.#wait.begin();
    let answered = false;
    try {
      for (;;) {
        if (this.#loss !== undefined) throw this.#loss;
        try {
          const result = await request();
          answered = true;
          return result;
        } catch (thrown) {
          if (isFull(thrown)) throw this.#fail("is full", thrown);
          if (this.#connection.isClosed() || !isPassing(thrown)) throw thrown;
          await this.#check();
          await clock.sleep(PAUSE_MS);
        }
      }
    } finally {
      done(answered);
    }
  }

  async append(subject: string, text: string): Promise<void> {
    this.#appended += 1;
    const msgID = `${this.#self}-${this.#appended}`;
    const { seq } = await this.#ask(() =>
      this.#client.publish(`${this.#name}.${subject}`, text, { msgID, timeout: ACK_MS }),
    );
    this.#confirm(seq, () => msgID);
  }

  async follow(
    subject: string,
    from: "first" | "now",
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe> {
    if (from === "now" && !subject.endsWith(".") && subject !== "") return this.#followLive(subject, visit);
    const skip = this.#name.length + 1;
    const filter = `${this.#name}.${subject}${subject === "" || subject.endsWith(".") ? ">" : ""}`;
    let last = 0;
    let ended = false;
    const consume = async (): Promise<ConsumerMessages> => {
      const start =
        last > 0
          ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last + 1 }
          : { deliver_policy: from === "first" ? DeliverPolicy.All : DeliverPolicy.New };
      const consumer = await this.#ask(() =>
        this.#client.consumers.get(this.#name, { ...start, filter_subjects: filter }),
      );
      return this.#ask(() =>
        consumer.consume({ max_bytes: MOST_PENDING_BYTES, expires: 2_000, idle_heartbeat: 1_000 }),
      );
    };
    let messages = await consume();
    const deliver = async (): Promise<void> => {
      this.#followed.add(messages);
      try {
        for await (const message of messages) {
          last = message.seq;
          this.#confirm(message.seq, () => message.headers?.get(MESSAGE_ID) ?? "");
          await visit({ subject: message.subject.slice(skip), text: message.string() });
        }
      } finally {
        this.#followed.delete(messages);
      }
    };
    const followed = (async () => {
      for (;;) {
        const failed = await deliver().then(
          () => false,
          (thrown: unknown) => isPassing(thrown) || /consumer|heartbeat/i.test(messageOf(thrown)),
        );
        if (!failed || ended || this.#loss !== undefined || this.#connection.isClosed()) return;
        messages = await consume();
      }
    })();
    followed.catch(() => undefined);
    return async () => {
      ended = true;
      await messages.close();
      await followed.catch(() => undefined);
    };
  }

  /**
   * Delivers new messages of one subject outside of JetStream, which costs the server no state for each follower. Those
   * that come while the connection is down are missed.
   */
  async #followLive(
    subject: string,
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe> {
    const subscription = this.#connection.subscribe(`${this.#name}.${subject}`);
    const followed = (async () => {
      for await (const message of subscription) await visit({ subject, text: message.string() });
    })();
    followed.catch(() => undefined);
    await this.#connection.flush();
    return async () => {
      subscription.unsubscribe();
      await followed.catch(() => undefined);
    };
  }

  async put(key: string, value: Json): Promise<void> {
    await this.#ask(() => this.#values.put(key, JSON.stringify(value)));
  }

  async get(key: string): Promise<Json | undefined> {
    const entry = await this.#ask(() => this.#values.get(key));
    return entry === null || entry.operation !== "PUT" ? undefined : (JSON.parse(entry.string()) as Json);
  }

  async forget(): Promise<void> {
    this.#forgotten = true;
    await this.#manager.streams.delete(this.#name);
    await this.#manager.streams.delete(`KV_${this.#name}-values`);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** Retries until it succeeds or the connection is closed: a restarting NATS does not answer for a while. */
async function patiently<T>(
  connection: NatsConnection,
  attempt: () => Promise<T>,
  until: number,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (connection.isClosed() || !isPassing(thrown) || clock.now() >= until) throw thrown;
      await clock.sleep(PAUSE_MS);
    }
  }
}

/** Whether an error means that there is no answer at present, and not that the request is wrong. */
function isPassing(thrown: unknown): boolean {
  const { name = "", code, message = "" } = thrown as { name?: string; code?: number; message?: string };
  return (
    /Timeout|NoResponders|Connection|Request|Disconnect|JetStreamNotEnabled|Draining/i.test(name) ||
    code === 503 ||
    /timeout|no responders|disconnect|503|not available|not enabled/i.test(message)
  );
}

/** Whether a server refuses a message because the stream, the account or the disk is full. */
function isFull(thrown: unknown): boolean {
  return /maximum (?:bytes|messages) exceeded|resource limits exceeded|insufficient (?:storage|resources)/i.test(
    messageOf(thrown),
  );
}
