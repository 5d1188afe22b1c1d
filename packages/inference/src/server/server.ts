import { closeServer, createHttpServer, listen } from "@ape/http/server/http-server";
import { RequestGuard } from "@ape/http/server/request-guard";
import { ProxyRouter, type ProxyRouterOptions, writeProxyError } from "./proxy-router.ts";

export interface ServeOptions extends ProxyRouterOptions {
  /** Loopback by default. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** With it, every request except `GET /healthz` and `GET /readyz` must carry it as a bearer token. */
  token?: string;
  /** Host names under which callers may reach the proxy, besides its bound address. */
  allowedHosts?: readonly string[];
}

export interface InferenceServer {
  /** Origin, such as `http://127.0.0.1:4020`; clients of the wire use `url` + `/v1`. */
  readonly url: string;
  /** Takes no new calls (503) and waits for calls in flight, at most this many milliseconds. */
  drain(timeout: number): Promise<void>;
  /** Cancels calls in flight. */
  close(): Promise<void>;
}

/**
 * Serves the proxy over OpenAI's wire format: `POST /v1/chat/completions`, `GET /v1/models`, Cerebras' `GET
 * /v1/tcp_warming`, and for operators `GET /healthz`, `/readyz` and `/metrics`.
 * @throws ApeError PORT_IN_USE
 */
export async function serveInference(options: ServeOptions): Promise<InferenceServer> {
  const { host = "127.0.0.1", port, token, allowedHosts = [] } = options;
  const router = new ProxyRouter(options);
  const guard = new RequestGuard({
    host,
    allowedHosts,
    ...(token === undefined ? {} : { token }),
    hints: { host: "allow it with APE_ALLOWED_HOSTS" },
  });
  const server = createHttpServer({
    guard: () => guard,
    publicPaths: ["/healthz", "/readyz"],
    writeError: writeProxyError,
    handle: (request, response, path) => router.serve(request, response, path),
  });
  const url = await listen(server, {
    host,
    port,
    hint: "Stop that program, or choose another port for the inference proxy.",
  });
  options.inference.count();
  return { url, drain: (timeout) => router.drain(timeout), close: () => closeServer(server) };
}
