import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@ape/core/lib/clock";
import { afterEach, expect, test } from "vitest";
import { createModelClient } from "./client.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

let waits: () => void = () => undefined;
/** Resolves when a call begins to wait for the proxy. */
const isWaiting = (): Promise<void> =>
  new Promise((resolve) => {
    waits = resolve;
  });

const clock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      waits();
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** A proxy with one answer, whose port is closed until `open`. */
async function proxy() {
  const answer = { choices: [{ message: { role: "assistant", content: "hello" }, finish_reason: "stop" }] };
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    incoming.on("end", () =>
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer)),
    );
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const client = createModelClient({ baseUrl: `http://127.0.0.1:${port}/v1`, clock });
  closing.push(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { client, open: () => listen(port) };
}

const call = (signal?: AbortSignal) => ({
  request: { model: "m", messages: [{ role: "user" as const, content: "hi" }] },
  session: "s0-0",
  step: 1,
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ...(signal === undefined ? {} : { signal }),
});

test("a call waits for a proxy that restarts, as in a queue, and is then answered", async () => {
  const { client, open } = await proxy();
  const refused = isWaiting();
  const waiting = client.complete(call());
  await refused;
  await open();
  const { content, error, queueMs } = await waiting;
  expect(error).toBeUndefined();
  expect(content).toBe("hello");
  expect(queueMs).toBeGreaterThan(0);
});

test("a call that is cancelled while no proxy is there ends with an error", async () => {
  const { client } = await proxy();
  const end = new AbortController();
  const refused = isWaiting();
  const waiting = client.complete(call(end.signal));
  await refused;
  end.abort();
  expect((await waiting).error).toBeDefined();
});
