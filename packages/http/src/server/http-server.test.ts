import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sendMalformedRequests } from "../../test/malformed-requests.ts";
import { closeServer, createHttpServer, type HttpServerOptions, listen } from "./http-server.ts";
import { RequestGuard } from "./request-guard.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(
  handle: HttpServerOptions["handle"],
  more: Partial<HttpServerOptions> = {},
): Promise<{ origin: string; port: number }> {
  const guard = new RequestGuard({ token: "t" });
  const server = createHttpServer({ guard: () => guard, handle, publicPaths: ["/healthz"], ...more });
  closing.push(() => closeServer(server));
  const origin = await listen(server, { host: "127.0.0.1", port: 0, hint: "Choose another." });
  return { origin, port: (server.address() as AddressInfo).port };
}

const echo = (_request: IncomingMessage, response: ServerResponse, path: string): void =>
  void response.end(path);

/** Sends bytes and reads until the server closes the connection. */
async function say(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    said += part;
  });
  socket.on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  return said;
}
const HEAD = "host: 127.0.0.1\r\nauthorization: Bearer t\r\nconnection: close\r\n\r\n";

test.each([
  ["/status", "200 OK", "/status"],
  ["//", "200 OK", "//"],
  ["/%E9%zz?x=%", "200 OK", "/%E9%zz"],
  ["http://127.0.0.1:1/status?x", "200 OK", "/status"],
  ["http://localhost?x", "200 OK", "/"],
  ["http://evil.example/status", "403 Forbidden", "error"],
  ["*", "400 Bad Request", "error"],
  ["x:y", "400 Bad Request", "error"],
])("the request target %s is answered with %s", async (target, status, body) => {
  const { port } = await open(echo);
  const said = await say(port, `GET ${target} HTTP/1.1\r\n${HEAD}`);
  expect(said).toContain(`HTTP/1.1 ${status}`);
  expect(said.split("\r\n\r\n")[1]).toContain(body);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  ["rejects", () => Promise.reject(new Error("broken"))],
  [
    "throws while it writes headers",
    (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200, { "x-y": "\n" }),
  ],
])("a handler that %s is answered with a 500, and the server continues", async (_, handle) => {
  const { origin } = await open((request, response, path) =>
    path === "/good" ? echo(request, response, path) : handle(request, response),
  );
  const headers = { authorization: "Bearer t" };
  const failed = await fetch(`${origin}/bad`, { headers });
  expect(failed.status).toBe(500);
  expect(failed.headers.get("content-type")).toBe("application/json");
  expect(failed.headers.get("connection")).toBe("close");
  expect(await failed.json()).toEqual({ error: expect.any(String) });
  expect((await fetch(`${origin}/good`, { headers })).status).toBe(200);
});

test("a handler that fails in the middle of its answer cuts it off", async () => {
  const { port } = await open((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    throw new Error("broken");
  });
  expect(await say(port, `GET / HTTP/1.1\r\n${HEAD}`)).not.toContain("500");
});

test("the token guards all but the public paths, and simple requests of web pages are refused", async () => {
  const { origin } = await open(echo);
  const status = async (path: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(origin + path, init)).status;
  const authorization = "Bearer t";
  expect(await status("/x")).toBe(401);
  expect(await status("/x", { headers: { authorization: "Bearer u" } })).toBe(401);
  expect(await status("/healthz")).toBe(200);
  expect(await status("/x", { headers: { authorization } })).toBe(200);
  expect(await status("/x", { headers: { authorization, origin: "http://evil.example" } })).toBe(403);
  expect(await status("/x", { headers: { authorization, origin: "null" } })).toBe(403);
  expect(await status("/healthz", { headers: { origin: "http://evil.example" } })).toBe(403);
  const post = (type: string): Promise<number> =>
    status("/x", { method: "POST", body: "{}", headers: { authorization, "content-type": type } });
  expect(await post("text/plain")).toBe(415);
  expect(await post("application/x-www-form-urlencoded")).toBe(415);
  expect(await post("multipart/form-data; boundary=x")).toBe(415);
  expect(await post("application/json; charset=utf-8")).toBe(200);
  expect(await post("application/vnd.api+json")).toBe(200);
});

test.each([
  ["a head that never ends", "408", "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: "],
  ["a body that never ends", "408", `POST / HTTP/1.1\r\ncontent-length: 9\r\n${HEAD}{`],
  ["a head of 20 kB", "431", `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n${HEAD}`],
  ["bytes that are no HTTP", "400", "\x16\x03\x01\x02\x00\r\n\r\n"],
  ["CONNECT", "405", "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n"],
])("%s is answered with %s and closed", async (_, status, text) => {
  const { port } = await open(() => undefined, { limits: { head: 200, request: 300, check: 50 } });
  const said = await say(port, text);
  expect(said).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(said.split("\r\n\r\n")[1] ?? "")).toEqual({ error: expect.any(String) });
});

test("10,000 malformed requests leave a server that answers", { timeout: 180_000 }, async () => {
  const { origin, port } = await open(echo);
  const result = await sendMalformedRequests(
    { port, paths: ["/status", "/healthz"], token: "t", seed: 1 },
    10_000,
  );
  expect(result.uncaught).toEqual([]);
  expect(result.sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["400", "401", "403", "200", "431"])
    expect(result.statuses[status], status).toBeGreaterThan(20);
  expect((await fetch(`${origin}/x`, { headers: { authorization: "Bearer t" } })).status).toBe(200);
});
