import { createServer } from "node:http";
import { gatewaySettings } from "@ape/core/config/gateway";
import { targetSchema } from "@ape/core/config/target";
import { MCP_REVISION } from "@ape/core/protocol/mcp";
import { closeServer, listen } from "@ape/http/server/http-server";
import { sendMalformedRequests } from "@ape/http/test/malformed-requests";
import { afterEach, expect, test } from "vitest";
import { createGateway } from "../gateway.ts";
import { type McpServer, startMcpServer } from "./mcp-server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(token: string, answer = "{}"): Promise<McpServer> {
  const api = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(answer),
  );
  closing.push(() => closeServer(api));
  const baseUrl = await listen(api, { host: "127.0.0.1", port: 0, hint: "" });
  const gateway = await createGateway({
    targets: { api: targetSchema.parse({ baseUrl, allow: ["* /**"] }) },
    clock: {
      now: () => performance.now(),
      epoch: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    baseDir: import.meta.dirname,
  });
  const settings = gatewaySettings.parse({ drain: "1s" });
  const server = await startMcpServer({
    gateway,
    targets: ["api"],
    settings,
    secrets: [],
    version: "0",
    port: 0,
    token,
  });
  closing.push(() => server.close());
  return server;
}

test("10,000 malformed requests leave a gateway that answers", { timeout: 180_000 }, async () => {
  const { url } = await open("t");
  const { port } = new URL(url);
  const paths = ["/mcp", "/mcp", "/metrics", "/apis", "/healthz", "/readyz"];
  const { uncaught, sent, statuses } = await sendMalformedRequests(
    { port: Number(port), paths, token: "t", seed: 4 },
    10_000,
  );
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["400", "401", "403", "404", "415"])
    expect(statuses[status], status).toBeGreaterThan(10);
  expect(statuses["500"]).toBeUndefined();
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: "Bearer t",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("http_get");
});

test.each([["2025-06-18"], [MCP_REVISION]])(
  "an answer that is nested too deep to be written is left out, and said to be so (revision %s)",
  async (revision) => {
    const { url } = await open("t", `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    const isNew = revision === MCP_REVISION;
    const meta = {
      "io.modelcontextprotocol/protocolVersion": revision,
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: "Bearer t",
        "mcp-protocol-version": revision,
        ...(isNew ? { "mcp-method": "tools/call", "mcp-name": "http_get" } : {}),
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "http_get", arguments: { path: "/deep" }, ...(isNew ? { _meta: meta } : {}) },
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("nested more than 1000 levels deep");
  },
);
