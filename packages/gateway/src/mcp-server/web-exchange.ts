import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

/**
 * Converts a request of Node, whose body is being read already, to the web's. `signal` is passed to the handler.
 * @throws TypeError for what the web does not support, such as the method TRACE
 */
export function webRequest(request: IncomingMessage, text: string, signal: AbortSignal): Request {
  const { method = "GET" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const body = method === "GET" || method === "HEAD" ? {} : { body: text };
  return new Request(`http://${request.headers.host ?? "gateway"}${request.url}`, {
    method,
    headers,
    signal,
    ...body,
  });
}

/** Writes a web response as Node's, piece by piece; a caller that disconnects cancels its body. */
export async function writeWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].flat());
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body as ReadableStream<Uint8Array>), response);
}
