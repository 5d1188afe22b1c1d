import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RawServer } from "../test/raw-server.ts";
import { openTunnel, TunnelError } from "./tunnel.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Opens a tunnel through a proxy that says these pieces. */
async function tunnel(pieces: readonly string[], authorization?: string) {
  const proxy = await RawServer.open(async (socket) => {
    for (const piece of pieces) {
      socket.write(piece, "latin1");
      await new Promise(setImmediate);
    }
  });
  closing.push(() => proxy.close());
  let opens = 0;
  let socket: Socket | undefined;
  const outcome = await new Promise<Error | "open">((resolve) => {
    socket = openTunnel({ origin: proxy.origin, authorization }, "shop.test:443", () => {
      opens += 1;
      resolve("open");
    });
    socket.once("error", resolve);
  });
  closing.push(() => socket?.destroy());
  return { outcome, proxy, socket: socket as Socket, opens: () => opens };
}

test("the proxy is asked for the origin, with credentials where there are some", async () => {
  const { outcome, proxy } = await tunnel(["HTTP/1.1 200 OK\r\n\r\n"], "Basic YTpi");
  expect(outcome).toBe("open");
  expect(proxy.received).toEqual([
    "CONNECT shop.test:443 HTTP/1.1\r\nhost: shop.test:443\r\nproxy-authorization: Basic YTpi\r\n\r\n",
  ]);
  const open = await tunnel(["HTTP/1.0 204 OK\r\nx: ", "y\r\n", "\r\n"]);
  expect(open.proxy.received).toEqual(["CONNECT shop.test:443 HTTP/1.1\r\nhost: shop.test:443\r\n\r\n"]);
});

test("bytes behind the proxy's answer are the origin's, byte for byte", async () => {
  const { socket, opens } = await tunnel(["HTTP/1.1 200 OK\r\n\r\n\x16\xff\0"]);
  const read = once(socket, "data");
  socket.resume();
  expect((await read)[0]).toEqual(Buffer.of(0x16, 0xff, 0));
  expect(opens()).toBe(1);
});

test.each([
  ["HTTP/1.1 407 Who are you\r\nx: y\r\n\r\n", 'answered "HTTP/1.1 407 Who are you"'],
  ["HTTP/1.1 2\r\n\r\n", 'answered "HTTP/1.1 2"'],
  ["SSH-2.0 200\r\n\r\n", 'answered "SSH-2.0 200"'],
  [`HTTP/1.1 500 ${"x".repeat(200)}\r\n\r\n`, `answered "HTTP/1.1 500 ${"x".repeat(87)}"`],
  ["x".repeat(16_385), "answers without an end"],
])("a proxy that says %j opens no tunnel", async (said, message) => {
  const { outcome, proxy, opens } = await tunnel([said]);
  expect(outcome).toBeInstanceOf(TunnelError);
  expect(outcome).toMatchObject({ code: "ERR_PROXY_TUNNEL", message: `${proxy.origin} ${message}` });
  expect(opens()).toBe(0);
});

test("an answer of the longest head is waited for", async () => {
  const start = "HTTP/1.1 200 OK\r\nx: ";
  const { outcome } = await tunnel([start + "y".repeat(16_384 - start.length), "\r\n\r\n"]);
  expect(outcome).toBe("open");
});
