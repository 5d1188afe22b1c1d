import { execFileSync } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { outcomeOf } from "../test/outcome.ts";
import { RawServer } from "../test/raw-server.ts";
import { ConnectionPool, type ConnectionPoolOptions } from "./connection-pool.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const clock = { now: () => performance.now(), epoch: () => Date.now(), sleep: async () => undefined };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(...args: Parameters<typeof RawServer.open>): Promise<RawServer> {
  const server = await RawServer.open(...args);
  closing.push(() => server.close());
  return server;
}

function poolTo(origin: string, more: Partial<ConnectionPoolOptions> = {}): ConnectionPool {
  const pool = new ConnectionPool({
    origin,
    connections: 8,
    idleMs: 5_000,
    connectTimeout: 2_000,
    clock,
    ...more,
  });
  closing.push(() => pool.destroy());
  return pool;
}

/** Until a connection that has served rests no more: a few turns of the event loop, however long they take. */
async function rested(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test("requests one after the other share a connection, and only the first one is told what opening took", async () => {
  const server = await serve((socket) => socket.write(OK));
  const pool = poolTo(server.origin);
  const first = await outcomeOf(pool, { path: "/1" });
  await rested();
  const second = await outcomeOf(pool, { path: "/2", method: "POST", body: "größer" });
  expect(first).toMatchObject({ status: 200, message: "OK", body: "ok", ends: 1, fresh: { tls: 0 } });
  expect(first.fresh?.connect).toBeGreaterThan(0);
  expect(second).toMatchObject({ status: 200, fresh: undefined });
  expect(server.sockets).toHaveLength(1);
  expect(server.received[0]).toContain("POST /2 HTTP/1.1\r\n");
  expect(Buffer.from(server.received[0] ?? "", "latin1").toString()).toMatch(
    /content-length: 8\r\n\r\ngrößer$/,
  );
});

test("a body of bytes and a head beyond ASCII arrive as they are", async () => {
  const server = await serve((socket) => socket.write(OK));
  const pool = poolTo(server.origin);
  await outcomeOf(pool, { method: "PUT", body: Buffer.of(0, 200, 255) });
  await rested();
  await outcomeOf(pool, { method: "PUT", body: "ü", headers: ["x-name", "\xe9"] });
  expect(server.received[0]).toMatch(/content-length: 3\r\n\r\n\0\xc8\xff/);
  expect(server.received[0]).toMatch(/x-name: \xe9\r\ncontent-length: 2\r\n\r\n\xc3\xbc$/);
});

test("more requests than connections wait, in their order, and all are served", async () => {
  const server = await serve((socket) => setTimeout(() => socket.write(OK), 5));
  const pool = poolTo(server.origin, { connections: 3 });
  const ends: number[] = [];
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      outcomeOf(pool, { path: `/${index}` }).then((outcome) => {
        ends.push(index);
        return outcome;
      }),
    ),
  );
  expect(outcomes.every(({ status, ends: times }) => status === 200 && times === 1)).toBe(true);
  expect(server.sockets).toHaveLength(3);
  for (const [place, index] of ends.entries()) expect(Math.abs(place - index)).toBeLessThan(3);
});

test("a queue outlives servers that close after each answer", async () => {
  const server = await serve((socket) => socket.end(OK));
  const pool = poolTo(server.origin, { connections: 2 });
  const outcomes = await Promise.all(Array.from({ length: 9 }, () => outcomeOf(pool)));
  expect(outcomes.map(({ status, error }) => [status, error])).toEqual(Array(9).fill([200, undefined]));
});

test.each([
  ["connection: close", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok", {}],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", {}],
  [
    "a keep-alive shorter than the margin",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nkeep-alive: timeout=2\r\n\r\nok",
    {},
  ],
  ["bytes that nobody asked for", `${OK}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`, {}],
  ["HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", { method: "HEAD" }],
  ["a request's own connection: close", OK, { headers: ["connection", "close"] }],
])("after %s the next request has another connection", async (_what, said, order) => {
  const server = await serve((socket, _request, connection) => socket.write(connection === 0 ? said : OK));
  const pool = poolTo(server.origin);
  expect(await outcomeOf(pool, order)).toMatchObject({ status: 200, ends: 1, error: undefined });
  await rested();
  expect(await outcomeOf(pool)).toMatchObject({ status: 200, body: "ok" });
  expect(server.sockets).toHaveLength(2);
});

test("bytes that come unasked while a connection is idle end it", async () => {
  let say: () => void = () => undefined;
  const unasked = new Promise<void>((resolve) => {
    say = resolve;
  });
  const server = await serve((socket, _request, connection) => {
    socket.write(OK);
    if (connection === 0)
      void unasked.then(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"));
  });
  const pool = poolTo(server.origin);
  await outcomeOf(pool);
  await rested();
  say();
  await once(server.sockets[0] as Socket, "close");
  expect((await outcomeOf(pool)).body).toBe("ok");
  expect(server.sockets).toHaveLength(2);
});

test("an answer that comes before its request was sent whole ends the connection", async () => {
  const server = await serve((socket) => {
    socket.pause();
    socket.write(OK);
  });
  const pool = poolTo(server.origin);
  expect((await outcomeOf(pool, { method: "POST", body: Buffer.alloc(64 * 1024 * 1024) })).status).toBe(200);
  await rested();
  await outcomeOf(pool);
  expect(server.sockets).toHaveLength(2);
});

test("an idle connection is used no more after its time, and is closed", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  closing.push(() => vi.useRealTimers());
  let now = 0;
  const server = await serve((socket) => socket.write(OK));
  const pool = poolTo(server.origin, { clock: { ...clock, now: () => now } });
  await outcomeOf(pool);
  await rested();
  now = 4_999;
  vi.advanceTimersByTime(1_000);
  await outcomeOf(pool);
  await rested();
  expect(server.sockets).toHaveLength(1);
  now = 9_999;
  await outcomeOf(pool);
  await rested();
  expect(server.sockets).toHaveLength(2);
  now = 20_000;
  const closed = once(server.sockets[1] as NonNullable<(typeof server.sockets)[1]>, "close");
  vi.advanceTimersByTime(1_000);
  await closed;
});

test("a server's own keep-alive time counts, less a margin", async () => {
  let now = 0;
  const server = await serve((socket) =>
    socket.write(OK.replace("\r\n", "\r\nKeep-Alive: max=9, timeout=4\r\n")),
  );
  const pool = poolTo(server.origin, { clock: { ...clock, now: () => now } });
  await outcomeOf(pool);
  await rested();
  now = 1_999;
  await outcomeOf(pool);
  await rested();
  expect(server.sockets).toHaveLength(1);
  now = 3_999;
  await outcomeOf(pool);
  expect(server.sockets).toHaveLength(2);
});

describe("on a reused connection that the server closes without an answer", () => {
  /** A server that serves `answered` requests per connection, and does `then` with the next one. */
  async function serveThen(then: "end" | "reset" | "part", answered = 1): Promise<RawServer> {
    return serve((socket, request) => {
      if (request < answered) socket.write(OK);
      else if (then === "end") socket.end();
      else if (then === "part") socket.end("HTTP/1.1 2");
      else socket.resetAndDestroy();
    });
  }

  test.each([
    ["GET", "end", []],
    ["GET", "reset", []],
    ["PUT", "end", []],
    ["DELETE", "reset", []],
    ["POST", "end", ["Idempotency-Key", "7"]],
    ["POST", "reset", ["idempotency-key", "7"]],
  ] as const)("%s is sent once more after %s", async (method, then, headers) => {
    const server = await serveThen(then);
    const pool = poolTo(server.origin, { connections: 1 });
    expect(await outcomeOf(pool)).toMatchObject({ status: 200, resent: false });
    await rested();
    const outcome = await outcomeOf(pool, { method, path: "/again", headers: [...headers] });
    expect(outcome).toMatchObject({ status: 200, ends: 1, resent: true, error: undefined });
    expect(server.received.map((text) => text.includes("/again"))).toEqual([true, true]);
  });

  test.each(["end", "reset"] as const)(
    "a POST that the server may have read fails after %s",
    async (then) => {
      const server = await serveThen(then);
      const pool = poolTo(server.origin);
      await outcomeOf(pool);
      await rested();
      const outcome = await outcomeOf(pool, { method: "POST", body: "{}" });
      expect(outcome).toMatchObject({ status: 0, ends: 1 });
      expect(outcome.error?.code).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
      expect(server.sockets).toHaveLength(1);
    },
  );

  test.runIf(process.platform === "linux")(
    "a POST that the server cannot have read is sent once more",
    async () => {
      const server = await serve((socket) => socket.write(OK));
      const pool = poolTo(server.origin);
      await outcomeOf(pool);
      await rested();
      // Closed before the request is written, and seen only after.
      server.sockets[0]?.destroy();
      const outcome = await outcomeOf(pool, { method: "POST", path: "/order", body: "{}" });
      expect(outcome).toMatchObject({ status: 200, ends: 1, resent: true, error: undefined });
      expect(server.received.map((text) => text.split("POST /order").length - 1)).toEqual([0, 1]);
    },
  );

  test("nothing is sent again after a byte of the answer, on a fresh connection, or a third time", async () => {
    const part = await serveThen("part");
    const pool = poolTo(part.origin);
    await outcomeOf(pool);
    await rested();
    expect(await outcomeOf(pool)).toMatchObject({ ends: 1, error: { code: "UND_ERR_SOCKET" } });
    expect(part.sockets).toHaveLength(1);
    const fresh = await serveThen("end", 0);
    expect(await outcomeOf(poolTo(fresh.origin))).toMatchObject({ ends: 1, resent: false });
    expect(fresh.sockets).toHaveLength(1);
    const always = await serve((socket, request, connection) => {
      if (connection === 0 && request === 0) socket.write(OK);
      else socket.end();
    });
    const other = poolTo(always.origin);
    await outcomeOf(other);
    await rested();
    expect(await outcomeOf(other)).toMatchObject({ ends: 1, error: { code: "UND_ERR_SOCKET" } });
    expect(always.sockets).toHaveLength(2);
  });

  test("an aborted request is not sent again, and a destroyed pool sends none", async () => {
    const server = await serve((socket, request) => {
      if (request === 0) socket.write(OK);
    });
    const pool = poolTo(server.origin);
    await outcomeOf(pool);
    await rested();
    const running = outcomeOf(pool);
    await vi.waitFor(() => expect(server.received[0]?.match(/GET/g)).toHaveLength(2));
    await pool.destroy();
    expect(await running).toMatchObject({ ends: 1, error: { code: "UND_ERR_DESTROYED" } });
    expect(server.sockets).toHaveLength(1);
  });
});

describe("fails", () => {
  test("where nobody listens", async () => {
    const server = await RawServer.open(() => undefined);
    const { origin } = server;
    await server.close();
    expect(await outcomeOf(poolTo(origin))).toMatchObject({ ends: 1, error: { code: "ECONNREFUSED" } });
    expect(await outcomeOf(poolTo(origin.replace("127.0.0.1", "localhost")))).toMatchObject({
      error: { code: "ECONNREFUSED" },
    });
  });

  test("where the name is unknown", async () => {
    const { error } = await outcomeOf(poolTo("http://nowhere.invalid"));
    expect(error?.code).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test("where opening takes too long", async () => {
    const server = createServer({ pauseOnConnect: true }, () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    // TLS to a server that says nothing.
    const pool = poolTo(`https://127.0.0.1:${port}`, { connectTimeout: 100 });
    expect(await outcomeOf(pool)).toMatchObject({ ends: 1, error: { code: "UND_ERR_CONNECT_TIMEOUT" } });
  });

  test.each([
    ["before the answer", ""],
    ["within the head", "HTTP/1.1 200 OK\r\n"],
    ["within the content", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"],
    ["within a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"],
  ])("where the server closes %s", async (_where, said) => {
    const server = await serve((socket) => socket.end(said));
    expect(await outcomeOf(poolTo(server.origin))).toMatchObject({
      ends: 1,
      error: { code: "UND_ERR_SOCKET" },
    });
  });

  test("where the server resets the connection, even if the answer's end was to be that of the connection", async () => {
    const server = await serve((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nabc");
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(await outcomeOf(poolTo(server.origin))).toMatchObject({
      ends: 1,
      status: 200,
      error: { code: "ECONNRESET" },
    });
  });

  test("where the head does not come in time", async () => {
    const server = await serve((socket, request) => {
      if (request === 0) socket.write(OK);
    });
    const pool = poolTo(server.origin);
    expect(await outcomeOf(pool)).toMatchObject({ status: 200 });
    await rested();
    expect(await outcomeOf(pool, { headersTimeout: 30 })).toMatchObject({
      ends: 1,
      error: { code: "UND_ERR_HEADERS_TIMEOUT" },
    });
    expect(server.sockets).toHaveLength(1);
  });

  test("where a request cannot be sent, without a byte of it", async () => {
    const server = await serve((socket) => socket.write(OK));
    const pool = poolTo(server.origin);
    expect(await outcomeOf(pool, { headers: ["a", "b\r\nc: d"] })).toMatchObject({
      ends: 1,
      error: { code: "UND_ERR_INVALID_ARG" },
    });
    await rested();
    expect(await outcomeOf(pool)).toMatchObject({ status: 200 });
    expect(server.received.join("")).toMatch(/^GET \/ HTTP[\s\S]*?\r\n\r\n$/);
  });

  test("where the pool is destroyed: what runs, what waits, and what comes", async () => {
    const server = await serve(() => undefined);
    const pool = poolTo(server.origin, { connections: 1 });
    const runs = outcomeOf(pool);
    await vi.waitFor(() => expect(server.received[0]).toContain("GET"));
    const waits = outcomeOf(pool);
    await pool.destroy();
    for (const outcome of [await runs, await waits, await outcomeOf(pool)])
      expect(outcome).toMatchObject({ ends: 1, error: { code: "UND_ERR_DESTROYED" } });
    const opening = poolTo(server.origin);
    const first = outcomeOf(opening);
    await opening.destroy();
    expect(await first).toMatchObject({ ends: 1, error: { code: "UND_ERR_DESTROYED" } });
  });
});

describe("a handler", () => {
  test("that aborts before its request is sent leaves the connection to the next", async () => {
    const server = await serve((socket) => socket.write(OK));
    const pool = poolTo(server.origin);
    const gone = outcomeOf(pool, { path: "/gone" }, { start: (call) => call.abort(new Error("no more")) });
    expect(await gone).toMatchObject({ ends: 1, error: { message: "no more" } });
    await rested();
    expect((await outcomeOf(pool)).status).toBe(200);
    expect(server.sockets).toHaveLength(1);
    expect(server.received[0]).not.toContain("/gone");
  });

  test.each(["head", "data"] as const)(
    "that aborts at its %s hears of it once, and the connection ends",
    async (at) => {
      const server = await serve((socket) => socket.write(OK));
      const pool = poolTo(server.origin);
      const outcome = await outcomeOf(
        pool,
        {},
        { [at]: (call: { abort(reason: Error): void }) => call.abort(new Error("no more")) },
      );
      expect(outcome).toMatchObject({ ends: 1, error: { message: "no more" } });
      await outcomeOf(pool);
      expect(server.sockets).toHaveLength(2);
    },
  );

  test.each(["start", "head", "data"] as const)("that throws at its %s fails alone", async (at) => {
    const server = await serve((socket) => socket.write(OK));
    const pool = poolTo(server.origin);
    const outcome = await outcomeOf(
      pool,
      {},
      {
        [at]: () => {
          throw new Error("oops");
        },
      },
    );
    expect(outcome).toMatchObject({ ends: 1, error: { message: "oops" } });
    expect(await outcomeOf(pool)).toMatchObject({ status: 200, body: "ok" });
  });

  test("cannot end what its connection does for others", async () => {
    const server = await serve((socket, request) => setTimeout(() => socket.write(OK), request * 30));
    const pool = poolTo(server.origin);
    let controller: { abort(reason: Error): void } | undefined;
    await outcomeOf(
      pool,
      {},
      {
        start: (call) => {
          controller = call;
        },
      },
    );
    await rested();
    const second = outcomeOf(pool);
    controller?.abort(new Error("too late"));
    expect(await second).toMatchObject({ status: 200, error: undefined });
    expect(server.sockets).toHaveLength(1);
  });

  test("that pauses is given nothing until it resumes, and loses nothing", async () => {
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    const server = await serve((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(300)}0\r\n\r\n`),
    );
    let paused = false;
    let pauses = 0;
    const outcome = await outcomeOf(
      poolTo(server.origin),
      {},
      {
        data: (call) => {
          expect(paused).toBe(false);
          pauses += 1;
          if (pauses % 50 !== 1) return;
          paused = true;
          call.pause();
          setTimeout(() => {
            paused = false;
            call.resume();
          }, 10);
        },
      },
    );
    expect(outcome).toMatchObject({ ends: 1, error: undefined, status: 200 });
    expect(outcome.body.length).toBe(300 * 1024);
    expect(pauses).toBeGreaterThan(100);
  });

  test("may keep what it was given", async () => {
    const server = await serve((socket, request) =>
      socket.write(OK.replace("ok", request === 0 ? "no" : "ok")),
    );
    const pool = poolTo(server.origin);
    let kept: Buffer | undefined;
    await outcomeOf(
      pool,
      {},
      {
        data: (_call, bytes) => {
          kept = bytes;
        },
      },
    );
    await rested();
    await outcomeOf(pool);
    expect(kept?.toString()).toBe("no");
  });
});

test("localhost is found on every address that it has", async () => {
  for (const { address } of await lookup("localhost", { all: true })) {
    const server = await serve((socket) => socket.write(OK), address);
    expect((await outcomeOf(poolTo(`http://localhost:${server.port}`))).status).toBe(200);
  }
});

test("an address of IPv6 is an origin", async () => {
  const server = await serve((socket) => socket.write(OK), "::1");
  expect((await outcomeOf(poolTo(`http://[::1]:${server.port}`))).status).toBe(200);
  expect(server.received[0]).toContain(`host: [::1]:${server.port}\r\n`);
});

test("over TLS the server is known by the name that it is asked for, and connections are used again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-tls-"));
  closing.push(() => rm(folder, { recursive: true }));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = "-subj /CN=shop.test -addext subjectAltName=DNS:shop.test";
  const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 ${subject}`;
  execFileSync("openssl", [...command.split(" "), "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certFile)]);
  const names: unknown[] = [];
  const big = "x".repeat(1_000_000);
  const server = createTlsServer({ key, cert, minVersion: "TLSv1.3" }, (socket) => {
    names.push(socket.servername);
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${big.length}\r\n\r\n${big}`));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const origin = `https://127.0.0.1:${(server.address() as { port: number }).port}`;
  expect((await outcomeOf(poolTo(origin))).error?.code).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect((await outcomeOf(poolTo(origin, { tls: { ca: cert } }))).error?.code).toBe(
    "ERR_TLS_CERT_ALTNAME_INVALID",
  );
  names.length = 0;
  const pool = poolTo(origin, { tls: { ca: cert, servername: "shop.test" } });
  const first = await outcomeOf(pool);
  expect(first).toMatchObject({ status: 200, ends: 1 });
  expect(first.body).toBe(big);
  expect(first.fresh?.tls).toBeGreaterThan(0);
  await rested();
  expect(await outcomeOf(pool)).toMatchObject({ status: 200, fresh: undefined });
  expect(names).toEqual(["shop.test"]);

  // The same through a forward proxy: one tunnel for each connection.
  const tunnels: string[] = [];
  const proxy = createHttpServer().on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const onward = connect(Number(new URL(origin).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  closing.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const tunnelled = poolTo(origin, {
    tls: { ca: cert, servername: "shop.test" },
    tunnel: {
      origin: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
      authorization: "Basic YTpi",
    },
  });
  for (const reused of [false, true]) {
    const outcome = await outcomeOf(tunnelled, { path: "/again" });
    expect(outcome).toMatchObject({ status: 200, ends: 1, error: undefined });
    expect(outcome.body).toBe(big);
    expect(outcome.fresh === undefined).toBe(reused);
    await rested();
  }
  expect(tunnels).toEqual([`${origin.replace("https://", "")} Basic YTpi`]);
});
