import { afterEach, expect, test } from "vitest";
import { outcomeOf } from "../test/outcome.ts";
import { RawServer } from "../test/raw-server.ts";
import { openSender } from "./sender.ts";

const clock = { now: () => performance.now(), epoch: () => Date.now(), sleep: async () => undefined };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What a server, and a proxy, receive of one request to an origin. */
async function received(origin: (server: string) => string, proxied: boolean, authorization?: string) {
  const answer = (socket: { write(text: string): void }) =>
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  const [server, proxy] = [await RawServer.open(answer), await RawServer.open(answer)];
  const to = origin(server.origin);
  const sender = openSender({
    origin: to,
    connections: 1,
    idleMs: 1_000,
    connectTimeout: 1_000,
    clock,
    proxy: proxied ? { origin: proxy.origin, authorization } : undefined,
  });
  closing.push(
    () => server.close(),
    () => proxy.close(),
    () => sender.destroy(),
  );
  await outcomeOf(sender, { origin: to, path: "/a?b", headers: ["x", "y"] });
  return [server, proxy].map((one) => one.received.join("").split("\r\n"));
}
const same = (origin: string): string => origin;

test("without a proxy requests go to the origin itself", async () => {
  const [server, proxy] = await received(same, false);
  expect([server?.[0], proxy]).toEqual(["GET /a?b HTTP/1.1", [""]]);
});

test("plain requests go to the proxy with their whole URL, the origin's host, and the proxy's credentials", async () => {
  const [server, proxy] = await received(() => "http://shop.test:81", true, "Basic YTpi");
  expect(server).toEqual([""]);
  expect(proxy?.slice(0, 5)).toEqual([
    "GET http://shop.test:81/a?b HTTP/1.1",
    "host: shop.test:81",
    "connection: keep-alive",
    "proxy-authorization: Basic YTpi",
    "x: y",
  ]);
  const [, open] = await received(() => "http://shop.test", true);
  expect(open?.slice(1, 4)).toEqual(["host: shop.test", "connection: keep-alive", "x: y"]);
});

test("of requests over TLS the proxy is asked for a tunnel", async () => {
  const [, proxy] = await received(() => "https://shop.test", true);
  expect(proxy?.[0]).toBe("CONNECT shop.test:443 HTTP/1.1");
});
