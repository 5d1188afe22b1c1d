import { Buffer } from "node:buffer";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type InferenceConfig, inferenceSchema as schema } from "@ape/core/config/inference";
import type { ChatRequest, ModelCall } from "@ape/core/protocol/chat";
import type { Event, InferenceEnded, Recorder } from "@ape/core/protocol/events";

/** What a peer was asked. */
export interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type PeerHandler = (
  response: ServerResponse,
  received: Received,
  turn: number,
) => void | Promise<void>;

/** An upstream of our own making, which may misbehave. */
export interface Peer {
  url: string;
  received: Received[];
  /** Requests whose connection the other side closed before the answer was complete. */
  cancelled: number;
  close(): Promise<void>;
}

export async function openPeer(answer: PeerHandler): Promise<Peer> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const received = {
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(pieces).toString("utf8"),
      };
      peer.received.push(received);
      void answer(response, received, peer.received.length);
    });
    response.on("close", () => {
      if (!response.writableFinished) peer.cancelled += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const peer: Peer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received: [],
    cancelled: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return peer;
}

/** A recorder that keeps everything in memory. */
export class RecordedEvents implements Recorder {
  readonly events: InferenceEnded[] = [];
  readonly logs: string[] = [];

  record(event: Event): void {
    if (event.type === "inference") this.events.push(event);
    else if (event.type === "log") this.logs.push(event.message);
  }

  commit(event: Event): void {
    this.record(event);
  }
}

export function configFor(baseUrl: string, more: object = {}): InferenceConfig {
  return schema.parse({
    provider: "custom",
    baseUrl,
    model: "stub",
    apiKey: "sk-very-secret",
    retries: { attempts: 3, backoff: "1ms", maxWait: "1s" },
    ...more,
  });
}

export function chat(more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "stub",
    messages: [
      { role: "system", content: "You are an agent." },
      { role: "user", content: "What now? Grüße 🐒" },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "http_get",
          description: "Reads.",
          parameters: { type: "object", properties: { path: { type: "string" } } },
        },
      },
    ],
    tool_choice: "required",
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 512,
    temperature: 0,
    seed: 7,
    ...more,
  };
}

export function callOf(request: ChatRequest, more: Partial<ModelCall> = {}): ModelCall {
  return {
    request,
    session: "s-1",
    step: 3,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ...more,
  };
}

/** One event of a stream. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "stub", choices, ...more })}\n\n`;
}

export const USAGE = { prompt_tokens: 900, completion_tokens: 20, total_tokens: 920 };

/** A good stream: one tool call in pieces. */
export const GOOD: readonly string[] = [
  chunk({ role: "assistant", content: null }),
  chunk({
    tool_calls: [{ index: 0, id: "t1", type: "function", function: { name: "http_get", arguments: "" } }],
  }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"path":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"/Grüße' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '🐒"}' } }] }),
  chunk({}, "tool_calls"),
  `data: ${JSON.stringify({ id: "c1", choices: [], usage: USAGE })}\n\n`,
  "data: [DONE]\n\n",
];

export const GOOD_CALL = { name: "http_get", arguments: '{"path":"/Grüße🐒"}' };

export function stream(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(event);
  response.end();
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
