import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./answer.ts";

/** A model that answers every call at once with a stream of 40 chunks, each written by itself. */
const CHUNKS = 40;
const chunk = (delta: unknown, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "stub", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const EVENTS = [
  chunk({ role: "assistant", content: "" }),
  ...Array.from({ length: CHUNKS - 2 }, (_, n) => chunk({ content: ` word${n}` })),
  `${chunk({}, "stop")}data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "stub", choices: [], usage: { prompt_tokens: 900, completion_tokens: 38, total_tokens: 938 } })}\n\ndata: [DONE]\n\n`,
].map((event) => Buffer.from(event));

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of EVENTS) response.write(event);
    response.end();
  });
});
const url = new Promise<string>((resolve) => {
  server.listen(0, "127.0.0.1", 4096, () =>
    resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
});

answer(async () => ({ url: await url, chunks: CHUNKS }));
