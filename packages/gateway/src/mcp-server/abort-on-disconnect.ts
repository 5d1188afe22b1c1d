import type { Socket } from "node:net";

const known = new WeakMap<Socket, AbortController>();

/**
 * Aborts when a caller's connection closes. HTTP/1.1 answers one request of a connection at a time, so all of its calls
 * share one signal: a controller per call would cost more than reading the call.
 */
export function abortOnDisconnect(socket: Socket): AbortSignal {
  let gone = known.get(socket);
  if (gone === undefined) {
    const fresh = new AbortController();
    gone = fresh;
    known.set(socket, fresh);
    if (socket.destroyed) fresh.abort();
    else socket.once("close", () => fresh.abort());
  }
  return gone.signal;
}
