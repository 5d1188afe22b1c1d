import { createServer, request as forwardRequest } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { chat, GOOD, GOOD_CALL, openPeer, stream } from "../../test/peer.ts";
import { HttpUpstream } from "./http-upstream.ts";
import type { StreamSink, UpstreamRequest } from "./upstream.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function upstreamOf(baseUrl: string, more: object = {}): HttpUpstream {
  const upstream = new HttpUpstream({
    baseUrl,
    headers: [],
    connections: 4,
    timeouts: { total: 5_000 },
    clock: realClock,
    ...more,
  });
  opened.push(upstream);
  return upstream;
}

function askOf(tap?: StreamSink): UpstreamRequest {
  const request = chat();
  return {
    model: "stub",
    session: "s-1",
    own: true,
    streamed: true,
    request: () => request,
    body: () => JSON.stringify(request),
    traceparent: "",
    attempt: 1,
    signal: undefined,
    tap,
    queuedMs: 0,
  };
}

test("a tap that is full holds the upstream until it is drained, and loses nothing", async () => {
  const text = GOOD.join("");
  const peer = await openPeer(async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let at = 0; at < text.length; at += 200) {
      response.write(text.slice(at, at + 200));
      await new Promise(setImmediate);
    }
    response.end();
  });
  opened.push(peer);
  const seen: string[] = [];
  let resume: (() => void) | undefined;
  const asked = upstreamOf(peer.url).ask(
    askOf({
      head: () => undefined,
      data: (chunk) => {
        seen.push(String(chunk));
        return seen.length > 1;
      },
      end: () => {
        seen.push("");
      },
      whenDrained: (callback) => {
        resume = callback;
      },
    }),
  );
  await expect.poll(() => resume !== undefined).toBe(true);
  expect(seen.length).toBe(1);
  resume?.();
  expect((await asked).toolCalls).toEqual([GOOD_CALL]);
  expect(seen.join("")).toBe(text);
});

test("a path and a query of the base URL are kept", async () => {
  const peer = await openPeer((response) => stream(response, GOOD));
  opened.push(peer);
  await upstreamOf(`${peer.url}/deployments/x/?api-version=7`).ask(askOf());
  expect(peer.received[0]?.url).toBe("/v1/deployments/x/chat/completions?api-version=7");
});

test("a forward proxy is asked for the whole URL", async () => {
  const peer = await openPeer((response) => stream(response, GOOD));
  const asked: (string | undefined)[] = [];
  const forward = createServer((request, response) => {
    asked.push(request.url, request.headers.host, request.headers["proxy-authorization"]);
    const onward = forwardRequest(
      String(request.url),
      { method: "POST", headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => forward.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(forward.address() as AddressInfo).port}`;
  opened.push(peer, { close: () => new Promise((resolve) => forward.close(() => resolve())) });
  const proxy = { origin, authorization: "Basic YTpi" };
  const through = await upstreamOf(peer.url, { proxy }).ask(askOf());
  expect(through.toolCalls).toEqual([GOOD_CALL]);
  const { host } = new URL(peer.url);
  expect(asked).toEqual([`${peer.url}/chat/completions`, host, "Basic YTpi"]);
});

test("a server that does not speak HTTP is a protocol error", async () => {
  const server = createSocketServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write("SSH-2.0-OpenSSH_9.6\r\n", () => socket.destroySoon()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const attempt = await upstreamOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`).ask(
    askOf(),
  );
  expect(attempt.error).toMatchObject({ code: "protocol", status: 0 });
  expect(attempt.unsent).toBe(false);
});
