import { randomBytes } from "node:crypto";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { Json } from "@ape/core/lib/json";
import {
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  StorageType,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { connect, type NatsConnection, nanos } from "@nats-io/transport-node";
import { systemClock as clock } from "../host/clock.ts";
import type { BusMessage, MessageBus, Unsubscribe } from "./message-bus.ts";

export interface NatsBusOptions {
  /** `nats://127.0.0.1:4222`. */
  url: string;
  /** The run's token. */
  token?: string;
  /** The run that owns the stream and the values. */
  run: string;
  /** Milliseconds that the bus may take to answer; unlimited by default. */
  patienceMs?: number;
}

const ACK_MS = 2_000;
const PAUSE_MS = 100;
/** A message that is published again within this time is recognised by its id and stored once. */
const MEMORY_MS = 60 * 60 * 1_000;
/** Streams delete messages after this time. The engine deletes the stream of a run that has ended. */
const AGE_MS = 30 * 24 * 60 * 60 * 1_000;
/** Time limit of one attempt to connect, if the time for all of them is limited. */
const CONNECT_MS = 2_000;

/**
 * A message bus on NATS JetStream: one stream per run on disk, one bucket of values. Each process that opens it creates
 * what is missing. Once it was reached, it reconnects for as long as it takes.
 * @throws ApeError CONTAINERS_FAILED if it does not answer in time or refuses the token
 */
export async function openNatsBus(options: NatsBusOptions): Promise<MessageBus> {
  const { patienceMs } = options;
  const until = patienceMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + patienceMs;
  const connection = await connectBy(until, options);
  const name = `ape-${options.run}`;
  try {
    const manager = await patiently(connection, () => jetstreamManager(connection), until);
    const stream = {
      name,
      subjects: [`${name}.>`],
      storage: StorageType.File,
      duplicate_window: nanos(MEMORY_MS),
      max_age: nanos(AGE_MS),
    };
    await patiently(connection, () => manager.streams.add(stream), until);
    const bucket = () => new Kvm(connection).create(`${name}-values`, { storage: StorageType.File });
    const values = await patiently(connection, bucket, until);
    return new NatsBus(connection, manager, values, name);
  } catch (thrown) {
    await connection.close().catch(() => undefined);
    throw clock.now() >= until ? unreachable(options, thrown) : thrown;
  }
}

async function connectBy(until: number, options: NatsBusOptions): Promise<NatsConnection> {
  const { url, token } = options;
  const common = {
    servers: url,
    ...(token === undefined ? {} : { token }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    pingInterval: 5_000,
    maxPingOut: 2,
  };
  if (until === Number.POSITIVE_INFINITY) return connect({ ...common, waitOnFirstConnect: true });
  for (;;) {
    try {
      return await connect({ ...common, reconnect: true, timeout: CONNECT_MS });
    } catch (thrown) {
      if (/authorization|authentication/i.test(messageOf(thrown)))
        throw new ApeError(
          "CONTAINERS_FAILED",
          `the message bus at ${url} is another run's: it refuses the token`,
          {
            cause: thrown,
          },
        );
      if (clock.now() >= until) throw unreachable(options, thrown);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function unreachable({ url, run }: NatsBusOptions, cause: unknown): ApeError {
  return new ApeError("CONTAINERS_FAILED", `the message bus of run ${run} does not answer at ${url}`, {
    cause,
    hint: "See its log with `ape-test logs --containers nats`.",
  });
}

class NatsBus implements MessageBus {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #values: KV;
  readonly #name: string;
  /** Prefix of the id of every message of this process. */
  readonly #self = randomBytes(6).toString("hex");
  #appended = 0;

  constructor(connection: NatsConnection, manager: JetStreamManager, values: KV, name: string) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection);
    this.#values = values;
    this.#name = name;
  }

  async append(subject: string, text: string): Promise<void> {
    this.#appended += 1;
    const msgID = `${this.#self}-${this.#appended}`;
    await patiently(this.#connection, () =>
      this.#client.publish(`${this.#name}.${subject}`, text, { msgID, timeout: ACK_MS }),
    );
  }

  async follow(
    prefix: string,
    from: "first" | "now",
    visit: (message: BusMessage) => void | Promise<void>,
  ): Promise<Unsubscribe> {
    const skip = this.#name.length + 1;
    const consumer = await patiently(this.#connection, () =>
      this.#client.consumers.get(this.#name, {
        deliver_policy: from === "first" ? DeliverPolicy.All : DeliverPolicy.New,
      }),
    );
    const messages = await patiently(this.#connection, () =>
      consumer.consume({ max_messages: 256, expires: 2_000, idle_heartbeat: 1_000 }),
    );
    const followed = (async () => {
      for await (const message of messages) {
        const subject = message.subject.slice(skip);
        if (subject.startsWith(prefix)) await visit({ subject, text: message.string() });
      }
    })();
    return async () => {
      await messages.close();
      await followed;
    };
  }

  async put(key: string, value: Json): Promise<void> {
    await patiently(this.#connection, () => this.#values.put(key, JSON.stringify(value)));
  }

  async get(key: string): Promise<Json | undefined> {
    const entry = await patiently(this.#connection, () => this.#values.get(key));
    return entry === null || entry.operation !== "PUT" ? undefined : (JSON.parse(entry.string()) as Json);
  }

  async forget(): Promise<void> {
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
  until = Number.POSITIVE_INFINITY,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (connection.isClosed() || !isPassing(thrown) || clock.now() >= until) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
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
