import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targetSchema } from "@ape/core/config/target";
import type { Clock } from "@ape/core/lib/clock";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { createGateway, type Gateway } from "../src/gateway.ts";

export const rigClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** For tests: servers, a folder and gateways to one target `api`, all closed at the end. */
export class Rig {
  #closing: (() => unknown)[] = [];
  #directory: string | undefined;

  async directory(): Promise<string> {
    if (this.#directory === undefined) {
      const made = await mkdtemp(join(tmpdir(), "ape-target-"));
      this.#directory = made;
      this.#closing.push(() => rm(made, { recursive: true, force: true }));
    }
    return this.#directory;
  }

  /** Serves on a free port of loopback; returns the base URL. */
  async serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async open(config: object): Promise<Gateway> {
    const api = targetSchema.parse({ allow: ["* /**"], ...config });
    const gateway = await createGateway({
      targets: { api },
      clock: rigClock,
      baseDir: await this.directory(),
    });
    this.#closing.push(() => gateway.close());
    return gateway;
  }

  call(gateway: Gateway, more: Partial<ToolCall> = {}, signal?: AbortSignal): Promise<ToolResult> {
    return gateway.transport.call({ target: "api", method: "GET", path: "/", ...more }, signal);
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
    this.#directory = undefined;
  }
}
