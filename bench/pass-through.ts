import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Dispatcher, Pool } from "undici";
import { answer } from "./answer.ts";

/** The minimum of a proxy: reads a request, sends it with undici, and passes the answer's bytes back as they come. */
let opened: Promise<string> | undefined;

function open(model: string, connections: number): Promise<string> {
  const pool = new Pool(model, { connections, pipelining: 1 });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => {
          response.writeHead(status, { "content-type": String(headers["content-type"]) });
        },
        onResponseData: (_controller, piece) => {
          response.write(piece);
        },
        onResponseEnd: () => {
          response.end();
        },
        onResponseError: () => {
          response.destroy();
        },
      };
      pool.dispatch(
        {
          path: request.url ?? "/",
          method: "POST",
          headers: { "content-type": "application/json" },
          body: Buffer.concat(pieces),
        },
        handler,
      );
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", 4096, () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

answer(async ({ model, connections = 256 }: { model: string; connections?: number }) => {
  opened ??= open(model, connections);
  return { url: await opened };
});
