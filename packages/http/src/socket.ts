import { Buffer } from "node:buffer";
import { connect, type LookupFunction, type Socket } from "node:net";
import type { Clock } from "@ape/core/clock";
import { buildConnector, errors } from "undici";
import type { ConnectionTiming } from "./call.ts";

/** Certificates and keys, as node:tls takes them. */
export interface TlsOptions {
  rejectUnauthorized?: boolean;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** The server's name in TLS, where it is not that of the origin. */
  servername?: string;
}

export interface SocketListener {
  open(timing: ConnectionTiming): void;
  /** The bytes are overwritten by the next read, of whatever socket. */
  bytes(bytes: Buffer, length: number): void;
  /** The server has closed its side. */
  finished(): void;
  /** The last event, whoever ended the socket and why. */
  closed(error: Error | undefined): void;
}

const READ_BYTES = 64 * 1024;
/** As undici and curl have it: a peer that vanished is noticed after a minute. */
const KEEP_ALIVE_MS = 60_000;

/** Reads are handled before the next one begins, so all sockets of a process read into the same memory. */
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

export interface SocketOptions {
  tls?: TlsOptions;
  /** Bounds the opening of each, in milliseconds; undefined is endless. */
  timeoutMs: number | undefined;
  /** Finds the addresses of the origin's name; the system's by default. */
  lookup?: LookupFunction;
  clock: Clock;
}

/** Opens sockets to one origin, and measures what each took. */
export class SocketOpener {
  readonly #clock: Clock;
  readonly #timeoutMs: number | undefined;
  readonly #host: string;
  readonly #port: number;
  readonly #secure: buildConnector.connector | undefined;
  readonly #serverName: string | undefined;

  readonly #lookup: { lookup?: LookupFunction };

  constructor(origin: URL, { tls = {}, timeoutMs, lookup, clock }: SocketOptions) {
    const secure = origin.protocol === "https:";
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#host = origin.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = origin.port === "" ? (secure ? 443 : 80) : Number(origin.port);
    const { servername, ...pem } = tls;
    this.#serverName = servername;
    this.#lookup = lookup === undefined ? {} : { lookup };
    this.#secure = secure ? buildConnector({ ...pem, ...this.#lookup, timeout: 0 }) : undefined;
  }

  /** Whether its sockets have no TLS. */
  get plain(): boolean {
    return this.#secure === undefined;
  }

  open(listener: SocketListener): Socket {
    const began = this.#clock.now();
    let resolved = began;
    let connected = began;
    let failure: Error | undefined;
    const opened = (): void => {
      clearTimeout(timer);
      const now = this.#clock.now();
      if (this.#secure === undefined) connected = now;
      listener.open({ dns: resolved - began, connect: connected - resolved, tls: now - connected });
    };
    const socket =
      this.#secure === undefined ? this.#plain(listener, opened) : this.#encrypted(listener, opened);
    const timer =
      this.#timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            socket.destroy(
              new errors.ConnectTimeoutError(`no connection to ${this.#host}:${this.#port} in time`),
            );
          }, this.#timeoutMs);
    socket.once("lookup", () => {
      resolved = this.#clock.now();
      connected = resolved;
    });
    if (this.#secure !== undefined)
      socket.once("connect", () => {
        connected = this.#clock.now();
      });
    socket.on("end", () => listener.finished());
    socket.on("error", (error) => {
      failure = error;
    });
    socket.once("close", () => {
      clearTimeout(timer);
      listener.closed(failure);
    });
    return socket;
  }

  #plain(listener: SocketListener, opened: () => void): Socket {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      // The listener ends it, and may want to write before.
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      ...this.#lookup,
      onread: {
        buffer: shared,
        callback: (length) => {
          listener.bytes(shared, length);
          return true;
        },
      },
    });
    socket.once("connect", opened);
    return socket;
  }

  /** By undici's connector, which resumes TLS sessions. */
  #encrypted(listener: SocketListener, opened: () => void): Socket {
    const servername = this.#serverName;
    const target = {
      hostname: this.#host,
      host: this.#host,
      protocol: "https:",
      port: String(this.#port),
      ...(servername === undefined ? {} : { servername }),
    };
    const socket = this.#secure?.(target, (...[error]) => {
      if (error === null) opened();
    }) as unknown as Socket;
    socket.on("data", (bytes: Buffer) => listener.bytes(bytes, bytes.length));
    return socket;
  }
}
