import type { Dispatcher } from "undici";
import type { ActiveRequest } from "../src/call.ts";
import type { Sender } from "../src/connection-pool.ts";
import type { ConnectionTiming } from "../src/connection-timing.ts";
import type { RequestOptions } from "../src/request-head.ts";

/** For tests: all that a handler was told of one request. */
export interface ReadOutcome {
  status: number;
  message: string;
  headers: Record<string, unknown>;
  body: string;
  trailers: Record<string, unknown>;
  fresh: ConnectionTiming | undefined;
  /** Whether the request was sent before, on another connection. */
  resent: boolean;
  error: (Error & { code?: string }) | undefined;
  /** How often it was told of an end: once, if all is well. */
  ends: number;
}

/** Hooks of a test, called before an outcome takes note. */
export type Hooks = Partial<{
  start(controller: Dispatcher.DispatchController): void;
  head(controller: Dispatcher.DispatchController): void;
  data(controller: Dispatcher.DispatchController, bytes: Buffer): void;
  end(): void;
}>;

/** Sends one request and waits for its end. */
export function outcomeOf(
  sender: Sender,
  more: Partial<RequestOptions> = {},
  hooks: Hooks = {},
): Promise<ReadOutcome> {
  const pieces: Buffer[] = [];
  const outcome: ReadOutcome = {
    status: 0,
    message: "",
    headers: {},
    body: "",
    trailers: {},
    fresh: undefined,
    resent: false,
    error: undefined,
    ends: 0,
  };
  return new Promise((resolve) => {
    const end = (): void => {
      outcome.ends += 1;
      outcome.body = Buffer.concat(pieces).toString("latin1");
      // Whatever comes after the end would be counted too.
      setImmediate(() => resolve(outcome));
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        outcome.fresh = (controller as Partial<ActiveRequest>).fresh;
        outcome.resent = (controller as Partial<ActiveRequest>).resent === true;
        hooks.start?.(controller);
      },
      onResponseStart(controller, status, headers, message) {
        hooks.head?.(controller);
        outcome.status = status;
        outcome.message = message ?? "";
        outcome.headers = { ...headers };
      },
      onResponseData(controller, bytes) {
        hooks.data?.(controller, bytes);
        pieces.push(bytes);
      },
      onResponseEnd(_controller, trailers) {
        hooks.end?.();
        outcome.trailers = { ...trailers };
        end();
      },
      onResponseError(_controller, error) {
        outcome.error = error;
        end();
      },
    };
    const order: RequestOptions = { origin: "", path: "/", method: "GET", headers: [], body: null, ...more };
    sender.dispatch(order, handler);
  });
}
