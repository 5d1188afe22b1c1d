import { createMcpTransport } from "@ape/agent/transports/mcp-http";
import { operationShape } from "@ape/core/operation";
import type { EngineGateway } from "./launcher.ts";
import { describeTargets } from "./remote-ways.ts";

/**
 * The engine's way to the targets through a gateway in a container. The gateway is ready when it answers; whether a target
 * takes connections shows in the first request.
 */
export async function openRemoteGateway(url: string, token: string): Promise<EngineGateway> {
  const apis = new Map((await describeTargets(url, token)).map((api) => [api.target, api]));
  const transport = createMcpTransport({ url, token });
  const operations = (target: string): string[] =>
    (apis.get(target)?.operations ?? []).map(({ method, path }) => `${method} ${path}`);
  return {
    transport,
    operations,
    hasOperation: (target, operation) =>
      apis.get(target)?.documented !== true ||
      operations(target).some((known) => operationShape(known) === operationShape(operation)),
    reach: async () => {},
    close: () => transport.close(),
  };
}
