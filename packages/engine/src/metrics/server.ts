import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApeError } from "@ape/core/errors";
import { EXPOSITION_TYPE, Exposition, expositionForm } from "@ape/core/exposition";

export interface MetricsServerOptions {
  /** Loopback where left out. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** The run's token: with it, `/metrics` must bear it. */
  token?: string;
  /** Labels of every figure, such as the run. */
  labels?: Readonly<Record<string, string>>;
  show: (page: Exposition) => void;
  /** What `/readyz` answers; ready where left out. */
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
  const { host = "127.0.0.1", port } = options;
  const server = createServer((request, response) => respond(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new ApeError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
              hint: "Choose another port for /metrics.",
              cause,
            })
          : cause,
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(options: MetricsServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const [path] = (request.url ?? "/").split("?", 1);
  const say = (status: number, text: string): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ status: text }));
  };
  if (path === "/healthz") say(200, "ok");
  else if (path === "/readyz") {
    const ready = options.ready?.() ?? true;
    say(ready ? 200 : 503, ready ? "ready" : "not ready");
  } else if (path !== "/metrics") say(404, "there is only /metrics, /healthz and /readyz");
  else if (!admits(options.token, request.headers.authorization)) say(401, "the run's token is needed");
  else {
    const form = expositionForm(request.headers.accept);
    const page = new Exposition(form, options.labels);
    options.show(page);
    response.writeHead(200, { "content-type": EXPOSITION_TYPE[form] }).end(page.text());
  }
}

function admits(token: string | undefined, given: string | undefined): boolean {
  if (token === undefined) return true;
  const wanted = Buffer.from(`Bearer ${token}`);
  const shown = Buffer.from(given ?? "");
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}
