import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A harbour that rents out boats through MCP tools, with its own JSON-RPC over POST, revision 2025-06-18. */
export interface Harbour {
  url: string;
  /** Confirmed rentals by boat. */
  rentals(): readonly { boat: string; price: number }[];
  /** `traceparent` in the `_meta` of every tool call. */
  traces(): readonly string[];
  close(): Promise<void>;
}

interface Message {
  id?: number | string;
  method: string;
  params?: {
    name?: string;
    arguments?: Record<string, unknown>;
    _meta?: Record<string, string>;
    protocolVersion?: string;
  };
}

const text = (description: string) => ({ type: "string", description });
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});

const TOOLS = [
  {
    name: "search_boats",
    description: "Find boats that can be rented",
    inputSchema: object({ max_price: { type: "number", description: "Highest price a day in dollars" } }, []),
    outputSchema: object({
      boats: {
        type: "array",
        items: object({
          boat_number: text("Number of the boat"),
          name: text("Name of the boat"),
          price: { type: "number", description: "Price a day in dollars" },
          free: { type: "boolean", description: "Whether it is available" },
        }),
      },
    }),
    annotations: { readOnlyHint: true },
  },
  {
    name: "reserve_boat",
    description: "Reserve a boat",
    inputSchema: object({
      boat_number: text("Number of the boat"),
      days: { type: "integer", minimum: 1, description: "How many days" },
    }),
    outputSchema: object({
      reservation_id: text("Id of the reservation"),
      until: text("When it ends unless confirmed"),
    }),
  },
  {
    name: "confirm_reservation",
    description: "Confirm a reservation",
    inputSchema: object({ reservation_id: text("Id of the reservation") }),
    outputSchema: object({ state: text("State of the reservation") }),
  },
  {
    name: "harbour_rules",
    description: "Read the rules of the harbour",
    inputSchema: object({}),
    annotations: { readOnlyHint: true },
  },
];

export async function startHarbour(): Promise<Harbour> {
  const boats = Array.from({ length: 9 }, (_, index) => ({
    boat_number: `B-${100 + index}`,
    name: `Boat ${index}`,
    price: 90 - index * 8,
    free: index % 4 !== 3,
  }));
  const reserved = new Map<string, string>();
  const rentals: { boat: string; price: number }[] = [];
  const traces: string[] = [];

  const use = (name: string, args: Record<string, unknown>): { structured?: unknown; failed?: string } => {
    if (name === "search_boats")
      return { structured: { boats: boats.filter(({ price }) => price <= Number(args.max_price ?? 1_000)) } };
    if (name === "reserve_boat") {
      const boat = boats.find(({ boat_number }) => boat_number === args.boat_number);
      if (boat === undefined) return { failed: "no such boat" };
      // One boat is taken although it is listed as free.
      if (!boat.free || boat.boat_number === "B-108") return { failed: "the boat is taken" };
      if (!Number.isInteger(args.days)) return { failed: "days must be a whole number" };
      const id = `R-${randomUUID()}`;
      reserved.set(id, boat.boat_number);
      return { structured: { reservation_id: id, until: "noon" } };
    }
    if (name === "confirm_reservation") {
      const boat = reserved.get(String(args.reservation_id));
      if (boat === undefined) return { failed: "no such reservation" };
      reserved.delete(String(args.reservation_id));
      rentals.push({ boat, price: boats.find(({ boat_number }) => boat_number === boat)?.price ?? 0 });
      return { structured: { state: "confirmed" } };
    }
    return { structured: undefined };
  };
  const answer = ({ method, params }: Message): unknown => {
    if (method === "initialize")
      return {
        protocolVersion: "2025-06-18",
        capabilities: { tools: {} },
        serverInfo: { name: "harbour", version: "1" },
      };
    if (method === "tools/list") return { tools: TOOLS };
    if (method !== "tools/call") return undefined;
    traces.push(params?._meta?.traceparent ?? "");
    const { structured, failed } = use(params?.name ?? "", params?.arguments ?? {});
    return {
      content: [{ type: "text", text: failed ?? (structured === undefined ? "Keep to the right." : "done") }],
      ...(structured === undefined ? {} : { structuredContent: structured }),
      ...(failed === undefined ? {} : { isError: true }),
    };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") {
      response.writeHead(405).end();
      return;
    }
    const message = JSON.parse(await bodyOf(request)) as Message;
    if (message.id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const result = answer(message);
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        jsonrpc: "2.0",
        id: message.id,
        ...(result === undefined ? { error: { code: -32601, message: "Method not found" } } : { result }),
      }),
    );
  };
  const server = await listenOnLoopback((request, response) => void serve(request, response));
  return {
    url: `${server.url}/mcp`,
    rentals: () => rentals,
    traces: () => traces,
    close: () => server.close(),
  };
}
