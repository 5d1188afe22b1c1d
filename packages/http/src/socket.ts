import { Buffer } from "node:buffer";
import { connect, type LookupFunction, type Socket } from "node:net";
import type { Clock } from "@ape/core/lib/clock";
import { buildConnector, errors } from "undici";
import type { ConnectionTiming } from "./connection-timing.ts";
import type { ProxyAddress } from "./proxy-settings.ts";
import { openTunnel, TunnelError } from "./tunnel.ts";

/** Certificates and keys, as node:tls takes them. */
export interface TlsOptions {
  rejectUnauthorized?: boolean;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** The server's name in TLS, if it is not that of the origin. */
  servername?: string;
}

export interface SocketListener {
  open(timing: ConnectionTiming): void;
  /** The socket from now on: the one that was returned is the tunnel below it. */
  replaced(socket: Socket): void;
  /** The bytes are overwritten by the next read, of whatever socket. */
  bytes(bytes: Buffer, length: number): void;
  /** The server has closed its side. */
  finished(): void;
  /** The last event, for any cause. */
  closed(error: Error | undefined): void;
}

const READ_BYTES = 64 * 1024;
/** As undici and curl have it: a peer that vanished is noticed after a minute. */
const KEEP_ALIVE_MS = 60_000;

/** Reads are handled before the next one begins, so all sockets of a process read into the same memory. */
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

export interface SocketOptions {
  tls?: TlsOptions | undefined;
  /** Bounds the opening of each, in milliseconds; undefined is endless. */
  timeoutMs: number | undefined;
  /** Finds the addresses of the origin's name; the system's by default. */
  lookup?: LookupFunction | undefined;
  /** The forward proxy to tunnel through; only for origins with TLS. */
  tunnel?: ProxyAddress | undefined;
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
  readonly #tunnel: ProxyAddress | undefined;

  constructor(origin: URL, { tls = {}, timeoutMs, lookup, tunnel, clock }: SocketOptions) {
    const secure = origin.protocol === "https:";
    this.#clock = clock;
    this.#tunnel = tunnel;
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
    if (this.#tunnel !== undefined) return this.#tunnelled(listener, this.#tunnel);
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
    const timer = this.#limit(() => socket);
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

  /** TLS to the origin within a tunnel through the forward proxy. */
  #tunnelled(listener: SocketListener, proxy: ProxyAddress): Socket {
    const began = this.#clock.now();
    let connected = began;
    let failure: Error | undefined;
    let current: Socket;
    const watch = (socket: Socket, wrapped: (error: Error | undefined) => Error | undefined): void => {
      socket.on("error", (error) => {
        failure = error;
      });
      socket.once("close", () => {
        if (socket !== current) return;
        clearTimeout(timer);
        listener.closed(wrapped(failure));
      });
    };
    const authority = this.#host.includes(":")
      ? `[${this.#host}]:${this.#port}`
      : `${this.#host}:${this.#port}`;
    const raw = openTunnel(proxy, authority, () => {
      connected = this.#clock.now();
      const secured = this.#encrypted(
        listener,
        () => {
          clearTimeout(timer);
          listener.open({ dns: 0, connect: connected - began, tls: this.#clock.now() - connected });
        },
        raw,
      );
      current = secured;
      secured.on("end", () => listener.finished());
      watch(secured, (error) => error);
      listener.replaced(secured);
    });
    current = raw;
    const timer = this.#limit(() => current);
    watch(raw, (error) =>
      error instanceof TunnelError || error instanceof errors.ConnectTimeoutError
        ? error
        : new TunnelError(error?.message ?? `${proxy.origin} closed the connection`, { cause: error }),
    );
    return raw;
  }

  /** Ends a socket that is not open in time. */
  #limit(socketOf: () => Socket): NodeJS.Timeout | undefined {
    if (this.#timeoutMs === undefined) return undefined;
    return setTimeout(() => {
      const message = `no connection to ${this.#host}:${this.#port} in time`;
      socketOf().destroy(new errors.ConnectTimeoutError(message));
    }, this.#timeoutMs);
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
  #encrypted(listener: SocketListener, opened: () => void, within?: Socket): Socket {
    const servername = this.#serverName;
    const target = {
      hostname: this.#host,
      host: this.#host,
      protocol: "https:",
      port: String(this.#port),
      ...(servername === undefined ? {} : { servername }),
      ...(within === undefined ? {} : { httpSocket: within }),
    };
    const socket = this.#secure?.(target, (...[error]) => {
      if (error === null) opened();
    }) as unknown as Socket;
    socket.on("data", (bytes: Buffer) => listener.bytes(bytes, bytes.length));
    return socket;
  }
}
