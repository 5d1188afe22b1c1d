import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type TargetConfig, targetSchema } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createGateway, type Gateway } from "./gateway.ts";

const clock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-gateway-"));
  return () => rm(directory, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  closing.push(() => {
    server.closeAllConnections?.();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
const serve = async (handler: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(handler))}`;

async function open(
  baseUrl: string,
  config: Partial<Parameters<typeof targetSchema.parse>[0] & object> = {},
): Promise<Gateway> {
  const parsed: TargetConfig = targetSchema.parse({ baseUrl, allow: ["* /**"], ...config });
  const gateway = await createGateway({ targets: { api: parsed }, clock, baseDir: directory });
  closing.push(() => gateway.close());
  return gateway;
}
const call = (gateway: Gateway, more: Partial<ToolCall> = {}, signal?: AbortSignal): Promise<ToolResult> =>
  gateway.transport.call({ target: "api", method: "GET", path: "/", ...more }, signal);
const json: RequestListener = (_, response) =>
  response.writeHead(200, { "content-type": "application/json" }).end('{"a":1}');

test("an answer is faithful: status, headers, cookies as a list, JSON parsed, timing split", async () => {
  const url = await serve((_, response) =>
    response
      .writeHead(201, { "content-type": "application/json; charset=utf-8", "set-cookie": ["a=1", "b=2"] })
      .end('{"ok":[1,"ü"]}'),
  );
  const gateway = await open(url);
  const first = await call(gateway);
  expect(first).toMatchObject({
    status: 201,
    body: { kind: "json", json: { ok: [1, "ü"] } },
    operation: "GET /",
  });
  expect(first.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  expect(first.timing.connect).toBeGreaterThan(0);
  expect(first.attempts).toHaveLength(1);
  const { connect, firstByte, body, queue, total } = first.timing;
  expect(connect + firstByte + body + queue).toBeLessThanOrEqual(total + 0.1);
  // Once the connection rests, the next call has it.
  await vi.waitFor(async () => expect((await call(gateway)).timing.connect).toBe(0));
});

test("calls carry JSON, the target's credentials and trace headers; the session's own headers win", async () => {
  const seen: { headers: IncomingMessage["headers"]; url: string; body: string }[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ headers: request.headers, url: request.url ?? "", body });
    response.end();
  });
  const gateway = await open(`${url}/v1/`, {
    auth: { bearer: "own" },
    headers: { "X-Team": "qa" },
    traceHeader: "x-run",
  });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await call(gateway, {
    method: "POST",
    path: "/a b?x=1",
    query: { y: ["1", "2"] },
    data: { n: 1 },
    headers: { traceparent },
  });
  await call(gateway, { headers: { Authorization: "Bearer mine" } });
  expect(seen[0]).toMatchObject({
    url: "/v1/a%20b?x=1&y=1&y=2",
    body: '{"n":1}',
    headers: {
      authorization: "Bearer own",
      "x-team": "qa",
      traceparent,
      "x-run": "0af7651916cd43dd8448eb211c80319c",
      "content-type": "application/json",
    },
  });
  expect(seen[1]?.headers.authorization).toBe("Bearer mine");
});

test("JSON is read in UTF-16 without a byte-order mark, and with a charset where its coding belongs", async () => {
  const text = '{"name":"Müller","n":1}';
  const wide = Buffer.from(text, "utf16le");
  const answers: [headers: Record<string, string>, body: Buffer][] = [
    [{ "content-type": "application/json; charset=utf-16le" }, wide],
    [{ "content-type": "application/json; charset=utf-16be" }, Buffer.from(wide).swap16()],
    [{ "content-type": "application/json" }, wide],
    [{ "content-type": "application/json", "content-encoding": "none" }, Buffer.from(text)],
    [{ "content-type": "application/json", "content-encoding": "UTF-8" }, Buffer.from(text)],
  ];
  for (const [headers, body] of answers) {
    const gateway = await open(await serve((_, response) => response.writeHead(200, headers).end(body)));
    expect(await call(gateway), JSON.stringify(headers)).toMatchObject({
      body: { kind: "json", json: { name: "Müller", n: 1 } },
    });
  }
  const bad = await open(
    await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "zstd" }).end("x"),
    ),
  );
  expect(await call(bad)).toMatchObject({ error: { code: "contract" } });
});

test("a call whose values are nested too deep is refused in words", async () => {
  const gateway = await open(await serve(json));
  const nested = (levels: number): Json => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`) as Json;
  for (const more of [{ data: nested(5_000) }, { query: { a: nested(3_000) } }] as Partial<ToolCall>[]) {
    const { error } = await call(gateway, { method: "POST", ...more });
    expect(error).toMatchObject({ code: "invalid_call" });
    expect(error?.message).toMatch(/nested more than 1000 levels deep/);
  }
  expect((await call(gateway, { method: "POST", data: nested(500) })).error).toBeUndefined();
});

test.each([
  [{ basic: { username: "u", password: "p" } }, { headers: { authorization: "Basic dTpw" } }],
  [{ apiKey: { in: "header", name: "X-Key", value: "k" } }, { headers: { "x-key": "k" } }],
  [{ apiKey: { in: "query", name: "key", value: "k 1" } }, { url: "/?key=k%201" }],
  [{ apiKey: { in: "cookie", name: "sid", value: "s" } }, { headers: { cookie: "sid=s" } }],
])("credentials of a target: %j", async (auth, wanted) => {
  let seen: unknown;
  const url = await serve((request, response) => {
    seen = { url: request.url, headers: request.headers };
    response.end();
  });
  await call(await open(url, { auth }));
  expect(seen).toMatchObject(wanted);
});

const SPEC = {
  openapi: "3.1.0",
  info: { title: "Things" },
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
  paths: {
    "/things/{id}": {
      get: {
        summary: "Show",
        parameters: [{ name: "id", in: "path", schema: { type: "string" } }],
        responses: {
          "200": {
            content: {
              "application/json": {
                schema: { type: "object", properties: { id: { type: "string", description: "Its id" } } },
              },
            },
          },
        },
      },
    },
    "/things": {
      post: {
        summary: "Make",
        requestBody: {
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
            },
          },
        },
        responses: { "204": {} },
      },
    },
  },
};
const withSpec = async (): Promise<string> => {
  await writeFile(join(directory, "api.json"), JSON.stringify(SPEC));
  return "./api.json";
};

test("an API document gives the templates, the description, the form and what is allowed", async () => {
  const seen: string[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.headers["content-type"]} ${body}`);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  const gateway = await open(url, { spec: await withSpec(), allow: undefined });
  expect(gateway.describe("api")).toMatchObject({
    documented: true,
    auth: [{ type: "header", name: "X-Key" }],
    operations: [{ path: "/things/{id}" }, { path: "/things" }],
  });
  expect((await call(gateway, { path: "/things/17" })).operation).toBe("GET /things/{id}");
  expect((await call(gateway, { method: "POST", path: "/things", data: { name: "a b" } })).operation).toBe(
    "POST /things",
  );
  expect(seen[1]).toBe("POST application/x-www-form-urlencoded name=a+b");
  expect((await call(gateway, { method: "DELETE", path: "/things/17" })).error?.code).toBe("denied");
  expect(gateway.hasOperation("api", "GET /things/{thing}")).toBe(true);
  expect(gateway.hasOperation("api", "GET /thing")).toBe(false);
  expect(seen).toHaveLength(2);
});

test("without a document agents may only read, and operations are bounded", async () => {
  const gateway = await open(await serve(json), { allow: undefined });
  expect((await call(gateway, { method: "POST" })).error?.code).toBe("denied");
  const names = new Set<string>();
  for (let n = 0; n < 260; n += 1)
    names.add(
      (
        await call(gateway, {
          path: `/p${String.fromCharCode(97 + (n % 26))}x${"y".repeat(Math.floor(n / 26))}`,
        })
      ).operation,
    );
  expect(names.size).toBeLessThanOrEqual(201);
  expect(names.has("other")).toBe(true);
});

test.each([
  ["/a/../b", "invalid_call"],
  ["//evil.example/x", "invalid_call"],
  ["http://evil.example/", "invalid_call"],
  ["/denied/x", "denied"],
])("%s never leaves: %s", async (path, code) => {
  let hits = 0;
  const url = await serve((_, response) => {
    hits += 1;
    response.end();
  });
  const gateway = await open(url, { deny: ["* /denied/**"] });
  expect((await call(gateway, { path })).error?.code).toBe(code);
  expect((await call(gateway, { target: "bank" })).error?.code).toBe("unknown_target");
  expect(hits).toBe(0);
});

test("HTML where the document promised JSON is a broken contract, and so is JSON that is none", async () => {
  const spec = await withSpec();
  const html = await open(
    await serve((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>")),
    { spec },
  );
  expect((await call(html, { path: "/things/1" })).error).toEqual({
    code: "contract",
    message: "answered text/html where JSON was promised",
  });
  expect((await call(html, { path: "/else" })).error).toBeUndefined();
  const broken = await open(
    await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"a":'),
    ),
  );
  expect((await call(broken)).error?.code).toBe("contract");
  const utf8 = await open(
    await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x22, 0xff, 0x22])),
    ),
  );
  expect((await call(utf8)).error?.message).toMatch(/UTF-8/);
});

test("a 200 MB body is cut, and so is one that never ends: memory stays bounded", async () => {
  const block = Buffer.alloc(1024 * 1024, 0x20);
  const big = await serve((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 200 * block.length });
    let left = 200;
    const more = (): void => {
      while (left > 0 && response.write(block)) left -= 1;
      if (left > 0) response.once("drain", more);
    };
    more();
  });
  const endless = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write(block), 1);
    response.on("close", () => clearInterval(timer));
  });
  const before = process.memoryUsage.rss();
  expect((await call(await open(big))).error?.code).toBe("body_too_large");
  const cut = await call(await open(endless, { maxBody: 5000 }));
  expect(cut.body).toMatchObject({ kind: "text", bytes: 5000, cut: true });
  expect(cut.error).toBeUndefined();
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
});

test("compressed answers are read, and a bomb is cut", async () => {
  const answer =
    (text: string): RequestListener =>
    (_, response) =>
      response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(gzipSync(text));
  expect((await call(await open(await serve(answer('{"z":1}'))))).body).toMatchObject({ json: { z: 1 } });
  expect((await call(await open(await serve(answer(`"${"a".repeat(5_000_000)}"`))))).error?.code).toBe(
    "body_too_large",
  );
});

test("a redirect to another host is shown and not followed", async () => {
  let hits = 0;
  const elsewhere = await serve((_, response) => {
    hits += 1;
    response.end();
  });
  const gateway = await open(
    await serve((_, response) => response.writeHead(302, { location: elsewhere }).end()),
  );
  expect(await call(gateway)).toMatchObject({ status: 302, headers: { location: elsewhere } });
  expect(hits).toBe(0);
});

test("timeouts name what was too slow; refusals, resets and names that do not resolve are told apart", async () => {
  const silent = await open(await serve(() => undefined), { timeouts: { firstByte: "100ms" } });
  expect((await call(silent)).error).toEqual({ code: "timeout", message: "no first byte within 100 ms" });
  const slow = await open(
    await serve((_, response) => void response.writeHead(200, { "content-type": "text/plain" }).write("x")),
    { timeouts: { total: "1s" } },
  );
  expect(await call(slow)).toMatchObject({
    status: 200,
    error: { code: "timeout", message: "no complete answer within 1000 ms" },
  });
  expect((await call(await open("http://127.0.0.1:9"))).error?.code).toBe("refused");
  const tcp = createTcpServer((socket) => socket.once("data", () => socket.destroy()));
  closing.push(() => tcp.close());
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  expect(
    (await call(await open(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}`))).error?.code,
  ).toBe("reset");
  const middle = await open(
    await serve((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("x", () => response.destroy());
    }),
  );
  expect((await call(middle)).error?.message).toMatch(/middle of the answer/);
  await expect((await open("http://127.0.0.1:9")).reach("api")).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    hint: expect.stringContaining("curl"),
  });
  await expect((await open(await serve(json))).reach("api")).resolves.toBeUndefined();
});

test("an abort ends a call at once, sent or still queued", async () => {
  const stop = new AbortController();
  // The first is sent when it arrives, the second waits for its connection.
  const gateway = await open(await serve(() => stop.abort()), { connections: 1 });
  const calls = [call(gateway, {}, stop.signal), call(gateway, {}, stop.signal)];
  for (const result of await Promise.all(calls)) expect(result.error?.code).toBe("cancelled");
});

test("retries happen only where they are configured, each an attempt, and never twice for a write", async () => {
  let hits = 0;
  const url = await serve((_, response) => {
    hits += 1;
    response.writeHead(hits % 3 === 0 ? 200 : 503, { "retry-after": "0.01" }).end();
  });
  expect((await call(await open(url))).attempts).toHaveLength(1);
  hits = 0;
  const retrying = await open(url, { retries: { attempts: 3 } });
  const result = await call(retrying);
  expect(result.attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
  expect(result.attempts[1]?.backoff).toBe(10);
  hits = 0;
  expect((await call(retrying, { method: "POST" })).attempts).toHaveLength(1);
});

test("TLS: an unknown authority is refused, its certificate or `insecure` make it trusted", async () => {
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost,IP:127.0.0.1",
      "-keyout",
      join(directory, "key.pem"),
      "-out",
      join(directory, "cert.pem"),
    ],
    { stdio: "ignore" },
  );
  const [key, cert] = await Promise.all(
    ["key.pem", "cert.pem"].map((name) => readFile(join(directory, name))),
  );
  const server = createTlsServer({ key, cert }, json);
  const names: unknown[] = [];
  server.on("secureConnection", ({ servername }) => names.push(servername));
  const url = `https://127.0.0.1:${await listen(server as unknown as Server)}`;
  expect((await call(await open(url))).error?.code).toBe("tls");
  const trusted = await call(await open(url, { tls: { ca: "cert.pem" } }));
  expect(trusted.status).toBe(200);
  expect(trusted.timing.tls).toBeGreaterThan(0);
  expect((await call(await open(url, { tls: { insecure: true } }))).status).toBe(200);
  const named = await open(url, { tls: { ca: "cert.pem" }, headers: { Host: "localhost:8443" } });
  expect((await call(named)).status).toBe(200);
  expect(names.at(-1)).toBe("localhost");
  const addressed = await open(url, { tls: { ca: "cert.pem" }, headers: { Host: "127.0.0.1:8443" } });
  expect((await call(addressed)).status).toBe(200);
  expect(names.at(-1)).toBe(false);
});

test("what is wrong before the first call is told with the next step", async () => {
  const failing = async (config: object, file?: string): Promise<unknown> => {
    if (file !== undefined) await writeFile(join(directory, "bad.yaml"), file);
    return open("http://127.0.0.1:1", config).catch((error: unknown) => error);
  };
  expect(await failing({ spec: "none.yaml" })).toMatchObject({ code: "FILE_MISSING" });
  expect(await failing({ spec: "bad.yaml" }, "a: [")).toMatchObject({ code: "SPEC_INVALID" });
  expect(await failing({ spec: "bad.yaml" }, "swagger: '2.0'")).toMatchObject({
    code: "SPEC_INVALID",
    hint: expect.stringContaining("paths"),
  });
  expect(await failing({ spec: "bad.yaml" }, "openapi: 3.0.0\npaths: {}")).toMatchObject({
    code: "SPEC_INVALID",
  });
  expect(await failing({ spec: "http://127.0.0.1:9/openapi.json" })).toMatchObject({ code: "SPEC_INVALID" });
  expect(await failing({ tls: { ca: "none.pem" } })).toMatchObject({ code: "FILE_MISSING" });
  await expect(open("https://shop.example.com")).rejects.toMatchObject({ code: "TARGET_NOT_AUTHORIZED" });
});
