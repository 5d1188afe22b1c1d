import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { operationShape } from "@ape/core/protocol/operations/operation";
import type { ExternalGateway } from "../worker/external-gateway.ts";
import { describeTargets } from "../worker/remote-transports.ts";
import type { EngineGateway } from "./launcher.ts";

/**
 * The engine's access to the targets through a gateway in a container. The gateway is ready when it answers; the first
 * request shows whether a target accepts connections.
 */
export async function openRemoteGateway(url: string, token: string): Promise<EngineGateway> {
  const apis = await describeTargets(url, token);
  const transport = createMcpTransport({ url, token });
  return engineGateway({ apis, transport, close: () => transport.close() });
}

/** What the engine needs of a gateway, from that gateway's list of targets. */
export function engineGateway({ apis: known, transport, close }: ExternalGateway): EngineGateway {
  const apis = new Map<string, ApiDescription>(known.map((api) => [api.target, api]));
  const operations = (target: string): string[] =>
    (apis.get(target)?.operations ?? []).map(({ method, path }) => `${method} ${path}`);
  return {
    transport,
    operations,
    describe: (target) => {
      const api = apis.get(target);
      if (api === undefined) throw new ApeError("INTERNAL", `the gateway has no target ${target}`);
      return api;
    },
    hasOperation: (target, operation) =>
      apis.get(target)?.documented !== true ||
      operations(target).some((other) => operationShape(other) === operationShape(operation)),
    // Forbidden operations are not in its list.
    permits: () => true,
    reach: async () => {},
    close,
  };
}
