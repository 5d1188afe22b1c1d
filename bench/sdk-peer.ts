import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

/**
 * A gateway as in the SDK's documentation: creates a server and its tools per request, forwards the call with `fetch`,
 * and returns the answer.
 * @returns its MCP server
 */
export async function openSdkPeer(target: string): Promise<string> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "peer", version: "1" });
    server.registerTool(
      "http_get",
      { description: "GET a path of the API", inputSchema: z.object({ path: z.string() }) },
      async ({ path }) => {
        const answer = await fetch(new URL(path, target));
        const body = (await answer.json()) as Record<string, unknown>;
        return {
          content: [{ type: "text" as const, text: `${answer.status}` }],
          structuredContent: { status: answer.status, headers: Object.fromEntries(answer.headers), body },
        };
      },
    );
    return server;
  });
  const server = createServer((request, response) => {
    void serve(request, response, handler.fetch);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answerTo: (request: Request) => Promise<Response>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await answerTo(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: "POST",
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks),
    }),
  );
  const body = await answer.text();
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}
