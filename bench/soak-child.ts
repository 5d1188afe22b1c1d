import { gatewaySettings } from "@ape/core/config/gateway";
import { targetSchema } from "@ape/core/config/target";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import { type McpServer, type McpServerTargets, startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import { answer } from "./answer.ts";

/**
 * A gateway that is opened, reloaded, or closed and opened again on its port. Every message returns its heap after a
 * collection.
 */
export interface SoakOrder {
  target: string;
  what: "open" | "reload" | "restart" | "look";
}

let server: McpServer | undefined;

async function serverTargets(baseUrl: string): Promise<McpServerTargets> {
  return {
    gateway: await createGateway({
      targets: { api: targetSchema.parse({ baseUrl }) },
      clock,
      baseDir: ".",
    }),
    targets: ["api"],
    settings: gatewaySettings.parse({}),
    secrets: [],
  };
}

answer(async ({ target, what }: SoakOrder) => {
  let port = 0;
  if (what === "reload") await server?.replace(await serverTargets(target));
  else if (what === "restart" && server !== undefined) {
    port = Number(new URL(server.url).port);
    await server.close();
    server = undefined;
  }
  server ??= await startMcpServer({ ...(await serverTargets(target)), version: "soak", port });
  globalThis.gc?.();
  return { url: server.url, heapMb: process.memoryUsage().heapUsed / 1e6 };
});
