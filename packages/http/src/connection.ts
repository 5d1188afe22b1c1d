import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { type Dispatcher, errors } from "undici";
import { ActiveRequest } from "./call.ts";
import type { ConnectionTiming } from "./connection-timing.ts";
import { type Fields, isAscii } from "./field.ts";
import { type RequestHead, type RequestOptions, requestHead } from "./request-head.ts";
import type { ResponseHead } from "./response-head.ts";
import { type ResponseListener, ResponseReader } from "./response-reader.ts";
import type { SocketListener, SocketOpener } from "./socket.ts";

/** A request that wants to be sent. */
export interface PendingRequest {
  order: RequestOptions;
  handler: Dispatcher.DispatchHandler;
  /** Set once it was sent on a connection that its server had closed: it is not sent a third time. */
  resent?: boolean;
}

/** Callbacks of a connection to its pool. */
export interface ConnectionOwner {
  /** Of the `host` field. */
  readonly host: string;
  /** It has served its request and may serve another. */
  release(connection: Connection): void;
  /** Called once, when the connection has closed. */
  onClose(connection: Connection): void;
  /** The server has ended it while it was unused, or while a request was on its way. */
  endedIdle(connection: Connection): void;
  /** Sends a request again, on a connection that has served none before. */
  resend(pending: PendingRequest): void;
}

/** One connection: opens for a first request, and serves one request at a time. */
export class Connection implements SocketListener, ResponseListener {
  /** On the pool's clock; from then on it is not used any more. */
  expiresAt = 0;
  /** On the pool's clock; when it was last put aside for the next request. */
  idleSince = 0;
  /** How long the server keeps it, as stated, in milliseconds. */
  keepAliveMs: number | undefined;
  /** Whether it has ended, by whomever. */
  dead = false;
  readonly #owner: ConnectionOwner;
  readonly #opener: SocketOpener;
  #socket: Socket;
  readonly #reader = new ResponseReader(this);
  /** The request that it was opened for. */
  #first: PendingRequest | undefined;
  #call: ActiveRequest | undefined;
  /** What {@link #call} serves. */
  #pending: PendingRequest | undefined;
  /** Whether it has served a request before the present one. */
  #reused = false;
  /** Bytes of the present request. */
  #sentBytes = 0;
  /** What opening took, in milliseconds. */
  #openingMs = 0;
  /** Whether it is being found out that the server cannot have read the present request. */
  #probing = false;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;
  #keepAlive = false;
  #unreferenced = false;
  /** Read while its handler wanted no more. */
  #rest: Buffer | undefined;
  #ended = false;

  constructor(opener: SocketOpener, owner: ConnectionOwner, first: PendingRequest) {
    this.#owner = owner;
    this.#opener = opener;
    this.#first = first;
    this.#socket = opener.open(this);
  }

  /** Sends a request; it must be free. */
  send(pending: PendingRequest, fresh?: ConnectionTiming): void {
    const { order, handler } = pending;
    const call = new ActiveRequest(handler, fresh, pending.resent === true, this);
    this.#call = call;
    this.#pending = pending;
    if (this.#unreferenced) {
      this.#unreferenced = false;
      this.#socket.ref();
    }
    try {
      handler.onRequestStart?.(call, null);
    } catch (thrown) {
      call.abort(thrown as Error);
    }
    // Refused before anything was sent: the connection is as good as before.
    if (this.#call !== call) return;
    const head = this.#headOf(order, call);
    if (head === undefined) return;
    this.#keepAlive = head.keepAlive;
    this.#reader.expect(order.method === "HEAD");
    this.#watch(order.headersTimeout ?? 0);
    this.#write(head.text, order.body);
  }

  /** An idle one does not keep the process alive. */
  unref(): void {
    this.#unreferenced = true;
    this.#socket.unref();
  }

  /** Ends it while it serves nothing. */
  retire(): void {
    this.#end();
  }

  /** Closes it, and cancels its request. */
  destroy(error: Error): void {
    const pending = this.#first;
    this.#first = undefined;
    this.#end();
    this.#fail(error);
    if (pending !== undefined) refuse(pending, error);
  }

  /** Of its call: before anything was sent, the connection lives on. */
  abort(reason: Error): void {
    const unsent = !this.#reader.reading;
    if (!unsent) this.#end();
    this.#fail(reason);
    if (unsent && !this.dead) this.#owner.release(this);
  }

  pause(): void {
    this.#reader.held = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#reader.held) return;
    this.#reader.held = false;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.bytes(rest, rest.length);
    if (this.#reader.held) return;
    if (this.#ended) this.finished();
    else this.#socket.resume();
  }

  open(timing: ConnectionTiming): void {
    const pending = this.#first;
    this.#first = undefined;
    this.#openingMs = timing.dns + timing.connect + timing.tls;
    if (pending !== undefined && !this.dead) this.send(pending, timing);
  }

  replaced(socket: Socket): void {
    this.#socket = socket;
    if (this.dead) socket.destroy();
  }

  bytes(bytes: Buffer, length: number): void {
    if (this.dead) return;
    if (this.#rest !== undefined) {
      this.#rest = Buffer.concat([this.#rest, bytes.subarray(0, length)]);
      return;
    }
    let read = 0;
    try {
      read = this.#reader.read(bytes, 0, length);
    } catch (thrown) {
      this.destroy(thrown as Error);
      return;
    }
    if (read === length || this.dead) return;
    if (this.#reader.held && this.#reader.reading) this.#rest = Buffer.from(bytes.subarray(read, length));
    // Nobody asked for these: whatever they belong to, the next answer is not it.
    else this.#end();
  }

  finished(): void {
    this.#ended = true;
    if (this.dead || this.#rest !== undefined) return;
    this.#keepAlive = false;
    try {
      if (this.#reader.close()) return;
    } catch (thrown) {
      this.destroy(thrown as Error);
      return;
    }
    this.#lost(new errors.SocketError("other side closed"), true);
  }

  closed(error: Error | undefined): void {
    if (!this.dead) this.#lost(error ?? new errors.SocketError("the connection was closed"), false);
  }

  head({ status, message, fields, keepAlive, keepAliveMs }: ResponseHead): void {
    this.#keepAlive &&= keepAlive;
    this.keepAliveMs = keepAliveMs;
    const call = this.#call;
    call?.handler.onResponseStart?.(call, status, fields, message);
  }

  content(bytes: Buffer): void {
    const call = this.#call;
    if (call === undefined) return;
    // The memory is overwritten by the next read.
    call.handler.onResponseData?.(call, Buffer.from(bytes));
  }

  end(trailers: Fields): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    this.#reader.held = false;
    this.#pending = undefined;
    this.#reused = true;
    call.detach();
    // An answer that came before its request was sent whole leaves the rest of that on the wire.
    if (!this.#keepAlive || this.#socket.writableLength > 0) this.#end();
    else {
      if (call.paused) this.#socket.resume();
      this.#owner.release(this);
    }
    call.handler.onResponseEnd?.(call, trailers);
  }

  /** Built only now: many requests wait for a connection, and the text is most of the memory that they would hold. */
  #headOf(order: RequestOptions, call: ActiveRequest): RequestHead | undefined {
    try {
      return requestHead(order, this.#owner.host);
    } catch (thrown) {
      call.abort(thrown as Error);
      return undefined;
    }
  }

  #write(head: string, body: RequestOptions["body"]): void {
    const socket = this.#socket;
    this.#sentBytes = head.length + (body?.length ?? 0);
    if (body === null || body.length === 0) socket.write(head, "latin1");
    else if (typeof body === "string" && isAscii(head)) socket.write(head + body);
    else {
      socket.cork();
      socket.write(head, "latin1");
      socket.write(body);
      socket.uncork();
    }
  }

  /** One timer for all requests of the connection: starting it again is cheaper than another. */
  #watch(timeoutMs: number): void {
    if (this.#timer !== undefined && timeoutMs === this.#timerMs) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timerMs = timeoutMs;
    this.#timer = timeoutMs === 0 ? undefined : setTimeout(this.#expire, timeoutMs).unref();
  }

  readonly #expire = (): void => {
    if (this.#reader.awaitsHead && this.#call !== undefined) this.destroy(new errors.HeadersTimeoutError());
  };

  /**
   * The server has ended the connection before the present answer was whole. Servers close idle connections whenever they
   * like; a request that met such an end on its way is sent once more if that can do no harm (RFC 9112, section 9.3.1):
   * its method is idempotent, or the server cannot have read it.
   * @param half the server has closed its side, and no reset has been seen yet
   */
  #lost(error: Error, half: boolean): void {
    const pending = this.#pending;
    const idle = pending !== undefined && this.#reused && pending.resent !== true && this.#reader.untouched;
    if (this.#reused && (pending === undefined || idle)) this.#owner.endedIdle(this);
    const unread = this.#sentBytes <= ONE_FLIGHT_BYTES && this.#isUnread(error);
    if (idle && (unread || isRepeatable(pending.order))) this.#resend(pending);
    else if (idle && half && !this.#probing && this.#sentBytes <= ONE_FLIGHT_BYTES && this.#opener.plain)
      this.#probe(error);
    else this.destroy(error);
  }

  /** Whether an error proves that the server has not read a request that is sent in one piece. */
  #isUnread({ code, syscall }: NodeJS.ErrnoException): boolean {
    return this.#probing ? code === "EPIPE" : syscall === "write" || syscall === "writev";
  }

  #resend(pending: PendingRequest): void {
    this.#call?.detach();
    this.#call = undefined;
    this.#pending = undefined;
    this.#end();
    pending.resent = true;
    this.#owner.resend(pending);
  }

  /**
   * Finds out whether the server closed before the present request reached it. If so, its reset follows its end within a
   * round trip, although nothing else was sent; a write fails with EPIPE then, where one to a server that has read the
   * request and closed succeeds. Where systems report this otherwise, the request just fails.
   */
  #probe(error: Error): void {
    this.#probing = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        if (this.dead) return;
        this.#socket.write("\r\n", "latin1", (failure) => {
          if (failure === undefined || failure === null) this.destroy(error);
          else if (!this.dead) this.#lost(failure, false);
        });
      },
      Math.max(LEAST_PROBE_MS, 2 * this.#openingMs),
    );
  }

  #fail(error: Error): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    this.#pending = undefined;
    call.detach();
    call.reason ??= error;
    call.handler.onResponseError?.(call, error);
  }

  #end(): void {
    if (this.dead) return;
    this.dead = true;
    this.#rest = undefined;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    this.#owner.onClose(this);
  }
}

/** Requests that are sent whole before the first acknowledgement: ten segments of Ethernet (RFC 6928), and no more. */
const ONE_FLIGHT_BYTES = 14_600;
const LEAST_PROBE_MS = 5;
/** Source: RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PUT",
  "DELETE",
  "QUERY",
]);

/** Whether a request may be sent twice: by its method, or by an idempotency key. */
export function isRepeatable({ method, headers }: RequestOptions): boolean {
  if (IDEMPOTENT.has(method)) return true;
  for (let i = 0; i < headers.length; i += 2)
    if (/^(?:x-)?idempotency-key$/i.test(headers[i] as string)) return true;
  return false;
}

/** Tells a handler of a request that no connection has taken. */
export function refuse({ handler }: PendingRequest, error: Error): void {
  handler.onResponseError?.(REFUSED, error);
}

/** There is no connection that could be paused or ended. */
const REFUSED: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};
