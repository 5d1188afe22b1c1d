import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { rejectedResult, type ToolTransport } from "@ape/core/protocol/tool-call";
import { createModelClient } from "@ape/inference/server/client";
import { systemClock as clock } from "../host/clock.ts";
import { raceAbort } from "../host/race-abort.ts";
import { getJson } from "./get-json.ts";
import type { Transports } from "./transports.ts";

export interface RemoteTransportsOptions {
  /** URL of the gateway's MCP endpoint: `http://mcp_gateway:4030/mcp`. */
  gateway: string;
  /** The proxy's address: `http://cerebras_proxy:4020/v1`. */
  inference: string;
  /** The run's token. */
  token: string;
  /** Resolves when the intents of calls that change something are stored; without it there is no wait. */
  settled?: () => Promise<void>;
}

/** How long to wait for a part that is starting. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/**
 * A gateway and a proxy in other containers.
 * @throws ApeError WORKER_DIED if one of them does not answer for half a minute
 */
export async function openRemoteTransports(options: RemoteTransportsOptions): Promise<Transports> {
  const { gateway, inference, token, settled } = options;
  const [apis, described] = await Promise.all([
    describeTargets(gateway, token),
    patientGet(new URL("/healthz", inference).href, token) as Promise<{
      provider: string;
      model: string;
      simulated: boolean;
    }>,
  ]);
  const tools = createMcpTransport({ url: gateway, token });
  const model = createModelClient({ baseUrl: inference, token, clock });
  return {
    tools: settled === undefined ? tools : afterIntents(tools, settled),
    model,
    described: {
      provider: described.provider,
      name: described.model,
      simulated: described.simulated,
    },
    apis,
    close: async () => {
      await Promise.all([tools.close(), model.close()]);
    },
  };
}

/** A containerized gateway's description of its targets for agents. */
export async function describeTargets(gateway: string, token: string): Promise<ApiDescription[]> {
  return (await patientGet(new URL("/apis", gateway).href, token)) as ApiDescription[];
}

/** A request's intent is stored before the request is sent, so that no write is unrecorded. */
function afterIntents(tools: ToolTransport, settled: () => Promise<void>): ToolTransport {
  return {
    call: async (call, signal) => {
      if (call.method === "GET") return tools.call(call, signal);
      const began = clock.now();
      await raceAbort(settled(), signal).catch(() => undefined);
      const heldMs = clock.now() - began;
      if (signal?.aborted === true)
        return { ...rejectedResult("other", "cancelled", "the call was cancelled"), heldMs };
      const result = await tools.call(call, signal);
      return { ...result, heldMs: heldMs + (result.heldMs ?? 0) };
    },
  };
}

async function patientGet(url: string, token: string): Promise<unknown> {
  const until = clock.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await getJson(url, token);
    } catch (cause) {
      if (clock.now() > until)
        throw new ApeError("WORKER_DIED", `${url} cannot be read: ${messageOf(cause)}`, {
          cause,
          hint: "See the container's log with `ape-test logs gateway` or `ape-test logs inference`.",
        });
      await clock.sleep(PAUSE_MS);
    }
  }
}
