import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { request } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import {
  closeAfterTest,
  closeRig,
  headersFor,
  META,
  message,
  openRig,
  type ServerRig,
  serve,
  serverTargets,
  TRACE,
} from "./gateway-rig.ts";

afterEach(closeRig);

interface Params {
  [key: string]: unknown;
  arguments: Record<string, unknown>;
}

/** A target that answers the same to the same request. */
const target = (): Promise<string> =>
  serve((incoming, response) => {
    const status = Number(/^\/status\/(\d+)/.exec(incoming.url ?? "")?.[1] ?? 200);
    const { traceparent, "x-correlation-id": correlation } = incoming.headers;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ url: incoming.url, traceparent, correlation }));
  });

/** Undici, since a browser's fetch would not let a test set Host. */
async function post(url: string, body: unknown, headers: Record<string, string>) {
  const answer = await request(url, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, json: text.startsWith("{") ? (JSON.parse(text) as unknown) : text };
}

/** An answer without what differs from call to call: times, spans and dates. */
function still(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      key === "timing" || key === "date" || key === "duration" ? Object.keys(Object(value)) : value,
    ).replaceAll(/-[0-9a-f]{16}-/g, "-span-"),
  );
}

async function bothLanes(more: Parameters<typeof openRig>[1] = {}): Promise<[ServerRig, ServerRig]> {
  const url = await target();
  return [await openRig(url, more), await openRig(url, { ...more, fast: false })];
}

const TRACED = { traceparent: TRACE };
const FAST: readonly (readonly [string, string, object])[] = [
  ["a read", "http_get", { path: "/a?b=c" }],
  ["a write", "http_post", { api_name: "api", path: "/a", data: { x: [1, "ü"] }, query: { q: ["1"] } }],
  ["a 404", "http_get", { path: "/status/404" }],
  ["a 500", "http_delete", { path: "/status/500" }],
  ["an escape", "http_get", { path: "//evil.example/" }],
  ["a header with a line break", "http_get", { path: "/", headers: { a: "b\r\nc: d" } }],
  ["an unknown API", "http_get", { api_name: "nope", path: "/" }],
  ["arguments that the schema refuses", "http_get", { path: 7 }],
  ["an argument too many", "http_get", { path: "/", nope: 1 }],
];

describe("both lanes answer alike", () => {
  test.each(FAST)("%s, and the fast lane takes it", async (_what, name, args) => {
    const [fast, slow] = await bothLanes();
    const sent = message(name, args, TRACED);
    const [a, b] = [
      await post(fast.mcpServer.url, sent, headersFor(name)),
      await post(slow.mcpServer.url, sent, headersFor(name)),
    ];
    expect(still(a)).toEqual(still(b));
    expect(a.status).toBe(200);
    expect(fast.mcpServer.lanes).toEqual({ fast: 1, sdk: 0 });
    expect(slow.mcpServer.lanes).toEqual({ fast: 0, sdk: 1 });
  });

  const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  test.each<[string, object, number]>([
    ["common capabilities", { sampling: {}, elicitation: {}, roots: { listChanged: true } }, 1],
    ["a capability of another form", { roots: { listChanged: "yes" } }, 0],
    ["a capability that is none", { sampling: 1 }, 0],
    ["an unknown capability", { flight: {} }, 0],
  ])("a client of %s has the same answer", async (_what, capabilities, byFast) => {
    const [fast, slow] = await bothLanes();
    const sent = message("http_get", { path: "/" }, { ...TRACED, [CAPABILITIES]: capabilities });
    const [a, b] = [
      await post(fast.mcpServer.url, sent, headersFor("http_get")),
      await post(slow.mcpServer.url, sent, headersFor("http_get")),
    ];
    expect(still(a)).toEqual(still(b));
    expect(fast.mcpServer.lanes.fast).toBe(byFast);
  });

  const good = message("http_get", { path: "/" }, TRACED);
  const params = good.params as object;
  const ok = headersFor("http_get");
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(ok).filter(([key]) => key !== name));
  test.each<[string, unknown, Record<string, string>]>([
    ["another name in the header", good, { ...ok, "mcp-name": "http_post" }],
    ["another method in the header", good, { ...ok, "mcp-method": "tools/list" }],
    ["another revision in the header", good, { ...ok, "mcp-protocol-version": "2025-11-25" }],
    ["an unknown revision", good, { ...ok, "mcp-protocol-version": "2099-01-01" }],
    ["no name header", good, without("mcp-name")],
    ["no method header", good, without("mcp-method")],
    ["no revision header", good, without("mcp-protocol-version")],
    ["no content type", good, without("content-type")],
    ["an unknown tool", message("nope", {}), headersFor("nope")],
    ["no JSON", "{", ok],
    ["a batch", [good], ok],
    ["no id", { ...good, id: undefined }, ok],
    ["an id that is null", { ...good, id: null }, ok],
    ["a member too many", { ...good, more: 1 }, ok],
    ["arguments that are text", { ...good, params: { ...params, arguments: "x" } }, ok],
    ["no envelope", { ...good, params: { name: "http_get", arguments: { path: "/" } } }, ok],
    ["progress wanted", message("http_get", { path: "/" }, { ...TRACED, progressToken: 1 }), ok],
    ["a name in base64", good, { ...ok, "mcp-name": "=?base64?aHR0cF9nZXQ=?=" }],
  ])("%s is left to the SDK", async (_what, body, headers) => {
    const [fast, slow] = await bothLanes();
    expect(still(await post(fast.mcpServer.url, body, headers))).toEqual(
      still(await post(slow.mcpServer.url, body, headers)),
    );
    expect(fast.mcpServer.lanes.fast).toBe(0);
  });

  test("whatever arrives, for as long as there is time", { timeout: 60_000 }, async () => {
    const [fast, slow] = await bothLanes();
    const odd = fc.oneof(
      fc.constantFrom("2.0", "tools/call", "http_get", null, 1, {}, [], META),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const change = fc.record({
      at: fc.constantFrom(
        "id",
        "jsonrpc",
        "method",
        "params",
        "name",
        "arguments",
        "_meta",
        "path",
        "extra",
        "sampling",
        "roots",
      ),
      value: odd,
    });
    const headers = fc.record({
      name: fc.constantFrom(...Object.keys(ok)),
      value: fc.constantFrom(
        "",
        "2026-07-28",
        "tools/call",
        "http_get",
        "application/json",
        "text/plain",
        "x",
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 2 }),
        fc.array(headers, { maxLength: 1 }),
        async (changes, others) => {
          const sent = structuredClone(good);
          const inner = sent.params as Params;
          const args = inner.arguments;
          for (const { at, value } of changes)
            if (at === "path") Object.assign(args, { path: value });
            else if (at === "sampling" || at === "roots")
              inner._meta = { ...META, [CAPABILITIES]: { [at]: value } };
            else if (["name", "arguments", "_meta"].includes(at)) Object.assign(inner, { [at]: value });
            else Object.assign(sent, { [at]: value });
          const given: Record<string, string> = { ...ok };
          for (const { name, value } of others) given[name] = value;
          const [a, b] = [
            await post(fast.mcpServer.url, sent, given),
            await post(slow.mcpServer.url, sent, given),
          ];
          const random = (answer: unknown): unknown =>
            JSON.parse(JSON.stringify(still(answer)).replaceAll(/[0-9a-f]{32}/g, "trace"));
          expect(random(a)).toEqual(random(b));
          expect(a.status).toBeLessThan(500);
        },
      ),
      { interruptAfterTimeLimit: 4_000, numRuns: 2_000, markInterruptAsFailure: false },
    );
    expect(fast.mcpServer.lanes.fast).toBeGreaterThan(0);
  });
});

test("the official client, of this revision and of an older one, lists and calls", async () => {
  const { mcpServer } = await openRig(await target(), {
    token: "run",
    settings: { expose: "operations" },
    target: { spec: "openapi.yaml" },
  });
  for (const mode of ["auto", "legacy"] as const) {
    const client = new Client({ name: "official", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(mcpServer.url), {
        requestInit: { headers: { authorization: "Bearer run" } },
      }),
    );
    closeAfterTest(() => client.close());
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["http_get", "api_getProduct"]));
    const result = await client.callTool({ name: "http_get", arguments: { path: "/status/404" } });
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 404, operation: "GET /status/{id}" },
    });
    const [body, sentence] = result.content as { text: string }[];
    expect(JSON.parse(body?.text ?? "")).toMatchObject({ url: "/status/404" });
    expect(sentence?.text).toBe("GET /status/{id}: 404, json");
    const named = tools.find(({ name }) => name === "api_getProduct");
    const [id] = named?.inputSchema.required ?? [];
    const product = await client.callTool({
      name: "api_getProduct",
      arguments: { [id ?? ""]: "../x" },
    });
    expect(JSON.stringify(product.structuredContent)).toContain("invalid_call");
  }
});

test("a call has a span of its own, `_meta` wins over headers, and one line tells of it without secrets", async () => {
  const { mcpServer, lines } = await openRig(await target(), { secrets: ["hush-hush"] });
  const other = TRACE.replace("0af7", "ffff");
  const meta = { ...TRACED, "io.ape/session": "s-1", "io.ape/agent": "a-hush-hush" };
  const headers = headersFor("http_get", {
    traceparent: other,
    "x-correlation-id": "c-9",
    "x-ape-session": "s-2",
  });
  const { json } = await post(
    mcpServer.url,
    message("http_get", { path: "/", headers: { TraceParent: other } }, meta),
    headers,
  );
  const { structuredContent: content } = (
    json as {
      result: {
        structuredContent: { traceId: string; body: { json: { traceparent: string; correlation: string } } };
      };
    }
  ).result;
  const [, trace, span] = content.body.json.traceparent.split("-");
  expect(trace).toBe(TRACE.slice(3, 35));
  expect(span).not.toBe(TRACE.slice(36, 52));
  expect(content.traceId).toBe(trace);
  expect(content.body.json.correlation).toBe("c-9");
  expect(lines).toMatchObject([
    {
      lane: "fast",
      tool: "http_get",
      target: "api",
      status: 200,
      trace,
      span,
      parent: TRACE.slice(36, 52),
      session: "s-1",
      agent: "a-***",
      correlation: "c-9",
    },
  ]);
  expect(lines).toHaveLength(1);
});

test("strangers are turned away: host, origin, token, size", async () => {
  const { mcpServer } = await openRig(await target(), {
    token: "run",
    settings: { maxRequest: 2000, allowedHosts: ["mcp_gateway"] },
  });
  const good = headersFor("http_get", { authorization: "Bearer run" });
  const call = message("http_get", { path: "/" });
  const status = async (headers: Record<string, string>, body: unknown = call): Promise<number> =>
    (await post(mcpServer.url, body, headers)).status;
  expect(await status(good)).toBe(200);
  expect(await status({ ...good, host: "mcp_gateway:80" })).toBe(200);
  expect(await status({ ...good, host: "evil.example" })).toBe(403);
  expect(await status({ ...good, origin: "https://evil.example" })).toBe(403);
  expect(await status({ ...good, origin: "http://localhost:3000" })).toBe(200);
  expect(await status({ ...good, authorization: "Bearer nope" })).toBe(401);
  expect(await status(headersFor("http_get"))).toBe(401);
  expect(await status(good, message("http_get", { path: `/${"x".repeat(2000)}` }))).toBe(413);
  const metrics = await fetch(mcpServer.url.replace("/mcp", "/metrics"), {
    headers: { authorization: "Bearer run" },
  });
  const text = await metrics.text();
  expect(text).toContain('ape_gateway_calls_total{lane="fast"} 3');
  expect(text).toMatch(/ape_target_seconds_count\{target="api",operation="GET \/"\} 3/);
  expect((await fetch(mcpServer.url.replace("/mcp", "/metrics"))).status).toBe(401);
  expect((await fetch(mcpServer.url.replace("/mcp", "/healthz"))).status).toBe(200);
});

test("a reload drops no call, and a closing MCP server lets calls in flight end and refuses new ones", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const url = await serve(async (incoming, response) => {
    if (incoming.url === "/hold") {
      arrived();
      await held;
    }
    response.end("old");
  });
  const next = await serve((_incoming, response) => response.end("new"));
  const { mcpServer } = await openRig(url);
  const get = (path: string) => post(mcpServer.url, message("http_get", { path }), headersFor("http_get"));
  const flying = get("/hold");
  await isHeld;
  const replaced = mcpServer.replace(await serverTargets(next));
  expect(JSON.stringify((await get("/")).json)).toContain('"text":"new"');
  const closed = mcpServer.close();
  expect((await get("/")).status).toBe(503);
  expect((await fetch(mcpServer.url.replace("/mcp", "/readyz"))).status).toBe(503);
  release();
  expect(JSON.stringify((await flying).json)).toContain('"text":"old"');
  await Promise.all([replaced, closed]);
});
