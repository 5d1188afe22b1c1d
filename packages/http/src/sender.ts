import { type Dispatcher, ProxyAgent } from "undici";
import { ConnectionPool, type ConnectionPoolOptions, type Sender } from "./connection-pool.ts";
import type { ProxyAddress } from "./proxy-settings.ts";
import type { RequestOptions } from "./request-head.ts";

/** What opens a way to one origin: a pool of connections, or the way through a forward proxy. */
export interface SenderOptions extends ConnectionPoolOptions {
  proxy: ProxyAddress | undefined;
}

/** A way to one origin. Opens no connection yet. */
export function openSender({ proxy, ...options }: SenderOptions): Sender {
  if (proxy === undefined) return new ConnectionPool(options);
  return options.origin.startsWith("http:")
    ? new ForwardingSender(proxy, options)
    : new ConnectionPool({ ...options, tunnel: proxy });
}

/** An undici dispatcher through a forward proxy, for libraries that speak HTTP by themselves. */
export function tunnelTo(
  proxy: ProxyAddress,
  {
    connections,
    connectTimeout,
    tls = {},
  }: Pick<ConnectionPoolOptions, "connections" | "connectTimeout" | "tls">,
): Dispatcher {
  return new ProxyAgent({
    uri: proxy.origin,
    connections,
    // The caller's own timer bounds the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    requestTls: { ...tls, ...(connectTimeout === undefined ? {} : { timeout: connectTimeout }) },
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
  });
}

/**
 * Sends plain HTTP requests to a forward proxy, with the whole URL in the request line (RFC 9112, section 3.2.2), over
 * connections that are kept; only TLS needs a tunnel through the proxy.
 */
class ForwardingSender implements Sender {
  readonly #pool: ConnectionPool;
  readonly #host: string;
  readonly #authorization: readonly string[];

  constructor({ origin, authorization }: ProxyAddress, options: ConnectionPoolOptions) {
    // The TLS options are for the origin, which is reached without TLS; the proxy is known by the system's authorities.
    this.#pool = new ConnectionPool({ ...options, origin, tls: {} });
    this.#host = new URL(options.origin).host;
    this.#authorization = authorization === undefined ? [] : ["proxy-authorization", authorization];
  }

  dispatch(order: RequestOptions, handler: Dispatcher.DispatchHandler): void {
    const headers = ["host", this.#host, ...this.#authorization, ...order.headers];
    this.#pool.dispatch({ ...order, path: `${order.origin}${order.path}`, headers }, handler);
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}
