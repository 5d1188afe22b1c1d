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
