import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { targetSchema } from "@ape/core/config/target";
import { afterEach, expect, test } from "vitest";
import { rigClock } from "../../test/rig.ts";
import { createGateway, type Gateway } from "../gateway.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface ForwardProxy {
  address: string;
  /** Request lines with the credentials that came with them. */
  lines: string[];
  connections: () => number;
}

/** A forward proxy that answers by itself and opens no tunnel. */
async function forwardProxy(): Promise<ForwardProxy> {
  const lines: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
    response.end("{}");
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.on("connect", (request, socket) => {
    lines.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"]}`);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    connections: () => connections,
  };
}

async function open(baseUrl: string, env: Record<string, string>): Promise<Gateway> {
  const api = targetSchema.parse({ kind: "rest", baseUrl, allow: ["* /**"], authorized: true });
  const gateway = await createGateway({ targets: { api }, clock: rigClock, baseDir: ".", env });
  closing.push(() => gateway.close());
  return gateway;
}

test("plain HTTP goes to the proxy with the whole URL in the request line, over kept connections", async () => {
  const proxy = await forwardProxy();
  const gateway = await open("http://shop.example:8080/v1", { HTTP_PROXY: `ada:secret@${proxy.address}` });
  for (let i = 0; i < 3; i += 1) {
    const result = await gateway.transport.call({
      target: "api",
      method: "GET",
      path: `/items/${i}`,
      query: { q: "a b" },
    });
    expect(result.status).toBe(200);
    await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  }
  expect(proxy.lines).toEqual(
    [0, 1, 2].map((i) => `GET http://shop.example:8080/v1/items/${i}?q=a+b Basic YWRhOnNlY3JldA==`),
  );
  expect(proxy.connections()).toBeLessThan(3);
});

test("HTTPS asks for a tunnel, and a refusal of the proxy is not the target's", async () => {
  const proxy = await forwardProxy();
  const gateway = await open("https://shop.example", { HTTPS_PROXY: `ada:secret@${proxy.address}` });
  const { error } = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
  expect(proxy.lines).toEqual(["CONNECT shop.example:443 Basic YWRhOnNlY3JldA=="]);
  expect(error).toMatchObject({ code: "gateway", message: expect.stringContaining("407") });
});

test.each([
  ["closes", (socket: Duplex) => socket.destroy()],
  ["answers nonsense", (socket: Duplex) => socket.end("SSH-2.0-OpenSSH_9.2\r\n\r\n")],
  ["answers 502", (socket: Duplex) => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n")],
  ["answers without an end", (socket: Duplex) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`)],
])("a proxy that %s to CONNECT is told apart from the target", async (_what, answer) => {
  const server = createServer().on("connect", (_request, socket: Duplex) => {
    socket.on("error", () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await open("https://shop.example", { HTTPS_PROXY: address });
  const { error } = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
  expect(error).toMatchObject({ code: "gateway", message: expect.stringContaining("opened no tunnel") });
});

test("a proxy that cannot be reached is not the target's failure", async () => {
  const gateway = await open("http://shop.example", { http_proxy: "127.0.0.1:1" });
  const { error } = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
  expect(error).toMatchObject({
    code: "gateway",
    message: expect.stringContaining("forward proxy http://127.0.0.1:1"),
  });
});

test("what is no proxy's address is a problem of the configuration", async () => {
  await expect(open("http://shop.example", { HTTP_PROXY: "http://a b" })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test("an answer that the proxy made itself is not the target's failure", async () => {
  const server = createServer((_, response) =>
    response.writeHead(503, { "x-squid-error": "ERR_DNS_FAIL 0" }).end("<p>no such host</p>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await open("http://shop.example", { http_proxy: address });
  const { error, status } = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
  expect([status, error]).toEqual([
    503,
    { code: "gateway", message: `the forward proxy http://${address} answered 503` },
  ]);
});

test.each([
  [500, undefined],
  [502, true],
  [503, true],
  [504, true],
  [404, undefined],
])("an unmarked %i through a proxy of plain HTTP may be its own: %s", async (status, forwarded) => {
  const server = createServer((_, response) => response.writeHead(status).end("no"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [base, proxies, expected] of [
    ["http://shop.example", { http_proxy: address }, forwarded],
    [`http://${address}`, {}, undefined],
  ] as const) {
    const gateway = await open(base, proxies);
    const result = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
    expect([result.status, result.forwarded, result.error]).toEqual([status, expected, undefined]);
  }
});

test("TLS that the way to the proxy has not is not the target's failure", async () => {
  const proxy = await forwardProxy();
  const gateway = await open("http://shop.example", { http_proxy: `https://${proxy.address}` });
  const { error } = await gateway.transport.call({ target: "api", method: "GET", path: "/" });
  expect(error).toMatchObject({
    code: "gateway",
    message: expect.stringContaining("TLS connection to the forward proxy"),
  });
});

test("the credentials of a proxy are masked in what it answers", async () => {
  const server = createServer((request, response) => {
    const sent = String(request.headers["proxy-authorization"]);
    const [user, password] = Buffer.from(sent.slice(6), "base64").toString().split(":");
    response.writeHead(502, { "content-type": "application/json", "x-sent": sent });
    response.end(JSON.stringify({ user, password, sent }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const gateway = await open("http://shop.example", {
    HTTP_PROXY: `http://ada:s3cret%2Fword@127.0.0.1:${port}`,
  });
  const { body, headers } = await gateway.transport.call({
    target: "api",
    method: "GET",
    path: "/items",
  });
  expect(body).toMatchObject({ json: { user: "ada", password: "***", sent: "***" } });
  expect(headers["x-sent"]).toBe("***");
});
