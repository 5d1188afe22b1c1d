import { Buffer } from "node:buffer";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { realClock } from "../test/clock.ts";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../test/model-transports.ts";
import {
  callOf,
  chat,
  chunk,
  configFor,
  GOOD,
  GOOD_CALL,
  openPeer,
  type PeerHandler,
  RecordedEvents,
  stream,
} from "../test/peer.ts";
import { createInference } from "./inference.ts";
import { serveInference } from "./server/server.ts";

afterEach(closeAll);

const MEGABYTE = 1024 * 1024;
const begin = { "content-type": "text/event-stream" };

/** Writes a line that does not end, at the reader's pace. */
const endless: PeerHandler = (response) => {
  response.writeHead(200, begin);
  response.write('data: {"choices":[{"index":0,"delta":{"content":"');
  const piece = Buffer.alloc(MEGABYTE, "x");
  let left = 50;
  const more = (): void => {
    left -= 1;
    if (left > 0 && !response.destroyed) response.write(piece, more);
  };
  more();
};

describe.each(MODEL_TRANSPORTS)("a provider that misbehaves, %s", (_name, open) => {
  async function ask(answering: PeerHandler, timeout = "5s") {
    const peer = await openPeer(answering);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url, { timeout }));
    const answer = await transport.complete(callOf(chat()));
    // Whatever happened, the next call is served.
    expect(kept.events.length).toBe(1);
    return { answer, kept, peer, transport };
  }

  test("a line of 50 MB is broken off, and memory is bounded", async () => {
    const before = process.memoryUsage().rss;
    const { answer, kept, peer } = await ask(endless, "19s");
    expect(answer.error).toBeDefined();
    expect(kept.events[0]?.error).toMatch(/^protocol: the answer is longer than/);
    await expect.poll(() => peer.cancelled).toBe(1);
    // Peer, proxy and client live in this one process.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEGABYTE);
  });

  test("half a frame before the end is no answer, a whole one without its blank line is", async () => {
    const half = await ask((response) => stream(response, [...GOOD.slice(0, 3), 'data: {"choices":[{"ind']));
    expect(half.answer.error?.code).toBe("protocol");
    const unfinished = await ask((response) => stream(response, [...GOOD.slice(0, -1), "data: [DONE]"]));
    expect(unfinished.answer.toolCalls).toEqual([GOOD_CALL]);
  });

  test("frames cut anywhere, a byte at a time, are put together", async () => {
    const bytes = Buffer.from(GOOD.join(""));
    const { answer } = await ask(async (response) => {
      response.writeHead(200, begin);
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        if (at % 70 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
  });

  test("invalid UTF-8 becomes replacement characters, not a crash", async () => {
    const [before = "", after = ""] = chunk({ content: "A@B" }, "stop").split("@");
    const { answer } = await ask((response) => {
      response.writeHead(200, begin);
      response.write(
        Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(after)]),
      );
      response.end("data: [DONE]\n\n");
    });
    expect(answer.error).toBeUndefined();
    expect(answer.content).toMatch(/^A\uFFFD+\(B$/);
  });

  test.each(["image/png", "", "text/plain"])(
    "a stream by the name of %j is read as a stream",
    async (type) => {
      const { answer } = await ask((response) => {
        response.writeHead(200, type === "" ? {} : { "content-type": type });
        response.end(GOOD.join(""));
      });
      expect(answer.toolCalls).toEqual([GOOD_CALL]);
    },
  );

  test("headers that lie about limits delay no call for ever, and fail none", async () => {
    const { answer, transport } = await ask((response) => {
      response.writeHead(200, {
        ...begin,
        "x-ratelimit-limit-requests": "NaN",
        "x-ratelimit-remaining-requests": "-7",
        "x-ratelimit-reset-requests": "soon",
      });
      response.end(GOOD.join(""));
    });
    expect(answer.error).toBeUndefined();
    expect((await transport.complete(callOf(chat()))).error).toBeUndefined();
  });
});

test("a machine that slept makes waiting calls late, not wrong: the next one is served", async () => {
  let jump = 0;
  const clock = { ...realClock, now: () => realClock.now() + jump, epoch: () => realClock.epoch() + jump };
  let finish: () => void = () => undefined;
  const peer = await openPeer((response, _received, turn) => {
    if (turn > 1) stream(response, GOOD);
    else finish = () => stream(response, GOOD);
  });
  const kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(peer.url, { connections: 1 }),
    clock,
    recorder: kept,
  });
  closeAfterEach(peer, inference);
  const first = inference.transport.complete(callOf(chat()));
  const second = inference.transport.complete(callOf(chat()));
  await expect.poll(() => peer.received.length).toBe(1);
  jump = 3_600_000;
  finish();
  expect((await first).error).toBeUndefined();
  expect((await second).error).toMatchObject({
    code: "limit",
    message: expect.stringContaining("waited 36"),
  });
  expect((await inference.transport.complete(callOf(chat()))).toolCalls).toEqual([GOOD_CALL]);
  for (const event of kept.events) expect(event.durationMs).toBeGreaterThanOrEqual(0);
});

test("the OpenAI client learns of a stream that hangs", async () => {
  const peer = await openPeer((response) => {
    response.writeHead(200, begin);
    response.write(GOOD.slice(0, 3).join(""));
  });
  const kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(peer.url, { timeout: "150ms" }),
    clock: realClock,
    recorder: kept,
  });
  const server = await serveInference({ inference, port: 0 });
  closeAfterEach(peer, inference, server);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "hi" }];
  const read = async (): Promise<void> => {
    for await (const _ of await client.chat.completions.create({ model: "stub", messages, stream: true }));
  };
  await expect(read()).rejects.toThrow(/no complete answer within 150 ms/);
  expect(kept.events[0]?.error).toMatch(/^timeout/);
});
