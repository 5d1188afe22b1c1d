import { gatewaySettings } from "@ape/core/config/gateway";
import { target as targetSchema } from "@ape/core/config/target";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import { type McpServer, type McpServerTargets, startMcpServer } from "@ape/gateway/mcp-server/mcp-server";
import { answer } from "./answer.ts";

/** A gateway that is opened, reloaded, or closed and opened again on its port. Every answer tells its heap after a collection. */
export interface SoakOrder {
  target: string;
  what: "open" | "reload" | "restart" | "look";
}

let door: McpServer | undefined;

async function housing(baseUrl: string): Promise<McpServerTargets> {
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
  if (what === "reload") await door?.replace(await housing(target));
  else if (what === "restart" && door !== undefined) {
    port = Number(new URL(door.url).port);
    await door.close();
    door = undefined;
  }
  door ??= await startMcpServer({ ...(await housing(target)), version: "soak", port });
  globalThis.gc?.();
  return { url: door.url, heapMb: process.memoryUsage().heapUsed / 1e6 };
});
