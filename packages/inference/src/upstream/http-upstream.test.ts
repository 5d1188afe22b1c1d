import { createServer, request as forwardRequest } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { chat, GOOD, GOOD_CALL, openPeer, stream } from "../../test/peer.ts";
import { ClientAbort } from "../server/client-abort-signal.ts";
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

test.each([
  ["/deployments/x/?api-version=7", "/deployments/x/chat/completions?api-version=7"],
  ["", "/chat/completions"],
  ["//", "/chat/completions"],
  ["//a//b", "//a//b/chat/completions"],
])("a path and a query of the base URL are kept: %j", async (end, path) => {
  const peer = await openPeer((response) => stream(response, GOOD));
  opened.push(peer);
  await upstreamOf(`${peer.url}${end}`).ask(askOf());
  expect(peer.received[0]?.url).toBe(`/v1${path}`);
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

test("calls beyond the connections wait, in order, without those that were cancelled meanwhile", async () => {
  const held: (() => void)[] = [];
  const peer = await openPeer((response) => void held.push(() => stream(response, GOOD)));
  opened.push(peer);
  const upstream = upstreamOf(peer.url, { connections: 1 });
  const gone = new ClientAbort();
  const asked = [undefined, gone, undefined].map((signal) => upstream.ask({ ...askOf(), signal }));
  await expect.poll(() => held.length).toBe(1);
  gone.abort();
  expect((await asked[1])?.error?.code).toBe("cancelled");
  held[0]?.();
  expect((await asked[0])?.toolCalls).toEqual([GOOD_CALL]);
  await expect.poll(() => held.length).toBe(2);
  held[1]?.();
  expect((await asked[2])?.toolCalls).toEqual([GOOD_CALL]);
});

test("headers of the configuration take the place of those that a client passes on, and of APE's own", async () => {
  const peer = await openPeer((response) => stream(response, GOOD));
  opened.push(peer);
  const upstream = upstreamOf(peer.url, { headers: ["content-type", "application/x", "x-a", "own"] });
  await upstream.ask({ ...askOf(), traceparent: "t", headers: ["authorization", "k"] });
  await upstream.ask({ ...askOf(), passed: ["x-a", "theirs", "x-b", "x-a", "own", "1"] });
  const [first, second] = peer.received.map(({ headers }) => headers);
  expect(first).toMatchObject({
    "content-type": "application/x",
    "accept-encoding": "identity",
    "x-a": "own",
    traceparent: "t",
    authorization: "k",
  });
  expect(second).toMatchObject({ "content-type": "application/x", "x-a": "own", "x-b": "x-a", own: "1" });
  expect([second?.traceparent, second?.["accept-encoding"]]).toEqual([undefined, undefined]);
});

test("a body that cannot be made fails its call alone, and says that nothing was reached", async () => {
  const unreachable: string[] = [];
  const upstream = upstreamOf("http://127.0.0.1:9", {
    unreachable: (reason: string) => unreachable.push(reason),
  });
  const answer = await upstream.ask({
    ...askOf(),
    body: () => {
      throw new Error("no body");
    },
  });
  expect(answer.error).toEqual({ code: "unavailable", status: 0, message: "no body" });
  expect(unreachable).toEqual(["no body"]);
});

/**
 * An upstream whose calls hold their connections while their bodies are made, and fail then: each body may begin
 * further calls. Needs no server.
 */
function queueOf(connections: number) {
  const unreachable: string[] = [];
  const begun: string[] = [];
  const upstream = upstreamOf("http://127.0.0.1:9", {
    connections,
    unreachable: (reason: string) => unreachable.push(reason),
  });
  const ask = (name: string, meanwhile = (): void => undefined, signal?: ClientAbort) =>
    upstream.ask({
      ...askOf(),
      signal,
      body: () => {
        begun.push(name);
        meanwhile();
        throw new Error(`end of ${name}`);
      },
    });
  return { ask, begun, unreachable };
}

test.each([1, 2, 3])("each call begins once, in order: %i at a time", async (connections) => {
  const order = ["a", "b", "c", "d"];
  const { ask, begun, unreachable } = queueOf(connections);
  const answers: Promise<unknown>[] = [];
  const heldBy: number[] = [];
  await ask("a", () => {
    for (const name of order.slice(1)) answers.push(ask(name, () => heldBy.push(begun.length)));
    heldBy.push(begun.length);
  });
  await Promise.all(answers);
  expect(begun).toEqual(order);
  // One connection: the others begin when the first call has ended. More: they begin beside it, one after the other.
  expect(heldBy).toEqual(connections === 1 ? [1, 2, 3, 4] : [2, 3, 4, 4]);
  expect(unreachable.sort()).toEqual(order.map((name) => `end of ${name}`));
});

test("no more calls than connections are under way, however deep one begins another", async () => {
  const { ask, begun } = queueOf(2);
  const answers: Promise<unknown>[] = [];
  const seen: string[][] = [];
  await ask("a", () => {
    answers.push(
      ask("b", () => {
        answers.push(ask("c"));
        seen.push([...begun]);
      }),
    );
    seen.push([...begun]);
  });
  await Promise.all(answers);
  // The third call begins with the connection that the second leaves, not before.
  expect(seen).toEqual([
    ["a", "b"],
    ["a", "b", "c"],
  ]);
});

test("a call that is cancelled while it waits leaves no connection, since it had none", async () => {
  const { ask, begun, unreachable } = queueOf(1);
  const gone = new ClientAbort();
  const answers: ReturnType<typeof ask>[] = [];
  const seen: string[][] = [];
  await ask("a", () => {
    answers.push(ask("b", undefined, gone));
    gone.abort();
    answers.push(ask("c"), ask("d"));
    seen.push([...begun]);
  });
  const codes = (await Promise.all(answers)).map(({ error }) => error?.code);
  expect(codes).toEqual(["cancelled", "unavailable", "unavailable"]);
  expect(seen).toEqual([["a"]]);
  expect(begun).toEqual(["a", "c", "d"]);
  expect(unreachable.sort()).toEqual(["end of a", "end of c", "end of d"]);
});

test("a call that was cancelled before it began makes no body and takes no connection", async () => {
  const { ask, begun, unreachable } = queueOf(1);
  const gone = new ClientAbort();
  gone.abort();
  for (const name of ["a", "b"])
    expect((await ask(name, undefined, gone)).error).toMatchObject({ code: "cancelled", status: 0 });
  expect([begun, unreachable]).toEqual([[], []]);
  await ask("c");
  expect(begun).toEqual(["c"]);
});
