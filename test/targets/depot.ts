import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** Two services that take the tokens of one OAuth 2.0 server. */
export interface Depot {
  readonly tokenUrl: string;
  readonly catalogueUrl: string;
  readonly ordersUrl: string;
  readonly clientSecret: string;
  /** Tokens that were given out. */
  tokens(): number;
  orders(): readonly { partId: string; price: number }[];
  /** Calls without a valid token. */
  refused(): number;
  close(): Promise<void>;
}

const CLIENT = "load-test";

/** Starts the three servers on free ports. They issue tokens for client credentials (RFC 6749, section 4.4). */
export async function startDepot(): Promise<Depot> {
  const clientSecret = randomUUID();
  const tokens = new Set<string>();
  const orders = new Map<string, { partId: string; price: number }>();
  let refused = 0;
  const parts = Array.from({ length: 8 }, (_, index) => ({
    partId: `part-${index}`,
    name: `Part ${index}`,
    price: 100 - index * 10,
  }));

  const tell = (response: ServerResponse, status: number, value: object): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  const knows = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (tokens.has((request.headers.authorization ?? "").replace("Bearer ", ""))) return true;
    refused += 1;
    tell(response, 401, { error: "invalid_token" });
    return false;
  };

  const login = await listenOnLoopback(async (request, response) => {
    const body = new URLSearchParams(await bodyOf(request));
    const basic = `Basic ${Buffer.from(`${CLIENT}:${clientSecret}`).toString("base64")}`;
    if (request.headers.authorization !== basic || body.get("grant_type") !== "client_credentials")
      return tell(response, 401, { error: "invalid_client" });
    const token = randomUUID();
    tokens.add(token);
    tell(response, 200, {
      access_token: token,
      token_type: "Bearer",
      expires_in: 300,
      scope: body.get("scope"),
    });
  });
  const catalogue = await listenOnLoopback((request, response) => {
    if (!knows(request, response)) return;
    const url = new URL(request.url ?? "/", "http://h");
    const most = Number(url.searchParams.get("maxPrice") ?? Number.POSITIVE_INFINITY);
    if (url.pathname === "/parts")
      return tell(response, 200, { parts: parts.filter(({ price }) => price <= most) });
    const part = parts.find(({ partId }) => url.pathname === `/parts/${partId}`);
    tell(response, part === undefined ? 404 : 200, part ?? { error: "no such part" });
  });
  const desk = await listenOnLoopback(async (request, response) => {
    if (!knows(request, response)) return;
    if (request.method === "POST" && request.url === "/orders") {
      const { partId } = JSON.parse(await bodyOf(request)) as { partId?: string };
      const part = parts.find((one) => one.partId === partId);
      if (part === undefined) return tell(response, 422, { error: "no such part" });
      const orderId = randomUUID();
      orders.set(orderId, { partId: part.partId, price: part.price });
      return tell(response, 201, { orderId, partId, state: "accepted" });
    }
    const orderId = (request.url ?? "").replace("/orders/", "");
    const order = orders.get(orderId);
    tell(
      response,
      order === undefined ? 404 : 200,
      order === undefined ? { error: "no such order" } : { orderId, ...order, state: "accepted" },
    );
  });

  return {
    tokenUrl: `${login.url}/token`,
    catalogueUrl: catalogue.url,
    ordersUrl: desk.url,
    clientSecret,
    tokens: () => tokens.size,
    orders: () => [...orders.values()],
    refused: () => refused,
    close: async () => {
      await Promise.all([login.close(), catalogue.close(), desk.close()]);
    },
  };
}
