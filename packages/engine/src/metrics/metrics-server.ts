import type { IncomingMessage, ServerResponse } from "node:http";
import { EXPOSITION_TYPE, Exposition, expositionForm } from "@ape/core/metrics/exposition";
import { closeServer, createHttpServer, listen } from "@ape/http/server/http-server";
import { RequestGuard } from "@ape/http/server/request-guard";

export interface MetricsServerOptions {
  /** Loopback by default. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** Host names that callers may use, besides the bound address. */
  allowedHosts?: readonly string[];
  /** The run's token: if it is set, requests to `/metrics` must carry it. */
  token?: string;
  /** Labels of every metric, such as the run. */
  labels?: Readonly<Record<string, string>>;
  show: (page: Exposition) => void;
  /** The answer of `/readyz`; ready by default. */
  ready?: () => boolean;
}

export interface MetricsServer {
  /** `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` of a process that has no other server.
 * @throws ApeError PORT_IN_USE
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host = "127.0.0.1", port, token, allowedHosts = [] } = options;
  const guard = new RequestGuard({
    host,
    allowedHosts,
    ...(token === undefined ? {} : { token }),
    hints: { host: "allow it with APE_ALLOWED_HOSTS" },
  });
  const server = createHttpServer({
    guard: () => guard,
    publicPaths: ["/healthz", "/readyz"],
    handle: (request, response, path) => respond(options, request, response, path),
  });
  const origin = await listen(server, { host, port, hint: "Choose another port for /metrics." });
  return { url: `${origin}/metrics`, close: () => closeServer(server) };
}

function respond(
  options: MetricsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  request.resume();
  const say = (status: number, text: string): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ status: text }));
  };
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    say(405, "only GET and HEAD are answered");
  } else if (path === "/healthz") say(200, "ok");
  else if (path === "/readyz") {
    const ready = options.ready?.() ?? true;
    say(ready ? 200 : 503, ready ? "ready" : "not ready");
  } else if (path !== "/metrics") say(404, "there is only /metrics, /healthz and /readyz");
  else {
    const form = expositionForm(request.headers.accept);
    const page = new Exposition(form, options.labels);
    options.show(page);
    response.writeHead(200, { "content-type": EXPOSITION_TYPE[form] }).end(page.text());
  }
}
