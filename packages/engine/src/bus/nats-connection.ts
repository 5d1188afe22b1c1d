import type { BusAccess } from "@ape/core/config/runtime/bus";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import { systemClock as clock } from "../host/clock.ts";

export interface NatsBusOptions extends BusAccess {
  /** The run that owns the stream and the values. */
  run: string;
  /** Milliseconds that the bus may take to answer; unlimited by default. */
  patienceMs?: number;
}

const PAUSE_MS = 100;
/** Time limit of one attempt to connect: an address that no longer exists answers nothing. */
const CONNECT_MS = 2_000;
/** A connection without an answer to two pings, at this interval, is closed and made again. */
const PING_MS = 2_000;

/**
 * Connects to a run's NATS server; once that was reached, the connection is made again for as long as it takes.
 * @param until monotonic milliseconds until which it is tried
 * @throws ApeError CONTAINERS_FAILED if it does not answer in time, or refuses the credentials
 */
export async function connectNats(options: NatsBusOptions, until: number): Promise<NatsConnection> {
  const { url, token, user, password, creds, tls } = options;
  const common = {
    servers: url.split(","),
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user, pass: password ?? "" }),
    ...(creds === undefined ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
    ...(tls === undefined ? {} : { tls }),
    timeout: CONNECT_MS,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    pingInterval: PING_MS,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  };
  for (;;) {
    try {
      return await connect(common);
    } catch (thrown) {
      if (/authorization|authentication/i.test(messageOf(thrown)))
        throw new ApeError("CONTAINERS_FAILED", `the message bus at ${url} refuses the credentials`, {
          cause: thrown,
          hint: "If `bus.url` is set: see `bus.credentials`. Otherwise another run's message bus listens there.",
        });
      if (clock.now() >= until) throw unreachableBus(options, thrown);
      await clock.sleep(PAUSE_MS);
    }
  }
}

export function unreachableBus({ url, run }: NatsBusOptions, cause: unknown): ApeError {
  return new ApeError("CONTAINERS_FAILED", `the message bus of run ${run} does not answer at ${url}`, {
    cause,
    hint: "See its log with `ape-test logs --containers nats`.",
  });
}
