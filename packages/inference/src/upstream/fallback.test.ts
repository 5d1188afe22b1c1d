import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import {
  callOf,
  chat,
  configFor,
  GOOD,
  GOOD_CALL,
  json,
  openPeer,
  type PeerHandler,
  RecordedEvents,
  stream,
} from "../../test/peer.ts";
import { createInference } from "../inference.ts";
import { serveInference } from "../server/server.ts";
import { emptyResponse } from "./failed-attempt.ts";
import { FallbackUpstream } from "./fallback.ts";
import type { UpstreamRequest, UpstreamResponse } from "./upstream.ts";

afterEach(closeAll);

const good: PeerHandler = (response) => stream(response, GOOD);

describe.each(MODEL_TRANSPORTS)("a second source, %s", (_name, open) => {
  async function ask(first: PeerHandler, more: object = {}, second: PeerHandler = good) {
    const [main, other] = [await openPeer(first), await openPeer(second)];
    closeAfterEach(main, other);
    const fallback = [
      {
        provider: "custom",
        baseUrl: other.url,
        model: "spare",
        apiKey: "sk-spare-key",
        price: { input: 100, output: 0 },
      },
    ];
    const { transport, kept } = await open(configFor(main.url, { fallback, ...more }));
    const answer = await transport.complete(callOf(chat()));
    return { answer, main, other, kept, transport };
  }

  test.each([
    [401, 1],
    [404, 1],
    [503, 3],
    [429, 3],
  ])("answers where the first says %d, after %d tries", async (status, tries) => {
    const { answer, main, other, kept } = await ask((response) =>
      json(response, status, { error: { message: "no" } }),
    );
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    expect([main.received.length, other.received.length]).toEqual([tries, 1]);
    expect(JSON.parse(other.received[0]?.body ?? "")).toEqual({ ...chat(), model: "spare" });
    expect(other.received[0]?.headers.authorization).toBe("Bearer sk-spare-key");
    expect(kept.events).toMatchObject([{ provider: "custom", model: "spare", status: 200, costUsd: 0.09 }]);
  });

  test("is not asked about a request that is wrong by itself, nor after the first byte", async () => {
    const wrong = await ask((response) => json(response, 400, { error: { message: "bad tool" } }));
    expect(wrong.answer.error?.message).toBe("bad tool");
    expect(wrong.other.received).toEqual([]);
    const broken = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(GOOD.slice(0, 3).join(""), () => setTimeout(() => response.destroy(), 20));
    });
    expect(broken.answer.error?.code).toBe("unavailable");
    expect(broken.other.received).toEqual([]);
  });

  test("is asked at once while the first is spared", async () => {
    const { main, other, transport } = await ask((response) => json(response, 500, "down"), {
      breaker: { failures: 3, pause: "1m" },
    });
    expect(main.received.length).toBe(3);
    const answer = await transport.complete(callOf(chat()));
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    expect([main.received.length, other.received.length]).toEqual([3, 2]);
  });

  test("that fails too leaves its own error", async () => {
    const { answer, kept } = await ask(
      (response) => json(response, 401, { message: "no key" }),
      {},
      (response) => json(response, 403, { message: "no sk-spare-key" }),
    );
    expect(answer.error).toMatchObject({ status: 403, message: "no ***" });
    expect(kept.events).toMatchObject([{ model: "spare", status: 403 }]);
  });
});

test("a client over HTTP gets the second source's answer, its unknown fields kept", async () => {
  const [main, other] = [
    await openPeer((response) => json(response, 402, { message: "pay" })),
    await openPeer(good),
  ];
  const inference = await createInference({
    config: configFor(main.url, {
      fallback: [{ provider: "custom", baseUrl: other.url, model: "spare", apiKey: "k" }],
    }),
    clock: realClock,
    recorder: new RecordedEvents(),
  });
  const server = await serveInference({ inference, port: 0 });
  closeAfterEach(main, other, inference, server);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
  const answer = await client.chat.completions
    .stream({ model: "stub", messages: [{ role: "user", content: "hi" }], reasoning_effort: "low" })
    .finalChatCompletion();
  expect(answer.choices[0]?.message.tool_calls).toMatchObject([{ function: GOOD_CALL }]);
  expect(JSON.parse(other.received[0]?.body ?? "")).toMatchObject({
    model: "spare",
    reasoning_effort: "low",
  });
});

describe("sources in order", () => {
  const FAILED = (code: string, status: number, more: Partial<UpstreamResponse> = {}) =>
    ({
      error: { code, status, message: "" },
      status,
      durationMs: 10,
      queueMs: 1,
      ...more,
    }) as Partial<UpstreamResponse>;

  /** Sources that answer so; undefined for one that is down. */
  async function ask(answers: (Partial<UpstreamResponse> | undefined)[], attempt = 1) {
    const asked: { source: number; model: string; queuedMs: number; body: string }[] = [];
    const sources = answers.map((answer, source) => ({
      resolved: { model: `m${source}` },
      down: () => answer === undefined,
      upstream: {
        ask: async (one: UpstreamRequest) => {
          asked.push({ source, model: one.model, queuedMs: one.queuedMs, body: String(one.body()) });
          return { ...emptyResponse(), status: 200, queueMs: 1, ...answer };
        },
        close: async () => undefined,
      },
    }));
    const upstream = new FallbackUpstream({
      sources: sources as never,
      attempts: 3,
      maxWait: 1_000,
      clock: realClock,
    });
    const response = await upstream.ask({
      model: "main",
      attempt,
      queuedMs: 5,
      request: () => ({ model: "main" }),
      body: (model = "main") => model,
    } as unknown as UpstreamRequest);
    return { response, asked, sources: asked.map(({ source }) => source) };
  }

  test.each<[string, Partial<UpstreamResponse>, number, boolean]>([
    ["a good answer", {}, 1, false],
    ["a cancelled call", FAILED("cancelled", 0), 1, false],
    ["an answer that broke off", FAILED("unavailable", 200), 1, false],
    ["a connection that broke off", FAILED("unavailable", 0), 1, true],
    ["a connection that was not made", FAILED("unavailable", 0, { unsent: true }), 1, false],
    ["a connection that was not made at last", FAILED("unavailable", 0, { unsent: true }), 3, true],
    ["a wrong request", FAILED("refused", 400), 3, false],
    ["a refused key", FAILED("refused", 401), 1, true],
    ["no money", FAILED("refused", 402), 1, true],
    ["no permission", FAILED("refused", 403), 1, true],
    ["no such model", FAILED("refused", 404), 1, true],
    ["another refusal", FAILED("refused", 405), 3, false],
    ["a limit", FAILED("limit", 429), 1, false],
    ["a limit at last", FAILED("limit", 429), 3, true],
    ["a limit for a second", FAILED("limit", 429, { headers: { "retry-after": "1" } }), 1, false],
    ["a limit for longer", FAILED("limit", 429, { headers: { "retry-after": "1.1" } }), 1, true],
    ["a failing server", FAILED("unavailable", 503), 2, false],
    ["a failing server at last", FAILED("unavailable", 503), 3, true],
  ])("after %s, %j, in try %d, the next is asked: %j", async (_what, answer, attempt, next) => {
    expect((await ask([answer, {}], attempt)).sources).toEqual(next ? [0, 1] : [0]);
  });

  test("one that is down is passed over, and if all are, the main one is asked", async () => {
    expect((await ask([undefined, {}])).sources).toEqual([1]);
    expect((await ask([FAILED("refused", 401), undefined, {}])).sources).toEqual([0, 2]);
    expect((await ask([undefined, undefined])).sources).toEqual([0]);
  });

  test("each is asked for its own model, and the time of those before counts as wait", async () => {
    const { response, asked } = await ask([FAILED("refused", 401), FAILED("refused", 403), {}]);
    expect(asked).toEqual([
      { source: 0, model: "main", queuedMs: 5, body: "main" },
      { source: 1, model: "m1", queuedMs: 16, body: "m1" },
      { source: 2, model: "m2", queuedMs: 27, body: "m2" },
    ]);
    expect(response).toMatchObject({ queueMs: 23, source: { model: "m2" } });
    expect((await ask([{}])).response.source).toBeUndefined();
  });
});
