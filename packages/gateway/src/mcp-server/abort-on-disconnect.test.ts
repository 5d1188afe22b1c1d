import { once } from "node:events";
import { connect, createServer, Socket } from "node:net";
import { expect, test } from "vitest";
import { abortOnDisconnect } from "./abort-on-disconnect.ts";

test("the calls of a connection share one signal, which aborts when the caller hangs up", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = connect(port, "127.0.0.1");
  const [socket] = (await once(server, "connection")) as [Socket];
  const signal = abortOnDisconnect(socket);
  expect(abortOnDisconnect(socket)).toBe(signal);
  expect(signal.aborted).toBe(false);
  socket.resume();
  const aborted = once(signal, "abort");
  client.destroy();
  await aborted;
  expect(signal.aborted).toBe(true);
  server.close();
});

test("a connection that is gone already aborts at once", () => {
  const socket = new Socket();
  socket.destroy();
  expect(abortOnDisconnect(socket).aborted).toBe(true);
});
