import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerGraphql, type GraphqlRequest } from "./graphql.ts";
import { createShopMcp } from "./mcp.ts";
import { bearerOf, ShopClient } from "./shop-client.ts";
import { answerWeb } from "./web.ts";

const MAX_BODY = 256 * 1024;

/** The shop by other kinds of targets than REST. */
export interface ShopInterfaces {
  /** URL of the GraphQL endpoint. */
  graphql: string;
  /** Base URL of the web pages. */
  web: string;
  /** URL of the MCP server. */
  mcp: string;
  close(): Promise<void>;
}

/**
 * Serves a shop as GraphQL, as web pages and as an MCP server, on ports of loopback. All of them sell from the same
 * catalogue and write into the same books.
 * @param url of the shop's REST API
 */
export async function openInterfaces(url: string): Promise<ShopInterfaces> {
  const shop = new ShopClient(url);
  const mcp = createShopMcp(shop);
  const graphql = await listen(async (request, response) => {
    const body = JSON.parse(await bodyOf(request)) as GraphqlRequest;
    const { traceparent } = traceOf(request);
    const token = bearerOf(request.headers.authorization);
    send(
      response,
      200,
      "application/json",
      JSON.stringify(await answerGraphql(shop, { ...body, token, traceparent })),
    );
  });
  const tools = await listen(async (request, response) => {
    const text = await bodyOf(request);
    const answer = await mcp(
      new Request(`http://${request.headers.host}${request.url}`, {
        method: request.method ?? "POST",
        headers: request.headers as Record<string, string>,
        ...(text === "" ? {} : { body: text }),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  const web = await listen(async (request, response) => {
    const answer = await answerWeb(shop, {
      method: request.method ?? "GET",
      url: request.url ?? "/",
      cookie: request.headers.cookie,
      ...traceOf(request),
      form: new URLSearchParams(await bodyOf(request)),
    });
    if (answer.cookie !== undefined) response.setHeader("set-cookie", answer.cookie);
    if (answer.location !== undefined) response.setHeader("location", answer.location);
    send(response, answer.status, "text/html; charset=utf-8", answer.html ?? "");
  });
  const servers = [graphql, tools, web];
  return {
    graphql: `${addressOf(graphql)}/graphql`,
    web: addressOf(web),
    mcp: `${addressOf(tools)}/mcp`,
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}

const traceOf = ({ headers: { traceparent } }: IncomingMessage): { traceparent: string | undefined } => ({
  traceparent: typeof traceparent === "string" ? traceparent : undefined,
});

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else send(response, 400, "text/plain", "The request cannot be read.");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY) throw new Error("the body is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type }).end(text);
}
