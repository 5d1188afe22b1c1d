import { gzipSync } from "node:zlib";
import { type Dispatcher, errors } from "undici";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chunk, GOOD, GOOD_CALL } from "../../test/peer.ts";
import { ClientAbort } from "../server/client-abort-signal.ts";
import { ChunkForms } from "./chunk-forms.ts";
import { HttpAttempt } from "./http-attempt.ts";
import {
  MAX_ANSWER_BYTES,
  type StreamSink,
  type UpstreamRequest,
  type UpstreamResponse,
} from "./upstream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { now: () => performance.now(), epoch: () => Date.now(), sleep: () => Promise.resolve() };
const later = (ms: number): void => void vi.advanceTimersByTime(ms);
const STREAM = { "content-type": "text/event-stream" };
const BODY = JSON.stringify({ choices: [{ message: { content: "hi" } }] });

function attempt(more: Partial<UpstreamRequest> = {}, timeouts: object = {}) {
  const done: UpstreamResponse[] = [];
  const did: string[] = [];
  const controller = {
    abort: (reason: Error) => void did.push(`abort: ${reason.message}`),
    pause: () => void did.push("pause"),
    resume: () => void did.push("resume"),
  } as unknown as Dispatcher.DispatchController;
  const ask = { own: true, streamed: true, signal: undefined, tap: undefined, queuedMs: 0, ...more };
  const one = new HttpAttempt(ask as UpstreamRequest, clock, timeouts, new ChunkForms(), (response) =>
    done.push(response),
  );
  const start = (status = 200, headers: Record<string, string> = STREAM) => {
    one.onRequestStart(controller);
    one.onResponseStart(controller, status, headers);
  };
  const data = (bytes: string | Buffer) => one.onResponseData(controller, Buffer.from(bytes as string));
  const fail = (code: string, message = code) =>
    one.onResponseError(controller, Object.assign(new Error(message), { code }));
  return { one, done, did, controller, start, data, fail };
}

function sink(full = false) {
  const heard: string[] = [];
  let drained: (() => void) | undefined;
  const tap: StreamSink = {
    head: (status, _, queueMs) => void heard.push(`head ${status} ${queueMs}`),
    data: (bytes) => {
      heard.push(String(bytes));
      return !full;
    },
    whenDrained: (resume) => {
      drained = resume;
    },
    end: () => void heard.push("end"),
  };
  return { tap, heard, drain: () => drained?.() };
}

test("the times of an answer count from when it was sent, and the wait before that apart", () => {
  const { one, done, data, controller } = attempt();
  later(5);
  one.onRequestStart(controller);
  later(7);
  one.onResponseStart(controller, 103, {});
  one.onResponseStart(controller, 200, STREAM);
  later(11);
  data(chunk({ reasoning: "hm" }));
  later(13);
  data(chunk({ reasoning: "hm" }));
  data(GOOD[1] as string);
  later(17);
  data(GOOD.slice(2).join(""));
  later(19);
  one.onResponseEnd();
  expect(done).toMatchObject([
    {
      status: 200,
      queueMs: 5,
      headersMs: 7,
      firstTokenMs: 31,
      durationMs: 67,
      told: { firstReasoningMs: 18 },
      toolCalls: [GOOD_CALL],
      inputTokens: 900,
      whole: true,
      unsent: false,
      error: undefined,
      body: "",
      refusal: "",
      finish: "tool_calls",
      atBoundary: true,
    },
  ]);
});

describe("the form of an answer", () => {
  test.each<[string, Record<string, string>, boolean, string, string]>([
    ["its first bytes", { "content-type": "application/json" }, false, GOOD.join(""), "events"],
    ["its first bytes, though it says stream", STREAM, true, BODY, "json"],
    ["its type", STREAM, false, `\0${GOOD.join("")}`, "events"],
    ["the request, where nothing else says it", {}, true, `\0${GOOD.join("")}`, "events"],
    ["the request for a whole answer", {}, false, "\0", "no JSON"],
    ["a type of JSON", { "content-type": "text/json" }, true, "\0", "no JSON"],
    ["a type of HTML", { "content-type": "text/html" }, true, "\0", "no JSON"],
  ])("is found by %s", (_by, headers, streamed, text, form) => {
    const { one, done, start, data } = attempt({ streamed });
    start(200, headers);
    data(text);
    one.onResponseEnd();
    const [answer] = done;
    if (form === "events") expect(answer?.finish).toBe("tool_calls");
    else if (form === "json") expect(answer?.content).toBe("hi");
    else expect(answer?.error?.message).toMatch(/^the answer is not JSON/);
  });
});

describe("a stream that said [DONE]", () => {
  test("is over a quarter of a second later, and its connection is closed", async () => {
    const { done, did, start, data } = attempt();
    start();
    data(GOOD.join(""));
    await Promise.resolve();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    later(249);
    expect(done).toEqual([]);
    later(1);
    expect(done).toMatchObject([{ toolCalls: [GOOD_CALL], whole: true, durationMs: 250 }]);
    expect(did).toEqual(["abort: the stream is over, and its connection was left open"]);
  });

  test("needs no timer if its end follows at once, and none for a client that reads it", async () => {
    const { one, done, did, start, data } = attempt();
    start();
    data(GOOD.join(""));
    one.onResponseEnd();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    later(1_000);
    one.done();
    expect([done.length, did]).toEqual([1, []]);
    const { tap } = sink();
    const tapped = attempt({ tap });
    tapped.start();
    tapped.data(GOOD.join(""));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    later(1_000);
    expect(tapped.done).toEqual([]);
  });
});

describe("a client that reads the answer", () => {
  test("gets head, bytes and end, and the wait of all attempts", () => {
    const { tap, heard } = sink();
    const { one, done, data, controller } = attempt({ tap, queuedMs: 40 });
    later(2);
    one.onRequestStart(controller);
    one.onResponseStart(controller, 200, STREAM);
    data(GOOD.join(""));
    one.onResponseEnd();
    expect(heard).toEqual(["head 200 42", GOOD.join(""), "end"]);
    expect(done).toMatchObject([{ body: "", toolCalls: [GOOD_CALL] }]);
  });

  test("and is slow pauses the provider, whose time between parts stands still", () => {
    const { tap, drain } = sink(true);
    const { done, did, start, data } = attempt({ tap }, { idle: 100 });
    start();
    data(GOOD[0] as string);
    later(1_000);
    expect([done, did]).toEqual([[], ["pause"]]);
    drain();
    later(99);
    expect([done, did]).toEqual([[], ["pause", "resume"]]);
    later(2);
    expect(done).toMatchObject([{ error: { code: "timeout" } }]);
  });

  test("but asked for a whole answer gets it as bytes, also of a stream", () => {
    const { tap, heard } = sink();
    for (const text of [BODY, GOOD.join("")]) {
      const { one, done, start, data } = attempt({ tap, streamed: false });
      start(200, {});
      data(text.slice(0, 60));
      data(text.slice(60));
      one.onResponseEnd();
      expect(String(done[0]?.body)).toBe(text);
    }
    expect(heard).toEqual([]);
  });

  test("gets nothing of a refusal", () => {
    const { tap, heard } = sink();
    const { one, done, start, data } = attempt({ tap });
    start(300, {});
    data("no");
    one.onResponseEnd();
    expect(heard).toEqual([]);
    expect(done).toMatchObject([{ status: 300, refusal: "no", error: { code: "protocol" } }]);
  });
});

test("a tool call that its server could not read is an answer to APE's own agents, and a refusal to others", () => {
  const body = JSON.stringify({ error: { code: "tool_use_failed", message: "m", failed_generation: "f" } });
  for (const own of [true, false]) {
    const { one, done, start, data } = attempt({ own });
    start(400, {});
    data(body);
    one.onResponseEnd();
    expect(done).toMatchObject([own ? { content: "f", error: undefined } : { error: { status: 400 } }]);
  }
});

test("an answer of the longest length is read, a longer one is cancelled", () => {
  const { one, done, did, start, data } = attempt({ streamed: false });
  start(200, {});
  data(Buffer.alloc(MAX_ANSWER_BYTES));
  expect(done).toEqual([]);
  data("x");
  data("x");
  one.onResponseEnd();
  const message = `the answer is longer than ${MAX_ANSWER_BYTES} bytes`;
  expect(done.map(({ error, whole }) => [error, whole])).toEqual([
    [{ code: "protocol", status: 200, message }, false],
  ]);
  expect(did).toEqual([`abort: ${message}`]);
});

describe("a coding", () => {
  beforeEach(() => void vi.useRealTimers());
  const settled = async (done: unknown[]) => expect.poll(() => done.length).toBe(1);

  test.each([
    ["a whole answer", BODY, false, "hi"],
    ["a whole answer with a byte-order mark", `\ufeff${BODY}`, false, "hi"],
    ["a stream", chunk({ content: "hi" }, "stop"), true, "hi"],
  ])("of %s is undone", async (_what, text, streamed, content) => {
    const { one, done, start, data } = attempt({ streamed });
    start(200, { "content-encoding": "GZIP" });
    data(gzipSync(text));
    one.onResponseEnd();
    await settled(done);
    expect(done).toMatchObject([{ content, error: undefined, whole: true }]);
  });

  test.each([
    ["a whole answer", false],
    ["a stream", true],
  ])("that %s does not have is an error of the protocol", async (_what, streamed) => {
    const { one, done, start, data } = attempt({ streamed });
    start(200, { "content-encoding": "gzip" });
    data("not gzip");
    if (!streamed) one.onResponseEnd();
    await settled(done);
    expect(done[0]?.error).toMatchObject({ code: "protocol", status: 200 });
    expect(done[0]?.error?.message).toMatch(/^the answer is not gzip, as its content-encoding says/);
  });
});

describe("an attempt fails", () => {
  test.each<[string, number | undefined, object]>([
    [
      "ETIMEDOUT",
      undefined,
      { unsent: true, error: { code: "timeout", status: 0, message: "the connection was not made in time" } },
    ],
    ["UND_ERR_CONNECT_TIMEOUT", 200, { unsent: false, error: { code: "timeout", status: 200 } }],
    ["ECONNREFUSED", undefined, { unsent: true, error: { code: "unavailable", status: 0 } }],
    ["ECONNRESET", undefined, { unsent: true, error: { code: "unavailable" } }],
    ["EPIPE", undefined, { unsent: true }],
    ["UND_ERR_SOCKET", undefined, { unsent: true }],
    ["EOTHER", undefined, { unsent: false, error: { code: "unavailable", message: "EOTHER" } }],
    [
      "ECONNRESET",
      200,
      {
        unsent: false,
        error: { code: "unavailable", message: "the connection broke off within the answer: ECONNRESET" },
      },
    ],
  ])("with %s, after the status %j: %j", (code, status, result) => {
    const { one, done, controller, start, fail } = attempt();
    if (status === undefined) one.onRequestStart(controller);
    else start(status);
    fail(code);
    fail("twice");
    expect(done).toMatchObject([result]);
    expect(done).toHaveLength(1);
  });

  test("where its answer is not HTTP, and where an error says nothing but its code", () => {
    const broken = attempt();
    broken.one.onResponseError(broken.controller, new errors.HTTPParserError("odd"));
    expect(broken.done).toMatchObject([{ error: { code: "protocol", message: "not HTTP: odd" } }]);
    const silent = attempt();
    silent.fail("EOTHER", "");
    expect(silent.done[0]?.error?.message).toBe("EOTHER");
  });

  test("with the limit that passed, and is cancelled", () => {
    const { done, did, controller, one } = attempt({}, { firstByte: 100 });
    one.onRequestStart(controller);
    later(101);
    const message = "no byte of an answer within 100 ms";
    expect(done).toMatchObject([{ error: { code: "timeout", status: 0, message } }]);
    expect(did).toEqual([`abort: ${message}`]);
  });

  test("when it is cancelled, before it is sent, while it waits, and within the answer", () => {
    const message = "the call was cancelled";
    const early = new ClientAbort();
    early.abort();
    expect(attempt({ signal: early }).done).toMatchObject([{ durationMs: 0, error: { code: "cancelled" } }]);
    const signal = new ClientAbort();
    const waits = attempt({ signal });
    later(3);
    signal.abort();
    waits.start();
    waits.data("x");
    expect(waits.done).toMatchObject([{ queueMs: 3, error: { code: "cancelled", status: 0, message } }]);
    expect(waits.did).toEqual(["abort: the call was given up while it waited"]);
    const other = new ClientAbort();
    const runs = attempt({ signal: other });
    runs.start();
    other.abort();
    expect([runs.did, runs.done[0]?.error?.status]).toEqual([[`abort: ${message}`], 200]);
    const over = new ClientAbort();
    const ended = attempt({ signal: over });
    ended.start();
    ended.data(GOOD.join(""));
    ended.one.onResponseEnd();
    over.abort();
    expect([ended.done.length, ended.done[0]?.error, ended.did]).toEqual([1, undefined, []]);
  });
});
