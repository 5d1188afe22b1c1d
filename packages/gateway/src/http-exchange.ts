import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { offAbort, onAbort } from "@ape/core/lib/abort";
import type { Clock } from "@ape/core/lib/clock";
import type { SecretMasker } from "@ape/core/lib/mask";
import type { TransportError, TransportErrorCode } from "@ape/core/protocol/tool-call";
import type { ActiveRequest } from "@ape/http/call";
import type { Sender } from "@ape/http/connection-pool";
import type { ConnectionTiming } from "@ape/http/connection-timing";
import { settleAtTurnEnd } from "@ape/http/turn-end";
import type { Dispatcher } from "undici";
import { PublicAddressError } from "./authorization.ts";

/** One request as it is sent. */
export interface HttpRequest {
  origin: string;
  path: string;
  method: Dispatcher.HttpMethod;
  /** Names and values alternate. */
  headers: string[];
  body: string | Buffer | null;
  /** The origin of the forward proxy. */
  via?: string | undefined;
  connectMs: number;
  firstByteMs: number;
  /** The configured limit of a whole call. */
  totalMs: number;
  /** The remaining part of it. */
  leftMs: number;
  maxBody: number;
}

/** The result of one attempt, timed in milliseconds. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The answer was longer than `maxBody`; the rest was not read. */
  cut: boolean;
  queue: number;
  fresh: ConnectionTiming | undefined;
  /** The request was sent a second time, on a fresh connection. */
  resent: boolean;
  firstByte: number;
  bodyMs: number;
  error?: TransportError;
  /** Secrets of the target's configuration, which are masked in its answers. */
  secrets?: SecretMasker;
}

const EMPTY = Buffer.alloc(0);

/** Sends one request. Never rejects. */
export function exchange(
  sender: Sender,
  request: HttpRequest,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(request, clock, signal, resolve);
    try {
      sender.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body,
          headersTimeout: request.firstByteMs,
        },
        handler,
      );
    } catch (thrown) {
      handler.fail(thrown as Error);
    }
  });
}

const expire = (handler: ExchangeHandler): void => handler.expired();

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (answer: HttpResponse) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #handedOver: number;
  #controller: Dispatcher.DispatchController | undefined;
  #connection: ConnectionTiming | undefined;
  #resent = false;
  #sentAt = -1;
  #firstAt = -1;
  #status = 0;
  #headers: HttpResponse["headers"] = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #over = false;

  constructor(
    request: HttpRequest,
    clock: Clock,
    signal: AbortSignal | undefined,
    resolve: (answer: HttpResponse) => void,
  ) {
    this.#request = request;
    this.#clock = clock;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#handedOver = clock.now();
    this.#timer = setTimeout(expire, request.leftMs, this);
    if (signal?.aborted === true) this.aborted();
    else if (signal !== undefined) onAbort(signal, this);
  }

  expired(): void {
    this.#finish({ code: "timeout", message: `no complete answer within ${this.#request.totalMs} ms` }, true);
  }

  aborted(): void {
    this.#finish({ code: "cancelled", message: "the session or the run ended first" }, true);
  }

  /** @param controller undici's own has no timing: connections through a proxy are not measured */
  onRequestStart(
    controller: Dispatcher.DispatchController & Partial<Pick<ActiveRequest, "fresh" | "resent">>,
  ): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(new Error("no longer wanted"));
      return;
    }
    this.#sentAt = this.#clock.now();
    this.#connection = controller.fresh;
    this.#resent = controller.resent === true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse["headers"],
  ): void {
    if (status < 200) return;
    this.#firstAt = this.#clock.now();
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    const room = this.#request.maxBody - this.#bytes;
    if (chunk.length > room) {
      if (room > 0) this.#chunks.push(chunk.subarray(0, room));
      this.#bytes += room;
      this.#finish(undefined, true, true);
      return;
    }
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish(undefined, false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: Error): void {
    this.#finish(toTransportError(error, this.#request, this.#firstAt >= 0), false);
  }

  #finish(error: TransportError | undefined, abort: boolean, cut = false): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    if (this.#signal !== undefined) offAbort(this.#signal, this);
    const now = this.#clock.now();
    const sent = this.#sentAt < 0 ? now : this.#sentAt;
    const first = this.#firstAt < 0 ? now : this.#firstAt;
    const fresh = this.#connection;
    const connecting = fresh === undefined ? 0 : fresh.dns + fresh.connect + fresh.tls;
    const [only] = this.#chunks;
    const answer: HttpResponse = {
      status: this.#status,
      headers: this.#headers,
      body: this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : (only ?? EMPTY),
      cut,
      queue: Math.max(0, sent - this.#handedOver - connecting),
      fresh,
      resent: this.#resent,
      firstByte: first - sent,
      bodyMs: this.#firstAt < 0 ? 0 : now - first,
    };
    if (error !== undefined) answer.error = error;
    settleAtTurnEnd(this.#resolve, answer);
    this.#chunks = [];
    if (abort) this.#controller?.abort(new Error("no longer wanted"));
  }
}

const BY_CODE: Record<string, TransportErrorCode> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  EADDRNOTAVAIL: "gateway",
  EMFILE: "gateway",
  ENFILE: "gateway",
  ENOBUFS: "gateway",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
};

/** The limit of this machine that an error code reports. */
function limitOf(code: string): string {
  if (code === "EADDRNOTAVAIL") return "this machine has no port left for it";
  if (code === "ENOBUFS") return "this machine has no memory left for sockets";
  return "this process has no file descriptor left; raise the limit with `ulimit -n`";
}

/** Whether this process can open no file: then no name resolves either, which is not the target's fault. */
function hasNoFiles(): boolean {
  try {
    closeSync(openSync(devNull, "r"));
    return false;
  } catch (thrown) {
    return ["EMFILE", "ENFILE"].includes((thrown as NodeJS.ErrnoException).code ?? "");
  }
}

/** Translates an error of the socket or of undici. */
export function toTransportError(
  error: Error & { code?: string; cause?: unknown },
  request: Pick<HttpRequest, "origin" | "via" | "connectMs" | "firstByteMs" | "totalMs">,
  started: boolean,
): TransportError {
  const code = error.code ?? "";
  const { origin, via, connectMs, firstByteMs, totalMs } = request;
  if (error instanceof PublicAddressError) return { code: "gateway", message: error.message };
  const known = BY_CODE[code];
  if (via !== undefined && (known === "refused" || known === "dns" || code === "UND_ERR_CONNECT_TIMEOUT"))
    return { code: "gateway", message: `the forward proxy ${via} cannot be reached: ${error.message}` };
  if (code === "ERR_PROXY_TUNNEL")
    return {
      code: "gateway",
      message: `the forward proxy ${via} opened no tunnel to ${origin}: ${error.message}`,
    };
  if (code === "UND_ERR_CONNECT_TIMEOUT")
    return { code: "timeout", message: `no connection to ${origin} within ${connectMs} ms` };
  if (code === "UND_ERR_HEADERS_TIMEOUT")
    return { code: "timeout", message: `no first byte within ${firstByteMs} ms` };
  if (code === "UND_ERR_BODY_TIMEOUT")
    return { code: "timeout", message: `no complete answer within ${totalMs} ms` };
  if (known === "gateway" || (known === "dns" && hasNoFiles()))
    return { code: "gateway", message: `no connection to ${origin} can be opened: ${limitOf(code)}` };
  if (known === "refused") return { code: known, message: `${origin} refused the connection` };
  if (known === "dns") return { code: known, message: `the name in ${origin} does not resolve` };
  if (known === "reset")
    return {
      code: known,
      message: started
        ? "the connection was cut in the middle of the answer"
        : "the connection was cut before an answer",
    };
  if (/CERT|TLS|SSL|SIGNATURE|ALTNAME/.test(code) || /certificate|ssl|tls/i.test(error.message)) {
    // Plain HTTP has no TLS but that of the way to the proxy.
    if (via !== undefined && origin.startsWith("http:"))
      return {
        code: "gateway",
        message: `no trusted TLS connection to the forward proxy ${via}: ${plainTlsMessage(error.message)}`,
      };
    return {
      code: "tls",
      message: `no trusted TLS connection to ${origin}: ${plainTlsMessage(error.message)}`,
    };
  }
  if (/^HPE_|UND_ERR_RES|UND_ERR_HEADERS_OVERFLOW/.test(code))
    return { code: "protocol", message: `the answer is not HTTP: ${error.message}` };
  if (/^UND_ERR_INVALID_ARG|^UND_ERR_REQ|ERR_INVALID/.test(code))
    return { code: "invalid_call", message: error.message };
  return { code: "gateway", message: error.message };
}

/** OpenSSL's reason without its error number, source file and line: `80A..:error:0A00010B:SSL routines:f:wrong version number:../ssl/x.c:354:`. */
function plainTlsMessage(message: string): string {
  const parts = /error:[\dA-F]{8}:([^:]*):[^:]*:([^:]*):/i.exec(message);
  return parts === null ? (message.split("\n")[0] ?? "") : (parts[2] ?? message);
}
