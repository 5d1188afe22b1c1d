import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free loopback port; `close` also ends connections that are kept alive. */
export async function listenOnLoopback(
  serve: RequestListener,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** The body of a request, up to a megabyte; the rest is cut off. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= 1_048_576) chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
