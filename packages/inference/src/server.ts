import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApeError } from "@ape/core/errors";
import { Front, type FrontOptions } from "./front.ts";

export interface ServeOptions extends FrontOptions {
  /** Loopback where left out. */
  host?: string;
  /** 0 takes any free port. */
  port: number;
}

export interface InferenceServer {
  /** Origin, such as `http://127.0.0.1:4020`; clients of the wire use `url` + `/v1`. */
  readonly url: string;
  /** Takes no new calls (503) and waits until those under way are answered, or so many milliseconds. */
  drain(timeout: number): Promise<void>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/**
 * Serves the proxy over OpenAI's wire: `POST /v1/chat/completions`, `GET /v1/models`, Cerebras' `GET /v1/tcp_warming`, and for
 * whoever runs it `GET /healthz`, `/readyz` and `/metrics`.
 * @throws ApeError PORT_IN_USE
 */
export async function serveInference(options: ServeOptions): Promise<InferenceServer> {
  const { host = "127.0.0.1", port } = options;
  const front = new Front(options);
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) =>
    front.serve(request, response),
  );
  await listen(server, host, port);
  options.inference.count();
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    drain: (timeout) => front.drain(timeout),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE") reject(cause);
      else
        reject(
          new ApeError("PORT_IN_USE", `Port ${port} of ${host} is taken by another program.`, {
            hint: "Stop that program, or choose another port for the inference proxy.",
            cause,
          }),
        );
    });
    server.listen(port, host, 4096, resolve);
  });
}
