import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const EVERYTHING = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);
const rig = new Rig();
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await rig.close();
  for (const close of closing.splice(0)) await close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The reference server over Streamable HTTP. */
async function serveEverything(): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [EVERYTHING, "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  closing.push(() => child.kill());
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text.toString();
      if (said.includes("listening")) resolve();
    });
    child.once("exit", () => reject(new Error(`the reference server ended: ${said}`)));
  });
  return `http://127.0.0.1:${port}/mcp`;
}

test.each(["stdio", "http"])(
  "the reference server over %s: tools are listed, called and timed",
  async (way) => {
    const gateway = await rig.open(
      way === "stdio"
        ? { kind: "mcp", command: [process.execPath, EVERYTHING] }
        : { kind: "mcp", baseUrl: await serveEverything() },
    );
    const api = gateway.describe("api");
    expect(gateway.hasOperation("api", "tool echo")).toBe(true);
    expect(gateway.hasOperation("api", "tool nothing")).toBe(false);
    expect(api.operations.find(({ path }) => path === "get-sum")?.fields).toMatchObject([
      { in: "body", name: "a", type: "number", required: true, description: "First number" },
      { in: "body", name: "b", type: "number", required: true },
    ]);
    await gateway.reach("api");
    const use = (name: string, args: Record<string, string | number>) =>
      rig.call(gateway, {
        method: "POST",
        path: "",
        tool: { name, arguments: args },
        headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
      });
    const echo = await use("echo", { message: "hello" });
    expect(echo).toMatchObject({
      status: 200,
      operation: "tool echo",
      body: { kind: "text", text: "Echo: hello" },
    });
    expect(echo.error).toBeUndefined();
    expect(echo.attempts).toHaveLength(1);
    expect(echo.timing.total).toBeGreaterThan(0);
    expect(await use("get-structured-content", { location: "New York" })).toMatchObject({
      body: { kind: "json" },
    });
    expect(await use("get-sum", { a: "x" })).toMatchObject({ error: { code: "failure" } });
    expect(await use("nothing", {})).toMatchObject({ error: { code: "invalid_call" }, attempts: [] });
    const many = await Promise.all(Array.from({ length: 20 }, (_, a) => use("get-sum", { a, b: 1 })));
    expect(many.every(({ status, error }) => status === 200 && error === undefined)).toBe(true);
  },
);

test("only allowed tools are shown and called; readOnly leaves those that say that they read", async () => {
  const command = [process.execPath, EVERYTHING];
  const gateway = await rig.open({ kind: "mcp", command, allow: ["tool get-*"], deny: ["tool get-env"] });
  const names = gateway.describe("api").operations.map(({ path }) => path);
  expect(names).toContain("get-sum");
  expect(names).not.toContain("echo");
  const denied = await rig.call(gateway, {
    method: "POST",
    path: "",
    tool: { name: "get-env", arguments: {} },
  });
  expect(denied.error?.code).toBe("denied");
  const reader = await rig.open({ kind: "mcp", command, readOnly: true });
  expect(reader.describe("api").operations.every(({ reads }) => reads)).toBe(true);
});

test("how many arguments a tool takes, and types that are not allowed, are described", async () => {
  const values = { type: "string" };
  const schemas = {
    some: { minProperties: 1, properties: { a: values, b: values } },
    few: { maxProperties: 1, properties: { a: values, b: values } },
    map: { minProperties: 1, additionalProperties: values },
    any: { additionalProperties: values },
    other: {
      properties: { a: { not: { type: "string" } }, b: { type: ["string", "null"], not: { type: "null" } } },
    },
  };
  const tools = Object.entries(schemas).map(([name, schema]) => ({
    name,
    inputSchema: { type: "object", ...schema },
  }));
  const baseUrl = await rig.serve(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { id, method } = JSON.parse(text === "" ? "{}" : text);
    const result =
      method === "tools/list"
        ? { tools }
        : {
            protocolVersion: "2025-06-18",
            capabilities: { tools: {} },
            serverInfo: { name: "s", version: "1" },
          };
    response
      .writeHead(id === undefined ? 202 : 200, { "content-type": "application/json" })
      .end(id === undefined ? "" : JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
  const { operations } = (await rig.open({ kind: "mcp", baseUrl })).describe("api");
  const of = (name: string) => operations.find(({ path }) => path === name);
  expect(of("some")?.fields).toMatchObject([
    { name: "", type: "object", minProperties: 1 },
    { name: "a" },
    { name: "b" },
  ]);
  expect(of("few")?.fields[0]).toMatchObject({ name: "", maxProperties: 1 });
  expect(of("map")).toMatchObject({ openBody: true, fields: [{ name: "", minProperties: 1, example: {} }] });
  expect(Object.keys(of("map")?.fields[0]?.example as object)).toHaveLength(1);
  expect(of("any")).toMatchObject({ openBody: true, fields: [] });
  expect(of("other")?.fields).toMatchObject([
    { name: "a", type: "integer" },
    { name: "b", type: "string" },
  ]);
  expect(of("other")?.fields[1]).not.toHaveProperty("nullable");
});

test("what is no MCP server is told at the start", async () => {
  await expect(
    rig.open({ kind: "mcp", baseUrl: `http://127.0.0.1:${await freePort()}/mcp` }),
  ).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    message: expect.stringContaining("refused"),
  });
  const url = await rig.serve((_, response) => response.writeHead(404).end());
  await expect(rig.open({ kind: "mcp", baseUrl: url })).rejects.toMatchObject({ code: "TARGET_UNREACHABLE" });
  await expect(rig.open({ kind: "mcp", command: [process.execPath, "-e", "0"] })).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
  });
});

/** A server with sessions that it can forget; it counts the calls of tools that it looked at. */
function forgetfulServer(refusal: { status: number; message: string }) {
  const sessions = new Set<string>();
  const seen = { sessions: 0, calls: 0 };
  const serve = rig.serve(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const answer = (result: object, headers: Record<string, string> = {}) =>
      response
        .writeHead(200, { "content-type": "application/json", ...headers })
        .end(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(text).id, result }));
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { method } = JSON.parse(text) as { method: string };
    if (method === "initialize") {
      seen.sessions += 1;
      sessions.add(`session-${seen.sessions}`);
      return void answer(
        {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: "f", version: "1" },
        },
        { "mcp-session-id": `session-${seen.sessions}` },
      );
    }
    if (method === "server/discover")
      return void response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          jsonrpc: "2.0",
          id: JSON.parse(text).id,
          error: { code: -32601, message: "no such method" },
        }),
      );
    if (!sessions.has(String(request.headers["mcp-session-id"])))
      return void response.writeHead(refusal.status, { "content-type": "application/json" }).end(
        JSON.stringify({
          jsonrpc: "2.0",
          // An error of JSON-RPC answers the request.
          id: refusal.status === 200 ? JSON.parse(text).id : null,
          error: { code: refusal.status === 200 ? -32001 : -32000, message: refusal.message },
        }),
      );
    if (method.startsWith("notifications/")) return void response.writeHead(202).end();
    if (method === "tools/list")
      // The second one is not as the specification wants it, which is no reason to do without the first.
      return void answer({
        tools: [
          { name: "write", inputSchema: { type: "object" } },
          { name: "odd", title: null },
        ],
      });
    seen.calls += 1;
    answer({ content: [{ type: "text", text: "written" }] });
  });
  return { url: serve, seen, forget: () => sessions.clear() };
}

test.each([
  { status: 404, message: "Session not found" },
  { status: 400, message: "Bad Request: No valid session ID provided" },
  { status: 410, message: "gone" },
  { status: 200, message: "Session not found" },
])(
  "where the server has forgotten the session ($status), another is begun and each call made once",
  async (refusal) => {
    const server = forgetfulServer(refusal);
    const gateway = await rig.open({ kind: "mcp", baseUrl: await server.url });
    const write = () =>
      rig.call(gateway, { method: "POST", path: "", tool: { name: "write", arguments: {} }, headers: {} });
    expect((await write()).status).toBe(200);
    server.forget();
    const before = server.seen.sessions;
    const results = await Promise.all(Array.from({ length: 10 }, write));
    expect(results.map(({ error }) => error)).toEqual(Array(10).fill(undefined));
    expect(server.seen).toEqual({ sessions: before + 1, calls: 11 });
  },
);

test("a server that forgets every session at once is its own failure", async () => {
  const server = forgetfulServer({ status: 404, message: "Session not found" });
  const gateway = await rig.open({ kind: "mcp", baseUrl: await server.url });
  const { forget, seen } = server;
  const timer = setInterval(forget, 0);
  closing.push(() => clearInterval(timer));
  forget();
  const result = await rig.call(gateway, {
    method: "POST",
    path: "",
    tool: { name: "write", arguments: {} },
    headers: {},
  });
  if (result.error !== undefined) expect(result.error).toMatchObject({ code: "failure", like: 404 });
  expect(seen.sessions).toBeLessThanOrEqual(4);
});
