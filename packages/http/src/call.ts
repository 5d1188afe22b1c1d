import type { Dispatcher } from "undici";
import type { ConnectionTiming } from "./connection-timing.ts";

/** The connection that has taken a request, as far as the request steers it. */
export interface ActiveConnection {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** One request that a connection has taken, as its handler sees it: undici's controller, and what opening took. */
export class ActiveRequest implements Dispatcher.DispatchController {
  readonly handler: Dispatcher.DispatchHandler;
  /** Of the connection, if it was opened for this request. */
  readonly fresh: ConnectionTiming | undefined;
  /** Whether the request was sent before, on a connection that its server had closed. */
  readonly resent: boolean;
  paused = false;
  reason: Error | null = null;
  #connection: ActiveConnection | undefined;

  constructor(
    handler: Dispatcher.DispatchHandler,
    fresh: ConnectionTiming | undefined,
    resent: boolean,
    connection: ActiveConnection,
  ) {
    this.handler = handler;
    this.fresh = fresh;
    this.resent = resent;
    this.#connection = connection;
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  /** Ends the request and its connection; the handler hears of it once. Without effect once the request is over. */
  abort(reason: Error): void {
    if (this.#connection === undefined) return;
    this.reason = reason;
    this.#connection.abort(reason);
  }

  pause(): void {
    this.paused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#connection?.resume();
  }

  /** The request is over: its connection is another's from now on. */
  detach(): void {
    this.#connection = undefined;
  }
}
