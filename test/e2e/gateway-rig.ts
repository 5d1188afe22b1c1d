import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { type GatewaySettings, gatewaySettings } from "@ape/core/config/gateway";
import { targetSchema } from "@ape/core/config/target";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { systemClock } from "@ape/engine/host/clock";
import { createGateway, type Gateway } from "@ape/gateway/gateway";
import { type McpServer, type McpServerTargets, startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import type { CallLine } from "@ape/gateway/mcp-server/tool-executor";

const closing: (() => Promise<unknown>)[] = [];

/** Registers how to close what a test opened. */
export function closeAfterTest(close: () => Promise<unknown>): void {
  closing.push(close);
}

/** Closes what a test opened, the last first. */
export async function closeRig(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Starts a target with one handler; returns its origin. */
export async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const settings = (given: object = {}): GatewaySettings => gatewaySettings.parse(given);

function gatewayTo(baseUrl: string, more: object = {}, name = "api"): Promise<Gateway> {
  return createGateway({
    targets: { [name]: targetSchema.parse({ baseUrl, allow: ["* /**"], ...more }) },
    clock: systemClock,
    baseDir: new URL("../../examples/shop", import.meta.url).pathname,
  });
}

export interface ServerRig {
  mcpServer: McpServer;
  lines: CallLine[];
}

/** An MCP server to one target, `api` by default. */
export async function openRig(
  baseUrl: string,
  more: {
    name?: string;
    settings?: object;
    target?: object;
    fast?: boolean;
    token?: string;
    port?: number;
    secrets?: string[];
  } = {},
): Promise<ServerRig> {
  const lines: CallLine[] = [];
  const mcpServer = await startMcpServer({
    ...(await serverTargets(baseUrl, more)),
    version: "0.0.0",
    port: more.port ?? 0,
    log: (line) => lines.push(line),
    ...(more.fast === undefined ? {} : { fast: more.fast }),
    ...(more.token === undefined ? {} : { token: more.token }),
  });
  closeAfterTest(() => mcpServer.close());
  return { mcpServer, lines };
}

export async function serverTargets(
  baseUrl: string,
  more: { name?: string; settings?: object; target?: object; secrets?: string[] } = {},
): Promise<McpServerTargets> {
  return {
    gateway: await gatewayTo(baseUrl, more.target, more.name),
    targets: [more.name ?? "api"],
    settings: settings(more.settings),
    secrets: more.secrets ?? [],
  };
}

export const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
export const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A well-formed modern call. */
export const message = (name: string, args: object, meta: object = {}): Record<string, unknown> => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name, arguments: args, _meta: { ...META, ...meta } },
});

export const headersFor = (name: string, more: Record<string, string> = {}): Record<string, string> => ({
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": name,
  ...more,
});

/** Both transports of an agent to a gateway: one suite runs with each. */
export const TOOL_TRANSPORTS: readonly (readonly [string, (baseUrl: string) => Promise<ToolTransport>])[] = [
  [
    "in process",
    async (baseUrl) => {
      const gateway = await gatewayTo(baseUrl);
      closeAfterTest(() => gateway.close());
      return gateway.transport;
    },
  ],
  [
    "over MCP",
    async (baseUrl) => {
      const { mcpServer } = await openRig(baseUrl, { token: "run-token" });
      const transport = createMcpTransport({ url: mcpServer.url, token: "run-token" });
      closeAfterTest(() => transport.close());
      return transport;
    },
  ],
];
