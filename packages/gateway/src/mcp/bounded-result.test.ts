import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";
import { boundedAnswer, wireLimit } from "./bounded-result.ts";

const rig = new Rig();
afterEach(() => rig.close());

const MAX_BODY = 64 * 1024;
const FLOOD = 200 * 1024 * 1024;
const zeros = Buffer.alloc(64 * 1024, "0");

/** Answers of an MCP server to all but tool calls, by method. */
function answerTo(method: unknown): JsonObject | undefined {
  if (method === "initialize")
    return {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "hostile", version: "1" },
    };
  if (method === "tools/list") return { tools: [{ name: "flood", inputSchema: { type: "object" } }] };
  return undefined;
}

/** An MCP server whose tool answers as told; `sent` counts the bytes that were written before any compression. */
async function hostile(
  flood: (
    response: ServerResponse,
    write: (bytes: Buffer | string) => Promise<boolean>,
    id: unknown,
  ) => Promise<void>,
): Promise<{ url: string; sent: () => number; ended: Promise<void> }> {
  let sent = 0;
  let end: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const url = await rig.serve((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method !== "POST") {
        response.writeHead(405).end();
        return;
      }
      const message: unknown = JSON.parse(Buffer.concat(parts).toString());
      const { method, id } = isJsonObject(message) ? message : {};
      if (id === undefined) {
        response.writeHead(202).end();
        return;
      }
      if (method === "tools/call") {
        response.on("close", () => end());
        void flood(
          response,
          async (bytes) => {
            sent += bytes.length;
            if (response.destroyed) return false;
            if (!response.write(bytes)) await Promise.race([once(response, "drain"), ended]);
            return !response.destroyed;
          },
          id,
        );
        return;
      }
      const result = answerTo(method);
      const error = { code: -32601, message: "no such method" };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) }),
      );
    });
  });
  return { url, sent: () => sent, ended };
}

const flood = async (write: (bytes: Buffer | string) => Promise<boolean>, chunk: Buffer): Promise<void> => {
  for (let bytes = 0; bytes < FLOOD; bytes += chunk.length) if (!(await write(chunk))) return;
};

test.each<[string, Parameters<typeof hostile>[0]]>([
  [
    "JSON without an end",
    async (response, write) => {
      response.writeHead(200, { "content-type": "application/json" });
      await write('{"jsonrpc":"2.0","result":"');
      await flood(write, zeros);
    },
  ],
  [
    "one event without an end",
    async (response, write) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      await write("data: ");
      await flood(write, zeros);
    },
  ],
  [
    "events without an end",
    async (response, write) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const message = {
        jsonrpc: "2.0",
        method: "notifications/message",
        params: { level: "info", data: "x" },
      };
      await flood(write, Buffer.from(`data: ${JSON.stringify(message)}\n\n`.repeat(500)));
    },
  ],
])("of %s no more is read than the bound, and the call says so", async (_, answer) => {
  const { url, sent, ended } = await hostile(answer);
  const gateway = await rig.open({ kind: "mcp", baseUrl: url, maxBody: MAX_BODY });
  const result = await rig.call(gateway, {
    method: "POST",
    path: "",
    tool: { name: "flood", arguments: {} },
  });
  expect(result.error?.code).toBe("body_too_large");
  await ended;
  // What sockets hold of it on both sides comes on top.
  expect(sent()).toBeLessThan(16 * 1024 * 1024);
});

test("a small answer that grows by gzip is not unpacked beyond the bound", async () => {
  let unpacked = 0;
  const { url, ended } = await hostile(async (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    const gzip = createGzip();
    gzip.pipe(response);
    const closed = once(response, "close").then(() => gzip.destroy());
    for (let bytes = 0; bytes < FLOOD && !gzip.destroyed; bytes += zeros.length) {
      unpacked += zeros.length;
      if (!gzip.write(zeros)) await Promise.race([once(gzip, "drain"), closed]);
    }
    if (!gzip.destroyed) gzip.end();
  });
  const gateway = await rig.open({ kind: "mcp", baseUrl: url, maxBody: MAX_BODY });
  const before = process.memoryUsage.rss();
  const result = await rig.call(gateway, {
    method: "POST",
    path: "",
    tool: { name: "flood", arguments: {} },
  });
  expect(result.error?.code).toBe("body_too_large");
  await ended;
  expect(unpacked).toBeGreaterThan(0);
  expect(process.memoryUsage.rss() - before).toBeLessThan(FLOOD / 2);
});

test("a message over stdio without an end is not kept, and the server is started again", async () => {
  const file = join(await rig.directory(), "server.mjs");
  await writeFile(
    file,
    `import { createInterface } from "node:readline";
const answers = { initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } }, "tools/list": { tools: [{ name: "flood", inputSchema: { type: "object" } }] } };
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === "tools/call" && params.arguments.long) {
    for (let i = 0; i < 400; i += 1) process.stdout.write("0".repeat(65536));
    return;
  }
  const result = method === "tools/call" ? { content: [{ type: "text", text: "ok" }] } : answers[method];
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error: { code: -32601, message: "none" } }) }) + "\\n");
});
`,
  );
  const gateway = await rig.open({ kind: "mcp", command: [process.execPath, file], maxBody: MAX_BODY });
  const use = (args: JsonObject) =>
    rig.call(gateway, { method: "POST", path: "", tool: { name: "flood", arguments: args } });
  expect((await use({ long: true })).error?.code).toBe("body_too_large");
  expect(await use({})).toMatchObject({ body: { kind: "text", text: "ok" } });
});

test("a structured result longer than maxBody is a failed action; one within it is kept", async () => {
  const { url } = await hostile(async (response, _write, id) => {
    const structuredContent = { text: "x".repeat(MAX_BODY) };
    const content = [{ type: "text", text: "short" }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { content, structuredContent } }));
  });
  const call = { method: "POST", path: "", tool: { name: "flood", arguments: {} } } as const;
  const small = await rig.open({ kind: "mcp", baseUrl: url, maxBody: MAX_BODY });
  expect(await rig.call(small, call)).toMatchObject({
    error: { code: "body_too_large" },
    body: { cut: true },
  });
  const large = await rig.open({ kind: "mcp", baseUrl: url, maxBody: 2 * MAX_BODY });
  expect(await rig.call(large, call)).toMatchObject({ body: { kind: "json" } });
});

test("a stream that does not end is bounded by event, however its chunks are cut", async () => {
  const read = async (chunks: string[], limit: number): Promise<string> => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
        controller.close();
      },
    });
    const answer = boundedAnswer(new Response(body), { limit, perEvent: true, onOver: () => {} });
    return answer.text().catch((error: Error) => error.message);
  };
  const event = `data: ${"x".repeat(20)}\n\n`;
  expect(
    await read(
      Array.from({ length: 50 }, () => event),
      60,
    ),
  ).toBe(event.repeat(50));
  expect(await read([event + event, "data: x", `${"y".repeat(70)}`], 60)).toMatch(/longer than 60 bytes/);
  expect(wireLimit(1024)).toBeGreaterThan(2048);
});
