import type { LookupFunction } from "node:net";
import type { Clock } from "@ape/core/lib/clock";
import { type Dispatcher, errors } from "undici";
import { Connection, type ConnectionOwner, isRepeatable, type PendingRequest, refuse } from "./connection.ts";
import { IdleLimit } from "./idle-limit.ts";
import type { ProxyAddress } from "./proxy-settings.ts";
import type { RequestOptions } from "./request-head.ts";
import { SocketOpener, type TlsOptions } from "./socket.ts";

/** An object that sends requests: a {@link ConnectionPool}, or undici if a proxy is in between. */
export interface Sender {
  /** Errors are passed to the handler; undici's senders may also throw. */
  dispatch(order: RequestOptions, handler: Dispatcher.DispatchHandler): void;
  destroy(): Promise<void>;
}

export interface ConnectionPoolOptions {
  /** Scheme, host and port. */
  origin: string;
  /** Most connections at a time; further requests wait. */
  connections: number;
  /** How long an unused connection is kept, in milliseconds; shorter if the server requires it. */
  idleMs: number;
  /** Bounds the opening of a connection, in milliseconds; undefined is endless. */
  connectTimeout: number | undefined;
  tls?: TlsOptions;
  /** Finds the addresses of the origin's name; the system's by default. */
  lookup?: LookupFunction;
  /** The forward proxy to tunnel through; only for origins with TLS. */
  tunnel?: ProxyAddress;
  clock: Clock;
}

const SWEEP_MS = 1_000;
/** A connection is given up so long before the server does it: a request must not meet the end on its way. */
const HINT_MARGIN_MS = 2_000;

/**
 * Connections to one origin, each with one request at a time (HTTP/1.1 without pipelining). The one used last serves
 * next, so that what is too much falls idle; with hundreds of them that is much cheaper than undici's pool, which looks
 * through its connections for each request. It speaks undici's handler interface and throws undici's errors.
 */
export class ConnectionPool implements Sender, ConnectionOwner {
  readonly #options: ConnectionPoolOptions;
  readonly #opener: SocketOpener;
  readonly host: string;
  readonly #all = new Set<Connection>();
  /** The one used last at the end; may hold some that have died since. */
  #idle: Connection[] = [];
  /**
   * Free, but not yet for two turns of the event loop: what a server sends unasked, or its end, is seen by then. The
   * answer and the end that follows it at once are read in different turns.
   */
  #resting: Connection[] = [];
  #nearlyRested: Connection[] = [];
  #waiting: PendingRequest[] = [];
  /** How many of the waiting have left, at their begin. */
  #left = 0;
  readonly #idleLimit = new IdleLimit();
  #sweep: NodeJS.Timeout | undefined;
  #settling = false;
  #destroyed = false;

  constructor(options: ConnectionPoolOptions) {
    const origin = new URL(options.origin);
    this.#options = options;
    this.host = origin.host;
    const { tls, lookup, tunnel, clock, connectTimeout: timeoutMs } = options;
    this.#opener = new SocketOpener(origin, { timeoutMs, clock, tls, lookup, tunnel });
  }

  dispatch(order: RequestOptions, handler: Dispatcher.DispatchHandler): void {
    const pending = { order, handler };
    if (this.#destroyed) refuse(pending, new errors.ClientDestroyedError());
    else if (this.#left < this.#waiting.length) this.#waiting.push(pending);
    else this.#serve(pending);
  }

  /** Ends all connections, and the requests that they serve or that wait for one. */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    clearInterval(this.#sweep);
    const waiting = this.#waiting.slice(this.#left);
    this.#waiting = [];
    this.#left = 0;
    const error = new errors.ClientDestroyedError();
    for (const connection of [...this.#all]) connection.destroy(error);
    for (const pending of waiting) refuse(pending, error);
  }

  release(connection: Connection): void {
    this.#resting.push(connection);
    this.#settle();
  }

  onClose(connection: Connection): void {
    this.#all.delete(connection);
    if (this.#left < this.#waiting.length) this.#settle();
  }

  endedIdle({ idleSince }: Connection): void {
    if (idleSince > 0) this.#idleLimit.ended(this.#options.clock.now() - idleSince);
  }

  resend(pending: PendingRequest): void {
    if (this.#destroyed) {
      refuse(pending, new errors.ClientDestroyedError());
      return;
    }
    // Its own connection has gone, so there is room for another.
    this.#all.add(new Connection(this.#opener, this, pending));
  }

  #serve(pending: PendingRequest): void {
    const idle = this.#takeIdle(pending.order);
    if (idle !== undefined) idle.send(pending);
    else if (this.#all.size < this.#options.connections)
      this.#all.add(new Connection(this.#opener, this, pending));
    else this.#waiting.push(pending);
  }

  #takeIdle(order: RequestOptions): Connection | undefined {
    const now = this.#options.clock.now();
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.dead) continue;
      if (now >= last.expiresAt) {
        last.retire();
        continue;
      }
      if (!this.#idleLimit.isNear(now - last.idleSince) || isRepeatable(order)) return last;
      // Kept for requests that may be sent twice, unless it takes the place of the one to be opened.
      if (this.#all.size < this.#options.connections) this.#idle.push(last);
      else last.retire();
      return undefined;
    }
    return undefined;
  }

  /** Once a turn of the event loop, and never within a handler's call. */
  #settle(): void {
    if (this.#settling || this.#destroyed) return;
    this.#settling = true;
    setImmediate(this.#rested);
  }

  readonly #rested = (): void => {
    this.#settling = false;
    const rested = this.#nearlyRested;
    this.#nearlyRested = this.#resting;
    this.#resting = [];
    if (this.#nearlyRested.length > 0) this.#settle();
    const now = this.#options.clock.now();
    for (const connection of rested) {
      if (connection.dead) continue;
      const hint = connection.keepAliveMs;
      const idleMs = Math.min(this.#options.idleMs, hint === undefined ? Infinity : hint - HINT_MARGIN_MS);
      if (idleMs <= 0) {
        connection.retire();
        continue;
      }
      connection.idleSince = now;
      connection.expiresAt = now + idleMs;
      this.#idle.push(connection);
    }
    while (this.#left < this.#waiting.length && this.#room()) this.#serve(this.#next());
    if (this.#idle.length > 0) this.#sweep ??= setInterval(this.#sweepIdle, SWEEP_MS).unref();
  };

  #room(): boolean {
    while (this.#idle.at(-1)?.dead === true) this.#idle.pop();
    return this.#idle.length > 0 || this.#all.size < this.#options.connections;
  }

  /** The request that has waited longest. */
  #next(): PendingRequest {
    const pending = this.#waiting[this.#left] as PendingRequest;
    this.#left += 1;
    if (this.#left * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#left);
      this.#left = 0;
    }
    return pending;
  }

  readonly #sweepIdle = (): void => {
    const now = this.#options.clock.now();
    const idle = this.#idle;
    this.#idle = [];
    for (const connection of idle) {
      if (connection.dead) continue;
      if (now >= connection.expiresAt) connection.retire();
      else {
        this.#idleLimit.lives(now - connection.idleSince);
        connection.unref();
        this.#idle.push(connection);
      }
    }
    if (this.#idle.length > 0 || this.#destroyed) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  };
}
