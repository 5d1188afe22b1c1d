import { Buffer } from "node:buffer";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
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
  type PeerHandler,
  stream,
  USAGE,
} from "../test/peer.ts";

afterEach(closeAll);

const DONE = "data: [DONE]\n\n";
const part = (call: object): string => chunk({ tool_calls: [call] });
const call = (name: string, text: string, more: object = {}): object => ({
  ...more,
  type: "function",
  function: { name, arguments: text },
});

describe.each(MODEL_TRANSPORTS)("an answer, %s", (_name, open) => {
  async function ask(answering: PeerHandler, request: object = {}, config: object = {}) {
    const peer = await openPeer(answering);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url, config));
    return { answer: await transport.complete(callOf(chat(request))), kept, peer, transport };
  }

  test.each([
    ["the same index and other ids", { index: 0, id: "a" }, { index: 0, id: "b" }],
    ["no index and other ids", { id: "a" }, { id: "b" }],
    ["no index and no ids", {}, {}],
    ["the same index and no ids", { index: 0 }, { index: 0 }],
    ["other indexes and the same id", { index: 0, id: "a" }, { index: 1, id: "a" }],
    ["empty ids", { index: 0, id: "" }, { index: 0, id: "" }],
  ])("with two calls that have %s holds two calls", async (_what, first, second) => {
    const { answer } = await ask((response) =>
      stream(response, [
        part(call("one", "{}", first)),
        part(call("two", '{"a":1}', second)),
        chunk({}, "tool_calls"),
        DONE,
      ]),
    );
    expect(answer.toolCalls).toEqual([
      { name: "one", arguments: "{}" },
      { name: "two", arguments: '{"a":1}' },
    ]);
  });

  test.each([
    ["an id in each", { index: 0, id: "a" }, { index: 0, id: "a" }],
    ["an id in the first", { index: 0, id: "a" }, { index: 0 }],
    ["an id in the first, no index", { id: "a" }, {}],
    ["an id in the first, empty ones then", { index: 0, id: "a" }, { index: 0, id: "" }],
    ["the id in the second", { index: 0 }, { index: 0, id: "a" }],
  ])("with a call in parts that have %s holds one call", async (_what, first, second) => {
    const { answer } = await ask((response) =>
      stream(response, [
        part(call("one", '{"a":', first)),
        part({ ...second, function: { arguments: "1" } }),
        part({ ...second, function: { arguments: "}" } }),
        chunk({}, "tool_calls"),
        DONE,
      ]),
    );
    expect(answer.toolCalls).toEqual([{ name: "one", arguments: '{"a":1}' }]);
  });

  test("whose calls follow one another in parts, all with index 0, holds each", async () => {
    const { answer } = await ask((response) =>
      stream(response, [
        part(call("one", "", { index: 0, id: "a" })),
        part({ index: 0, function: { arguments: '{"a":1}' } }),
        part(call("two", "", { index: 0, id: "b" })),
        part({ index: 0, function: { arguments: '{"b":' } }),
        part({ index: 0, function: { arguments: "2}" } }),
        chunk({}, "tool_calls"),
        DONE,
      ]),
    );
    expect(answer.toolCalls).toEqual([
      { name: "one", arguments: '{"a":1}' },
      { name: "two", arguments: '{"b":2}' },
    ]);
  });

  test("that is whole holds every call of its list, whatever their indexes", async () => {
    const calls = [call("one", "", { index: 0 }), call("one", "{}", { index: 0 }), call("two", "{}")];
    const { answer } = await ask(
      (response) =>
        json(response, 200, {
          choices: [{ index: 0, finish_reason: "tool_calls", message: { tool_calls: calls } }],
          usage: USAGE,
        }),
      { stream: false },
    );
    expect(answer.toolCalls.map(({ name }) => name)).toEqual(["one", "one", "two"]);
  });

  test("that reaches its longest length is asked for again with twice the limit, and so are later ones", async () => {
    const limits: number[] = [];
    const { answer, kept, transport } = await ask((response, { body }) => {
      const limit = (JSON.parse(body) as { max_completion_tokens: number }).max_completion_tokens;
      limits.push(limit);
      if (limit < 1_000) stream(response, [chunk({ reasoning: "hm" }), chunk({}, "length"), DONE]);
      else stream(response, GOOD);
    });
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    await transport.complete(callOf(chat()));
    expect(limits).toEqual([512, 1_024, 1_024]);
    expect(kept.events[0]?.error).toMatch(/^length: /);
    expect(kept.logs.filter((text) => text.includes("inference.maxCompletionTokens (512)")).length).toBe(1);
  });

  test("that never fits is asked for twice, and is inference's failure", async () => {
    const { answer, peer } = await ask((response) =>
      stream(response, [
        chunk({ tool_calls: [{ index: 0, function: { name: "f", arguments: '{"a' } }] }),
        chunk({}, "length"),
        DONE,
      ]),
    );
    expect(answer.error).toMatchObject({ code: "length" });
    expect(peer.received.length).toBe(2);
  });

  test("with a complete call is good although it reached its longest length", async () => {
    const { answer } = await ask((response) =>
      stream(response, [part(call("one", "{}", { index: 0 })), chunk({}, "length"), DONE]),
    );
    expect(answer).toMatchObject({ toolCalls: [{ name: "one" }] });
  });

  test.each<[string, readonly string[], string, string]>([
    [
      "a refusal",
      [chunk({ refusal: "I will " }), chunk({ refusal: "not." }), chunk({}, "stop")],
      "refusal",
      "I will not.",
    ],
    ["a filter", [chunk({ content: "so" }), chunk({}, "content_filter")], "filter", "content_filter"],
    ["Google's filter", [chunk({}, "SAFETY")], "filter", "SAFETY"],
  ])("with %s is inference's failure", async (_what, events, code, words) => {
    const { answer, kept } = await ask((response) => stream(response, [...events, DONE]));
    expect(answer.error).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(kept.events[0]?.error?.startsWith(`${code}: `)).toBe(true);
  });

  test("whose prompt a filter withheld says so", async () => {
    const { answer } = await ask((response) =>
      json(response, 400, {
        error: { code: "content_filter", message: "The response was filtered due to the prompt" },
      }),
    );
    expect(answer.error).toMatchObject({ code: "filter", status: 400 });
  });

  const failed = {
    error: {
      message:
        "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
      type: "invalid_request_error",
      code: "tool_use_failed",
      failed_generation: '<function=http_get>{"path": "/"}',
    },
  };

  test.each<[string, PeerHandler]>([
    ["400", (response) => json(response, 400, failed)],
    ["an event", (response) => stream(response, [`event: error\ndata: ${JSON.stringify(failed)}\n\n`])],
    [
      "the code of JSON",
      (response) =>
        json(response, 400, {
          error: { ...failed.error, message: "Failed to generate JSON.", code: "json_validate_failed" },
        }),
    ],
  ])(
    "that its server could not read as a call, told by %s, is the model's to correct",
    async (_what, answering) => {
      const { answer, peer } = await ask(answering);
      expect(answer.error).toBeUndefined();
      expect(answer).toMatchObject({ content: failed.error.failed_generation, toolCalls: [] });
      expect(peer.received.length).toBe(1);
    },
  );

  const codings: [string, (bytes: Buffer) => Buffer][] = [
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
  ];
  test.each(codings)("in %s is read, streamed or whole", async (coding, encode) => {
    const whole = {
      choices: [{ message: { tool_calls: [call("one", "{}")] }, finish_reason: "stop" }],
      usage: USAGE,
    };
    const answering: PeerHandler = (response, { body }) => {
      const streamed = (JSON.parse(body) as { stream?: boolean }).stream === true;
      response.writeHead(200, {
        "content-type": streamed ? "text/event-stream" : "application/json",
        "content-encoding": coding,
      });
      response.end(encode(Buffer.from(streamed ? GOOD.join("") : JSON.stringify(whole))));
    };
    expect((await ask(answering)).answer).toMatchObject({ toolCalls: [GOOD_CALL], inputTokens: 900 });
    expect((await ask(answering, { stream: false })).answer).toMatchObject({ toolCalls: [{ name: "one" }] });
  });

  test("that is not of the coding it names is no answer", async () => {
    const { answer } = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
      response.end(GOOD.join(""));
    });
    expect(answer.error).toMatchObject({ code: "protocol", message: expect.stringContaining("gzip") });
  });

  test.each([
    ["labelled as JSON", "application/json", ""],
    ["labelled as JSON, after a comment", "application/json", ": processing\n\n"],
    ["without a type", "", ""],
    ["after a byte order mark", "text/event-stream", "\uFEFF"],
    ["labelled as text, after a byte order mark", "text/plain", "\uFEFF"],
  ])("in events %s is read", async (_what, type, before) => {
    const { answer } = await ask((response) => {
      response.writeHead(200, type === "" ? {} : { "content-type": type });
      response.end(before + GOOD.join(""));
    });
    expect(answer).toMatchObject({ toolCalls: [GOOD_CALL] });
  });

  test("that said [DONE] is whole, although its connection stays open", async () => {
    let closed = false;
    const { answer } = await ask((response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(GOOD.join(""));
    });
    expect(answer).toMatchObject({ toolCalls: [GOOD_CALL], inputTokens: 900 });
    expect(answer.error).toBeUndefined();
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  test("in JSON labelled as events is read", async () => {
    const { answer } = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(JSON.stringify({ error: { message: "the engine is dead" } }));
    });
    expect(answer.error?.message).toContain("the engine is dead");
  });

  test.each([
    ["error: overloaded\n\n"],
    ['error: {"message":"overloaded"}\n\n'],
    ['{"error":{"message":"overloaded"}}\n\n'],
    ['data: {"error":"overloaded"}\n\n'],
  ])("that breaks off with %j says why", async (line) => {
    const { answer } = await ask((response) => stream(response, [...GOOD.slice(0, 3), line]));
    expect(answer.error).toMatchObject({ message: expect.stringContaining("overloaded") });
  });
});

test("a whole JSON object that is followed by blanks until the longest length is an answer", async () => {
  const [, open] = MODEL_TRANSPORTS[0] as (typeof MODEL_TRANSPORTS)[number];
  const told = async (content: string): Promise<unknown> => {
    const peer = await openPeer((response) =>
      stream(response, [chunk({ content }), chunk({}, "length"), DONE]),
    );
    closeAfterEach(peer);
    const { transport } = await open(configFor(peer.url));
    const { error, content: said } = await transport.complete(callOf(chat()));
    return error?.code ?? said.trim();
  };
  expect(await told(`{"tool":"finish"}${"\n".repeat(50)}`)).toBe('{"tool":"finish"}');
  expect(await told(`{"tool":"finish"`)).toBe("length");
  expect(await told('[{"tool":"finish"}')).toBe("length");
});
