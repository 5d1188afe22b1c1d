import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./answer.ts";

/**
 * A model that always answers at once with the same streamed tool call, and a target that answers a small list: only
 * the load generator remains to be measured. Their requests can be recorded, so that a bare loop repeats them.
 */
const chunk = (delta: unknown, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "stub", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const call = (part: unknown): unknown => ({ tool_calls: [{ index: 0, ...(part as object) }] });
const STREAM = Buffer.from(
  [
    chunk({ role: "assistant", content: null }),
    chunk(call({ id: "t1", type: "function", function: { name: "http_get", arguments: "" } })),
    chunk(call({ function: { arguments: '{"path":"/things",' } })),
    chunk(call({ function: { arguments: '"query":{"page":1}}' } })),
    chunk({}, "tool_calls"),
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "stub", choices: [], usage: { prompt_tokens: 900, completion_tokens: 20, total_tokens: 920 } })}\n\n`,
    "data: [DONE]\n\n",
  ].join(""),
);
const LIST = Buffer.from(
  JSON.stringify({
    items: Array.from({ length: 5 }, (_, n) => ({
      id: `t-${n}`,
      title: `Thing number ${n}`,
      price: 10 + n,
      stock: 5,
    })),
    page: 1,
    pageCount: 12,
  }),
);

interface Recorded {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
const recorded: { model: Recorded[]; target: Recorded[] } = { model: [], target: [] };
let recording = false;

const KEPT = [
  "content-type",
  "accept",
  "authorization",
  "traceparent",
  "x-trace-id",
  "x-ape-session",
  "x-ape-step",
];
const serve = (kind: "model" | "target", type: string, body: Buffer): Server =>
  createServer((request, response) => {
    const parts: Buffer[] = [];
    if (recording) request.on("data", (part: Buffer) => parts.push(part));
    else request.resume();
    request.on("end", () => {
      if (recording) {
        const headers: Record<string, string> = {};
        for (const name of KEPT)
          if (typeof request.headers[name] === "string") headers[name] = request.headers[name];
        recorded[kind].push({
          method: request.method ?? "GET",
          url: request.url ?? "/",
          headers,
          body: Buffer.concat(parts).toString("utf8"),
        });
      }
      response.writeHead(200, { "content-type": type, "content-length": body.length }).end(body);
    });
  });

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1", 4096, () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
const urls = Promise.all([
  listening(serve("model", "text/event-stream", STREAM)),
  listening(serve("target", "application/json", LIST)),
]);

answer(async (message: { record?: boolean }) => {
  if (message.record !== undefined) recording = message.record;
  const [model, target] = await urls;
  return { model, target, recorded };
});
