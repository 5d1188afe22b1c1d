import type { ChatRequest, ModelCall } from "@ape/core/protocol/chat";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { realClock } from "../test/clock.ts";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../test/model-transports.ts";
import {
  callOf,
  chat,
  chunk,
  configFor,
  GOOD,
  GOOD_CALL,
  json,
  openPeer,
  type Peer,
  type PeerHandler,
  stream,
  USAGE,
} from "../test/peer.ts";
import { RequestScheduler } from "./limits/request-scheduler.ts";

afterEach(closeAll);

describe.each(MODEL_TRANSPORTS)("a model transport %s", (_name, open) => {
  async function ask(
    answering: PeerHandler,
    more: { request?: Partial<ChatRequest>; config?: object; call?: Partial<ModelCall> } = {},
  ) {
    const peer: Peer = await openPeer(answering);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url, more.config));
    const answer = await transport.complete(callOf(chat(more.request), more.call));
    const [event, ...others] = kept.events;
    expect(others).toEqual([]);
    if (event === undefined) throw new Error("no event was recorded");
    return { answer, event, peer };
  }

  test("puts a streamed tool call together, measures it and joins it to its step", async () => {
    const { answer, event, peer } = await ask((response) => stream(response, GOOD), {
      config: { price: { input: 1, output: 10 } },
    });
    expect(answer).toEqual({
      inference: "p0-1",
      content: "",
      toolCalls: [GOOD_CALL],
      inputTokens: 900,
      outputTokens: 20,
      queueMs: expect.any(Number),
    });
    expect(event).toMatchObject({
      type: "inference",
      inference: "p0-1",
      session: "s-1",
      step: 3,
      provider: "custom",
      model: "stub",
      streamed: true,
      status: 200,
      attempts: 1,
      inputTokens: 900,
      outputTokens: 20,
      costUsd: 0.0011,
    });
    expect(event.firstTokenMs).toBeGreaterThan(0);
    expect(event.durationMs).toBeGreaterThanOrEqual(event.firstTokenMs ?? Number.NaN);
    expect(event.error).toBeUndefined();
    const [received] = peer.received;
    expect(received?.url).toBe("/v1/chat/completions");
    expect(received?.headers.authorization).toBe("Bearer sk-very-secret");
    expect(received?.headers.traceparent).toBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    expect(JSON.parse(received?.body ?? "")).toEqual(chat());
  });

  test("takes an answer that is not streamed", async () => {
    const message = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", type: "function", function: GOOD_CALL }],
    };
    const { answer, event } = await ask(
      (response) =>
        json(response, 200, { choices: [{ index: 0, message, finish_reason: "tool_calls" }], usage: USAGE }),
      { request: { stream: false } },
    );
    expect(answer).toMatchObject({ toolCalls: [GOOD_CALL], inputTokens: 900 });
    expect(event.streamed).toBe(false);
    expect(event.firstTokenMs).toBeUndefined();
  });

  test("prose is a valid answer, and tokens are estimated where there is no usage", async () => {
    const { answer, event } = await ask((response) =>
      stream(response, [
        chunk({ role: "assistant", content: "" }),
        chunk({ content: "I would rather " }),
        chunk({ content: "not." }, "stop"),
      ]),
    );
    expect(answer.error).toBeUndefined();
    expect(answer).toMatchObject({ content: "I would rather not.", toolCalls: [], outputTokens: 5 });
    expect(answer.inputTokens).toBeGreaterThan(10);
    expect(event).toMatchObject({ inputTokens: answer.inputTokens, outputTokens: 5, costUsd: 0 });
  });

  test("a request that leaves temperature and length open gets the configured ones", async () => {
    const { temperature: _t, max_completion_tokens: _m, ...bare } = chat();
    const peer = await openPeer((response) => stream(response, GOOD));
    closeAfterEach(peer);
    await (await open(configFor(peer.url, { temperature: 0.5, maxCompletionTokens: 99 }))).transport.complete(
      callOf(bare),
    );
    expect(JSON.parse(peer.received[0]?.body ?? "")).toMatchObject({
      temperature: 0.5,
      max_completion_tokens: 99,
    });
  });

  test("two tool calls and a first token that comes late", async () => {
    const { answer, event } = await ask(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(chunk({ role: "assistant" }));
      await realClock.sleep(60);
      response.write(chunk({ tool_calls: [{ index: 1, function: { name: "b", arguments: "{}" } }] }));
      response.write(chunk({ tool_calls: [{ index: 0, function: { name: "a", arguments: "{}" } }] }));
      response.end(chunk({}, "tool_calls"));
    });
    expect(answer.toolCalls.map((call) => call.name)).toEqual(["a", "b"]);
    expect(event.firstTokenMs).toBeGreaterThan(50);
  });

  test("429 and 500 are tried again, every try counted", async () => {
    const { answer, event, peer } = await ask((response, _received, turn) => {
      if (turn === 1)
        json(response, 429, { message: "too fast", code: "too_many_requests" }, { "retry-after-ms": "5" });
      else if (turn === 2) json(response, 500, { error: { message: "oops" } });
      else stream(response, GOOD);
    });
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    expect(peer.received.length).toBe(3);
    expect(event).toMatchObject({ attempts: 3, status: 200 });
    expect(answer.queueMs).toBeGreaterThan(4);
  });

  test.each([
    [{ error: { message: "it broke", type: "server_error" } }, 500, "unavailable", "it broke"],
    [{ message: "it broke", code: "overloaded" }, 503, "unavailable", "it broke"],
    [{ error: { message: "slow down", code: "rate_limit_exceeded" } }, 429, "limit", "slow down"],
    ["<!doctype html><title>Bad gateway</title>", 502, "unavailable", "HTTP 502 with an HTML page"],
  ])("%j with %d is given up after three tries", async (body, status, code, message) => {
    const { answer, event, peer } = await ask((response) => json(response, status, body));
    expect(peer.received.length).toBe(3);
    expect(answer.error).toEqual({ code, status, message });
    expect(answer).toMatchObject({ content: "", toolCalls: [], inputTokens: 0, outputTokens: 0 });
    expect(event).toMatchObject({ attempts: 3, status, error: `${code}: ${message}`, inputTokens: 0 });
  });

  test.each([
    [400, { error: { message: "no such tool sk-very-secret" } }, "no such tool ***"],
    [401, { message: "wrong key", code: "wrong_api_key" }, "wrong key"],
    [404, "", "HTTP 404 with an empty body"],
  ])("%d is refused at once", async (status, body, message) => {
    const { answer, event, peer } = await ask((response) => json(response, status, body));
    expect(peer.received.length).toBe(1);
    expect(answer.error?.code).toBe("refused");
    expect(answer.error?.status).toBe(status);
    expect(event.error).toBe(`refused: ${message}`);
  });

  test("a wait beyond maxWait is a limit at once", async () => {
    const { answer, peer } = await ask((response) =>
      json(response, 429, { error: { message: "tomorrow" } }, { "retry-after": "3600" }),
    );
    expect(peer.received.length).toBe(1);
    expect(answer.error).toEqual({ code: "limit", status: 429, message: "tomorrow" });
  });

  test("a connection that is refused is tried again, then unavailable", async () => {
    const peer = await openPeer(() => undefined);
    await peer.close();
    const { transport, kept } = await open(configFor(peer.url));
    const answer = await transport.complete(callOf(chat()));
    expect(answer.error).toMatchObject({ code: "unavailable", status: 0 });
    expect(kept.events).toMatchObject([{ attempts: 3, status: 0, durationMs: 0 }]);
  });

  test("a connection cut before the first byte is tried again", async () => {
    const { answer, event } = await ask((response, _received, turn) => {
      if (turn === 1) response.destroy();
      else stream(response, GOOD);
    });
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    expect(event.attempts).toBe(2);
  });

  test.each([
    ["between two events", GOOD.slice(0, 3).join("")],
    ["within an event", GOOD.join("").slice(0, 400)],
    ["before the first token", ": hello\n\n"],
  ])("a stream cut %s is unavailable and not repeated", async (_where, text) => {
    const { answer, event, peer } = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(text, () => setTimeout(() => response.destroy(), 20));
    });
    expect(peer.received.length).toBe(1);
    expect(answer.error).toMatchObject({ code: "unavailable", status: 200 });
    expect(answer.toolCalls).toEqual([]);
    expect(event.error).toMatch(/^unavailable: the connection broke off/);
  });

  test.each([
    ["nested", `data: {"error":{"message":"model crashed","type":"server_error"}}\n\n`, "unavailable"],
    ["flat", `data: {"message":"model crashed","code":"internal"}\n\n`, "unavailable"],
    ["a limit", `data: {"error":{"message":"model crashed","code":"rate_limit_exceeded"}}\n\n`, "limit"],
  ])("an error within a stream, %s, loses the answer", async (_shape, event, code) => {
    const { answer } = await ask((response) => stream(response, [...GOOD.slice(0, 3), event]));
    expect(answer.error).toEqual({ code, status: 200, message: "the stream broke off: model crashed" });
  });

  test.each([
    ["half JSON", ['data: {"choices":[{"del\n\n']],
    ["no finish", GOOD.slice(0, 4)],
    ["nothing", []],
    ["only [DONE] is left out of an empty stream", [": ping\n\n"]],
  ])("a stream with %s is a protocol error", async (_what, events) => {
    const { answer, peer } = await ask((response) => stream(response, events));
    expect(peer.received.length).toBe(1);
    expect(answer.error).toMatchObject({ code: "protocol", status: 200 });
  });

  test.each([
    ["text/html", "<html>Welcome to the captive portal</html>"],
    ["application/json", '{"choices":[{"mess'],
    ["application/json", ""],
  ])("%s instead of an event stream is a protocol error", async (type, body) => {
    const { answer } = await ask(
      (response) => response.writeHead(200, { "content-type": type }).end(body) && undefined,
    );
    expect(answer.error).toMatchObject({ code: "protocol", status: 200 });
  });

  test.each([
    ["before the first byte", 0],
    ["in the middle", 3],
  ])("a stall %s is a timeout, and is not repeated", async (_where, events) => {
    const { answer, event, peer } = await ask(
      (response) => {
        if (events === 0) return;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(GOOD.slice(0, events).join(""));
      },
      { config: { timeout: "150ms" } },
    );
    expect(answer.error).toMatchObject({ code: "timeout", status: events === 0 ? 0 : 200 });
    expect(event.durationMs).toBeGreaterThan(140);
    expect(event.attempts).toBe(1);
    expect(event.outputTokens > 0).toBe(events > 0);
    await expect.poll(() => peer.cancelled).toBe(1);
  });

  test("an endless stream is bounded", async () => {
    const filler = chunk({ content: "x".repeat(100_000) });
    const { answer, event, peer } = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const more = (): void => {
        if (!response.destroyed) response.write(filler, () => setImmediate(more));
      };
      more();
    });
    expect(event.error).toMatch(/^protocol: the answer is longer than/);
    expect(answer.error).toBeDefined();
    await expect.poll(() => peer.cancelled).toBe(1);
  });

  test("a cancelled call ends at once, with its event", async () => {
    const stop = new AbortController();
    const peer = await openPeer(() => stop.abort());
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url));
    const answer = await transport.complete(callOf(chat(), { signal: stop.signal }));
    expect(answer.error?.code).toBe("cancelled");
    await expect.poll(() => kept.events.length).toBe(1);
    expect(kept.events[0]?.error).toMatch(/^cancelled/);
    await expect.poll(() => peer.cancelled).toBe(1);
  });

  test("a call cancelled beforehand sends nothing", async () => {
    const peer = await openPeer((response) => stream(response, GOOD));
    closeAfterEach(peer);
    const { transport } = await open(configFor(peer.url));
    const answer = await transport.complete(callOf(chat(), { signal: AbortSignal.abort() }));
    expect(answer.error?.code).toBe("cancelled");
    expect(peer.received).toEqual([]);
  });

  test("waiting for a connection counts as queue, not as the model's time", async () => {
    let release: () => void = () => undefined;
    const bothAsked = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The first answer takes its time only once the second call waits.
    const peer = await openPeer(async (response) => {
      await bothAsked;
      await realClock.sleep(80);
      stream(response, GOOD);
    });
    closeAfterEach(peer);
    const ask = vi.spyOn(RequestScheduler.prototype, "ask");
    onTestFinished(() => ask.mockRestore());
    const { transport, kept } = await open(configFor(peer.url, { connections: 1 }));
    const asked = [1, 2].map((step) => transport.complete(callOf(chat(), { step })));
    await expect.poll(() => ask.mock.calls.length, { timeout: 20_000 }).toBe(2);
    release();
    const answers = await Promise.all(asked);
    const [first, second] = answers.map((answer) => answer.queueMs).sort((a, b) => a - b);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(50);
    expect(Math.max(...kept.events.map((event) => event.queueMs))).toBeGreaterThan(50);
  });
});
