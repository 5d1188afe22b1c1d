import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewaySettings } from "@ape/core/config/gateway";
import { targetSchema } from "@ape/core/config/target";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import Fastify from "fastify";
import { Pool } from "undici";
import { answer } from "./answer.ts";
import { openSdkPeer } from "./sdk-peer.ts";

/** One side of the gateway benchmark in a process of its own: a server, or a loop of calls. */
export interface GatewayOrder {
  /** What to open; a message without it returns the CPU used since the last message. */
  open?: "post" | "fast" | "sdk" | "forward" | "peer" | "target";
  /** Calls to make in this process: through the gateway's transport, or with undici alone. */
  loop?: "dispatch" | "contract" | "bare";
  calls?: number;
  target?: string;
}

/** A body of 1.5 kB. */
const json = {
  items: Array.from({ length: 17 }, (_, n) => ({
    id: `t-${n}`,
    title: `Thing number ${n}`,
    price: 10 + n,
    note: "in stock, sent soon",
  })),
};
const text = JSON.stringify(json);
const result: ToolResult = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: { kind: "json", json, bytes: text.length },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [{ status: 200, duration: 1, backoff: 0 }],
  operation: "GET /things",
};

async function post(answered: () => unknown, method: "GET" | "POST"): Promise<string> {
  const app = Fastify();
  app.route({ method, url: "/*", handler: () => answered() });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`;
}

const gatewayTo = (baseUrl: string, more: object = {}): Promise<Gateway> =>
  createGateway({ targets: { api: targetSchema.parse({ baseUrl, ...more }) }, clock, baseDir: "." });

/** The API document's schema of that body. */
const string = { type: "string" };
const document = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  paths: {
    "/things": {
      get: {
        responses: {
          200: {
            description: "all of them",
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["items"],
                  properties: {
                    items: {
                      type: "array",
                      items: {
                        type: "object",
                        required: ["id", "title", "price", "note"],
                        properties: {
                          id: string,
                          title: string,
                          price: { type: "number", minimum: 0 },
                          note: string,
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
});

/** Calls are validated against an API document, which `createGateway` has read when it resolves. */
async function checkedGatewayTo(baseUrl: string): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const spec = join(folder, "openapi.json");
  await writeFile(spec, document);
  try {
    return await gatewayTo(baseUrl, { spec, contract: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function open({ open: what, target = "http://127.0.0.1:1" }: GatewayOrder): Promise<string> {
  if (what === "target") return new URL(await post(() => json, "GET")).origin;
  // A server's answer to a tool call is serialized whole, including its envelope: the bare POST serializes as much.
  if (what === "post")
    return post(
      () => ({
        result: {
          content: [{ type: "text", text: "GET /things: 200, json" }],
          structuredContent: { ...result, traceId: "0".repeat(32) },
        },
        jsonrpc: "2.0",
        id: 1,
      }),
      "POST",
    );
  if (what === "peer") return openSdkPeer(target);
  const gateway = await gatewayTo(target);
  const server = await startMcpServer({
    gateway:
      what === "forward" ? gateway : { ...gateway, transport: { call: () => Promise.resolve(result) } },
    targets: ["api"],
    settings: gatewaySettings.parse({}),
    secrets: [],
    version: "bench",
    port: 0,
    fast: what !== "sdk",
  });
  return server.url;
}

async function loop({ loop: how, calls = 0, target = "" }: GatewayOrder): Promise<void> {
  const gateway = await (how === "contract" ? checkedGatewayTo(target) : gatewayTo(target));
  const pool = new Pool(target, { connections: 32 });
  const one =
    how === "bare"
      ? async () =>
          JSON.parse(await (await pool.request({ path: "/things", method: "GET" })).body.text()) as unknown
      : async () => {
          const { error } = await gateway.transport.call({ target: "api", method: "GET", path: "/things" });
          if (error !== undefined) throw new Error(error.message);
        };
  const share = Array.from({ length: 32 }, async () => {
    for (let i = 0; i < calls / 32; i += 1) await one();
  });
  await Promise.all(share);
  await Promise.all([gateway.close(), pool.close()]);
}

let cpu = process.cpuUsage();
answer(async (order: GatewayOrder) => {
  const url = order.open === undefined ? undefined : await open(order);
  if (order.loop !== undefined) await loop(order);
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  return { url, cpuUs: used.user + used.system };
});
