import type { JsonObject } from "@ape/core/lib/json";
import { createMcpHandler, type McpHttpHandler, ProtocolError, Server } from "@modelcontextprotocol/server";
import { callContext } from "./call-context.ts";
import { resultTexts, wantsShortText } from "./result-text.ts";
import type { CallObserver, ToolExecutor } from "./tool-executor.ts";

/**
 * Every revision and request that the fast path does not handle: answered by the official SDK, with a server per
 * request.
 */
export function sdkPath(options: {
  server: { name: string; version: string };
  executor: () => ToolExecutor;
  observer: CallObserver;
  maxRequest: number;
}): McpHttpHandler {
  const { executor: current, observer } = options;
  const factory = (): Server => {
    const executor = current();
    const server = new Server(options.server, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({
      tools: [...executor.tools.values()].map(
        ({ definition: { function: listed }, outputSchema, annotations }) => ({
          name: listed.name,
          description: listed.description,
          inputSchema: { ...listed.parameters, type: "object" as const },
          ...(annotations === undefined ? {} : { annotations }),
          ...(outputSchema === undefined
            ? {}
            : { outputSchema: { ...outputSchema, type: "object" as const } }),
        }),
      ),
    }));
    server.setRequestHandler("tools/call", async ({ params }, { mcpReq, http }) => {
      const tool = executor.tools.get(params.name);
      if (tool === undefined)
        throw new ProtocolError(-32602, `there is no tool "${params.name.slice(0, 64)}"`);
      const meta = params._meta as JsonObject | undefined;
      const context = callContext(
        meta,
        (name) => http?.req?.headers.get(name) ?? undefined,
        executor.correlationHeader,
      );
      const args = (params.arguments ?? {}) as JsonObject;
      const outcome = await executor.run(tool, args, context, "sdk", observer, mcpReq.signal);
      const texts = wantsShortText(meta) ? [outcome.text] : resultTexts(outcome);
      return {
        content: texts.map((text) => ({ type: "text" as const, text })),
        structuredContent: outcome.structured as unknown as Record<string, unknown>,
        ...(outcome.isError ? { isError: true } : {}),
      };
    });
    return server;
  };
  return createMcpHandler(factory, { maxRequestBodySize: options.maxRequest });
}
