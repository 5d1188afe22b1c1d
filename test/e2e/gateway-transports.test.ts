import type { IncomingMessage } from "node:http";
import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { closeAfterTest, closeRig, openRig, serve, TOOL_TRANSPORTS, TRACE } from "./gateway-rig.ts";

afterEach(closeRig);

describe.each(TOOL_TRANSPORTS)("a tool transport %s", (_name, open) => {
  test("a call arrives as it was made, and its answer comes back whole", async () => {
    const seen: {
      method?: string | undefined;
      url?: string | undefined;
      body: string;
      headers: IncomingMessage["headers"];
    }[] = [];
    const url = await serve(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      seen.push({ method: request.method, url: request.url, body, headers: request.headers });
      response
        .writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] })
        .end('{"id":"ü","list":[1,null]}');
    });
    const transport = await open(url);
    const result = await transport.call({
      target: "api",
      method: "POST",
      path: "/orders",
      query: { a: ["1", "2"], b: true },
      headers: { cookie: "s=1", authorization: "Bearer t", traceparent: TRACE },
      data: { name: "wörd", deep: [{ a: null }] },
    });
    expect(result).toMatchObject({
      status: 201,
      operation: "POST /orders",
      body: { kind: "json", json: { id: "ü", list: [1, null] } },
      attempts: [{ status: 201, backoff: 0 }],
    });
    expect(result.error).toBeUndefined();
    expect(result.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(result.timing.total).toBeGreaterThan(0);
    expect(Object.keys(result).sort()).toEqual(
      ["attempts", "body", "headers", "operation", "status", "timing"].sort(),
    );
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/orders?a=1&a=2&b=true",
      headers: { cookie: "s=1", authorization: "Bearer t", "x-trace-id": TRACE.slice(3, 35) },
    });
    expect(seen[0]?.headers.traceparent).toContain(TRACE.slice(3, 35));
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ name: "wörd", deep: [{ a: null }] });
  });

  test.each([404, 422, 429, 500, 503])("a %d of the target is a faithful result", async (status) => {
    const url = await serve((_request, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end('{"why":1}'),
    );
    const result = await (await open(url)).call({ target: "api", method: "GET", path: "/x" });
    expect(result).toMatchObject({ status, body: { kind: "json", json: { why: 1 } } });
    expect(result.error).toBeUndefined();
  });

  test.each([
    ["//other.example/x", {}],
    ["/a/../../etc", {}],
    ["/a/%2e%2e/b", {}],
    ["no-slash", {}],
    ["/x", { "x-a": "1\r\nhost: evil" }],
    ["/x", { host: "evil.example" }],
    ["/x", { "transfer-encoding": "chunked" }],
    ["/x", { "bad name": "1" }],
  ])("%s with headers %j never leaves", async (path, headers) => {
    let reached = 0;
    const url = await serve((_request, response) => {
      reached += 1;
      response.end();
    });
    const result = await (await open(url)).call({
      target: "api",
      method: "GET",
      path,
      headers: headers as Record<string, string>,
    });
    expect(result).toMatchObject({ status: 0, error: { code: "invalid_call" } });
    expect(reached).toBe(0);
  });

  test("an unknown target, a dead target and a cancelled call are results", async () => {
    const abort = new AbortController();
    const url = await serve((request, response) => {
      if (request.url === "/dead") request.socket.destroy();
      else if (request.url === "/hang") abort.abort();
      else response.end();
    });
    const transport = await open(url);
    const at = (target: string, path: string, signal?: AbortSignal) =>
      transport.call({ target, method: "GET", path }, signal);
    expect(await at("nope", "/")).toMatchObject({ status: 0, error: { code: "unknown_target" } });
    expect(await at("api", "/dead")).toMatchObject({ status: 0, error: { code: "reset" } });
    expect(await at("api", "/hang", abort.signal)).toMatchObject({ status: 0, error: { code: "cancelled" } });
  });
});

test("a gateway that restarts on its port loses no call", async () => {
  let made = 0;
  const url = await serve((_request, response) => {
    made += 1;
    setTimeout(() => response.end("ok"), 5);
  });
  const first = await openRig(url);
  const transport = createMcpTransport({ url: first.mcpServer.url });
  closeAfterTest(() => transport.close());
  let going = true;
  const results: number[] = [];
  const callers = Array.from({ length: 20 }, async () => {
    while (going) results.push((await transport.call({ target: "api", method: "POST", path: "/x" })).status);
  });
  await vi.waitFor(() => expect(results.length).toBeGreaterThan(20), { timeout: 20_000 });
  await first.mcpServer.close();
  const second = await openRig(url, { port: Number(new URL(first.mcpServer.url).port) });
  const before = results.length;
  await vi.waitFor(() => expect(results.length).toBeGreaterThan(before + 20), { timeout: 20_000 });
  going = false;
  await Promise.all(callers);
  expect(results.filter((status) => status !== 200)).toEqual([]);
  expect(made).toBe(results.length);
  expect(second.mcpServer.lanes.fast).toBeGreaterThan(0);
});

test("without a token, and with nobody there, a call is a result", async () => {
  const url = await serve((_request, response) => response.end());
  const { mcpServer } = await openRig(url, { token: "right" });
  const transport = createMcpTransport({ url: mcpServer.url, token: "wrong" });
  closeAfterTest(() => transport.close());
  const result = await transport.call({ target: "api", method: "GET", path: "/" });
  expect(result).toMatchObject({ status: 0, error: { code: "gateway" } });
  expect(result.error?.message).toContain("401");
});
