import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import Cerebras from "@cerebras/cerebras_cloud_sdk";
import fc from "fast-check";
import OpenAI from "openai";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { realClock } from "../../packages/inference/test/clock.ts";
import { configFor, RecordedEvents } from "../../packages/inference/test/peer.ts";

/** What a provider got, and what it answers. */
interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}
interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  pieces: readonly (string | Buffer)[];
}

/** Headers of one connection, and those that differ from call to call. */
const OF_THE_CONNECTION = /^(?:connection|keep-alive|transfer-encoding|content-length|host|date)$/;
/** What the proxy changes by its purpose: the credential, the trace, its own figures, and what tells of a browser. */
const OF_THE_PROXY = /^(?:authorization|traceparent|x-ape-.*|set-cookie|sec-.*)$/;

const COMPLETION = JSON.stringify(
  {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_790_000_000,
    model: "stub-2026",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Grüße 🐒" },
        finish_reason: "stop",
        logprobs: null,
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    odd: { field: 12.5 },
  },
  null,
  1,
);
const event = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const EVENTS = [
  ": OPENROUTER PROCESSING\n\n",
  event({ role: "assistant", content: "" }),
  event({ content: "Grüße " }),
  event({ content: "🐒", odd: [1] }),
  event({}, "stop"),
  'data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\n',
  "data: [DONE]\n\n",
];
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const EVENT_TYPE = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-request-id": "req_9",
};

const ANSWERS: readonly (readonly [name: string, streamed: boolean, answer: Answer])[] = [
  [
    "JSON",
    false,
    { status: 200, headers: { ...JSON_TYPE, "x-ratelimit-remaining-requests": "9" }, pieces: [COMPLETION] },
  ],
  [
    "JSON in gzip",
    false,
    { status: 200, headers: { ...JSON_TYPE, "content-encoding": "gzip" }, pieces: [gzipSync(COMPLETION)] },
  ],
  [
    "JSON in brotli",
    false,
    {
      status: 200,
      headers: { ...JSON_TYPE, "content-encoding": "br" },
      pieces: [brotliCompressSync(COMPLETION)],
    },
  ],
  ["a stream", true, { status: 200, headers: EVENT_TYPE, pieces: EVENTS }],
  [
    "a stream in deflate",
    true,
    {
      status: 200,
      headers: { ...EVENT_TYPE, "content-encoding": "deflate" },
      pieces: [deflateSync(EVENTS.join(""))],
    },
  ],
  [
    "a stream cut anywhere",
    true,
    {
      status: 200,
      headers: EVENT_TYPE,
      pieces: [...Buffer.from(EVENTS.join(""))].map((byte) => Buffer.of(byte)),
    },
  ],
  [
    "400 with a detail",
    false,
    {
      status: 400,
      headers: JSON_TYPE,
      pieces: ['{"error":{"message":"no such field","param":"odd","code":null,"type":"t"}}'],
    },
  ],
  [
    "404 of a model",
    true,
    {
      status: 404,
      headers: JSON_TYPE,
      pieces: ['{"error":{"message":"The model does not exist","code":"model_not_found"}}'],
    },
  ],
  [
    "422 as a page",
    false,
    { status: 422, headers: { "content-type": "text/html" }, pieces: ["<h1>no</h1>"] },
  ],
  [
    "429 with its wait",
    true,
    {
      status: 429,
      headers: { ...JSON_TYPE, "retry-after": "7", "x-should-retry": "false" },
      pieces: ['{"error":{"message":"slow down","code":"rate_limit_exceeded"}}'],
    },
  ],
  ["500 without a body", false, { status: 500, headers: {}, pieces: [] }],
];

let answer: Answer = ANSWERS[0]?.[2] as Answer;
let received: Received[] = [];
let direct = "";
let proxied = "";
const closing: (() => Promise<unknown>)[] = [];

function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    if (!OF_THE_CONNECTION.test(name) && !OF_THE_PROXY.test(name)) headers[name] = raw[at + 1] as string;
  }
  return headers;
}

beforeAll(async () => {
  const take = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of asked) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString("latin1");
    received.push({ path: asked.url ?? "", headers: headersOf(asked.rawHeaders), body });
    response.writeHead(answer.status, answer.headers);
    for (const piece of answer.pieces) response.write(piece);
    response.end();
  };
  const server = createServer((asked, response) => void take(asked, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  direct = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const inference = await createInference({
    config: configFor(`${direct}/v1`, {
      model: "another",
      retries: { attempts: 1 },
      breaker: { failures: 1_000 },
      queueTimeout: "30s",
    }),
    clock: realClock,
    recorder: new RecordedEvents(),
  });
  const proxy = await serveInference({ inference, port: 0 });
  proxied = proxy.url;
  closing.push(
    () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
    () => inference.close(),
    () => proxy.close(),
  );
});
afterEach(() => {
  received = [];
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const REQUESTS: Readonly<Record<string, object>> = {
  "nothing but messages": {},
  "sampling of its own": {
    temperature: 0.7,
    top_p: 0.9,
    seed: -1,
    n: 2,
    stop: ["\n"],
    logit_bias: { "1": -100 },
  },
  "the older limit": { max_tokens: 4_000 },
  "tools and their choice": {
    tools: [{ type: "function", function: { name: "f", strict: true, parameters: { type: "object" } } }],
    tool_choice: { type: "function", function: { name: "f" } },
    parallel_tool_calls: false,
  },
  "fields that nobody knows": {
    "x-odd": { deep: [null, 1e21, "\u2028"] },
    reasoning_effort: "high",
    metadata: {},
  },
  "a form of the answer": {
    response_format: { type: "json_schema", json_schema: { name: "a", schema: {} } },
  },
};
const MESSAGES = [
  { role: "developer", content: "Be kind." },
  {
    role: "user",
    content: [
      { type: "text", text: "Was ist das? 🐒" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    ],
  },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "1", type: "custom", custom: { name: "c", input: "x" } }],
  },
  { role: "tool", tool_call_id: "1", content: "42" },
];

/** What a client makes of an answer. */
type Client = (origin: string, body: object, streamed: boolean) => Promise<unknown>;

const entriesOf = (headers: object): [string, unknown][] =>
  Symbol.iterator in headers ? [...(headers as Headers)] : Object.entries(headers);

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    const result = await call;
    if (typeof result !== "object" || result === null || !(Symbol.asyncIterator in result)) return result;
    const chunks: unknown[] = [];
    for await (const chunk of result as AsyncIterable<unknown>) chunks.push(chunk);
    return chunks;
  } catch (thrown) {
    const { name, message, status, code, param, type, headers } = thrown as InstanceType<
      typeof OpenAI.APIError
    >;
    const kept =
      headers === undefined
        ? []
        : entriesOf(headers).filter(([one]) => !OF_THE_CONNECTION.test(one) && !OF_THE_PROXY.test(one));
    return { name, message, status, code, param, type, headers: kept };
  }
}

const CLIENTS: Readonly<Record<string, Client>> = {
  openai: (origin, body, stream) => {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: "sk-of-the-client", maxRetries: 0 });
    const asked = { model: "stub", messages: MESSAGES, ...body, stream };
    return outcomeOf(client.chat.completions.create(asked as OpenAI.ChatCompletionCreateParams));
  },
  cerebras: (origin, body, stream) => {
    const options = { baseURL: origin, apiKey: "csk-of-the-client", maxRetries: 0, warmTCPConnection: false };
    const asked = { model: "stub", messages: MESSAGES, ...body, stream };
    return outcomeOf(new Cerebras(options).chat.completions.create(asked as never));
  },
};

describe.each(Object.entries(CLIENTS))("the client %s, directly and through the proxy,", (_name, client) => {
  test.each(Object.entries(REQUESTS))("sends the same: %s", async (_what, body) => {
    answer = ANSWERS[0]?.[2] as Answer;
    await client(direct, body, false);
    await client(proxied, body, false);
    const [one, other] = received;
    expect(other).toEqual(one);
    expect(received).toHaveLength(2);
  });

  test.each(ANSWERS)("gets the same: %s", async (_what, streamed, given) => {
    answer = given;
    const one = await client(direct, {}, streamed);
    const other = await client(proxied, {}, streamed);
    expect(other).toEqual(one);
    expect(received).toHaveLength(2);
  });
});

test.each(ANSWERS)(
  "status, headers and bytes of an answer pass as they are: %s",
  async (_what, streamed, given) => {
    answer = given;
    const seen = await Promise.all(
      [direct, proxied].map(async (origin) => {
        const { statusCode, headers, body } = await request(`${origin}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ model: "stub", messages: [], stream: streamed }),
        });
        const kept = Object.entries(headers).filter(
          ([name]) => !OF_THE_CONNECTION.test(name) && !OF_THE_PROXY.test(name),
        );
        return { statusCode, headers: kept, bytes: Buffer.from(await body.arrayBuffer()).toString("latin1") };
      }),
    );
    expect(seen[1]).toEqual(seen[0]);
  },
);

test("the bytes of a request pass as they are, however they are spaced, ordered, escaped and repeated", async () => {
  answer = ANSWERS[0]?.[2] as Answer;
  const blank = fc.constantFrom("", " ", "\n\t", "\r\n");
  const member = fc.oneof(
    fc.tuple(
      fc.constantFrom("seed", "temperature", "user", "tools", "max_tokens", "stream_options"),
      fc.jsonValue(),
    ),
    fc.tuple(fc.string(), fc.jsonValue()),
  );
  const text = fc
    .tuple(
      fc.array(fc.tuple(member, blank)),
      blank,
      fc.constantFrom("12345678901234567890", "1.0", "-0", "1E5"),
    )
    .map(([members, space, number]) => {
      const parts = members
        .filter(([[name]]) => !/^(?:model|messages|stream|tools|__proto__)$/.test(name))
        .map(
          ([[name, value], gap]) => `${gap}${JSON.stringify(name)}${gap}:${JSON.stringify(value, null, gap)}`,
        );
      const needed = [
        `"messages"${space}:[{"role":"user","content":"\\u0068i \\/"}]`,
        `"big":${number}`,
        '"model":"stub"',
      ];
      return `${space}{${[...parts, ...needed].join(`${space},`)}${space}}${space}`;
    });
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      received = [];
      const { statusCode, body: rest } = await request(`${proxied}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      await rest.dump();
      expect(statusCode).toBe(200);
      expect(received.map((one) => one.body)).toEqual([Buffer.from(body).toString("latin1")]);
    }),
    { numRuns: 150 },
  );
});
