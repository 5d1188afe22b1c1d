import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { sendMalformedRequests } from "@ape/http/test/malformed-requests";
import fc from "fast-check";
import OpenAI from "openai";
import { request } from "undici";
import { afterEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import {
  chat,
  configFor,
  GOOD,
  GOOD_CALL,
  json,
  openPeer,
  type Peer,
  type PeerHandler,
  RecordedEvents,
  stream,
  USAGE,
} from "../../test/peer.ts";
import { createInference } from "../inference.ts";
import { type InferenceServer, serveInference } from "./server.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function before(
  answering: PeerHandler,
  { token, config = {} }: { token?: string; config?: object } = {},
): Promise<{ peer: Peer; kept: RecordedEvents; server: InferenceServer; wire: string }> {
  const peer = await openPeer(answering);
  const kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(peer.url, config),
    clock: realClock,
    recorder: kept,
  });
  const server = await serveInference({ inference, port: 0, ...(token === undefined ? {} : { token }) });
  opened.push(peer, inference, server);
  return { peer, kept, server, wire: `${server.url}/v1` };
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  request(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const messages = [{ role: "user" as const, content: "hi" }];
const good = {
  id: "c",
  object: "chat.completion",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: GOOD_CALL }],
      },
      finish_reason: "tool_calls",
    },
  ],
  usage: USAGE,
};

test("the OpenAI client streams through the proxy", async () => {
  const { wire, kept } = await before((response) => stream(response, GOOD), { token: "run-token" });
  const client = new OpenAI({ baseURL: wire, apiKey: "run-token" });
  const answer = await client.chat.completions
    .stream({ model: "stub", messages, stream_options: { include_usage: true } })
    .finalChatCompletion();
  expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: GOOD_CALL });
  expect(answer.usage).toMatchObject(USAGE);
  expect(kept.events).toMatchObject([{ session: "", step: 0, streamed: true, inputTokens: 900 }]);
});

test("the OpenAI client gets whole answers, and the models, through the proxy", async () => {
  const { wire, kept } = await before((response) => json(response, 200, good), { token: "run-token" });
  const client = new OpenAI({ baseURL: wire, apiKey: "run-token" });
  const { data, response } = await client.chat.completions.create({ model: "stub", messages }).withResponse();
  expect(data).toEqual(good);
  expect(response.headers.get("x-ape-inference")).toBe("i-1");
  expect(kept.events).toMatchObject([{ inference: "i-1", streamed: false, outputTokens: 20 }]);
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(["stub"]);
});

test("the OpenAI client sees the upstream's error as it is, after the retries", async () => {
  const { wire, peer, kept } = await before((response) =>
    json(response, 503, { error: { message: "busy", code: "overloaded", hint: 7 } }),
  );
  const client = new OpenAI({ baseURL: wire, apiKey: "none", maxRetries: 0 });
  const failure = await client.chat.completions
    .create({ model: "stub", messages })
    .catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(OpenAI.APIError);
  expect(failure).toMatchObject({ status: 503, error: { message: "busy", code: "overloaded", hint: 7 } });
  expect(peer.received.length).toBe(3);
  expect(kept.events).toMatchObject([{ attempts: 3, status: 503 }]);
});

test("the OpenAI client is told when a stream breaks off between two events", async () => {
  const { wire } = await before((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(GOOD.slice(0, 3).join(""), () => setTimeout(() => response.destroy(), 20));
  });
  const client = new OpenAI({ baseURL: wire, apiKey: "none", maxRetries: 0 });
  const read = async (): Promise<void> => {
    for await (const _ of await client.chat.completions.create({ model: "stub", messages, stream: true }));
  };
  await expect(read()).rejects.toThrow(/broke off/);
});

test("the OpenAI client talks to the simulated model", async () => {
  const inference = await createInference({
    config: configFor("http://127.0.0.1:1/v1", {
      provider: "simulated",
      simulation: { firstToken: { median: "1ms", p95: "1ms" } },
    }),
    clock: realClock,
    recorder: new RecordedEvents(),
    planner: { plan: () => ({ content: "", toolCalls: [GOOD_CALL] }) },
  });
  const server = await serveInference({ inference, port: 0 });
  opened.push(inference, server);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" });
  const answer = await client.chat.completions
    .stream({ model: "m", messages, stream_options: { include_usage: true } })
    .finalChatCompletion();
  expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: GOOD_CALL });
  expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
  const { data, response } = await client.chat.completions.create({ model: "m", messages }).withResponse();
  expect(data.choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { tool_calls: [{ function: GOOD_CALL }] },
  });
  expect(response.headers.get("x-ratelimit-limit-requests-minute")).not.toBeNull();
});

test("fields that the proxy does not know pass untouched, and so do headers of the answer", async () => {
  const { wire, peer } = await before((response) =>
    json(response, 200, good, { "x-ratelimit-remaining-tokens": "9", "set-cookie": "a=b" }),
  );
  const body =
    '{"model":"stub",  "messages":[{"role":"user","content":"h\\u0069"}], "reasoning_effort":"low","big":12345678901234567890 }';
  const answer = await post(wire, body, {
    "x-ape-session": "s-9",
    "x-ape-step": "4",
    traceparent: "00-1-2-01",
  });
  expect(answer.headers["x-ratelimit-remaining-tokens"]).toBe("9");
  expect(answer.headers["set-cookie"]).toBeUndefined();
  await answer.body.dump();
  const sent = peer.received[0];
  expect(sent?.body).toBe(body);
  expect(sent?.headers).toMatchObject({ traceparent: "00-1-2-01", authorization: "Bearer sk-very-secret" });
  expect(sent?.headers["x-ape-session"]).toBeUndefined();
});

test("an old max_tokens is not joined by a second limit", async () => {
  const { wire, peer } = await before((response) => json(response, 200, good));
  await (await post(wire, { model: "stub", messages, max_tokens: 5, temperature: 1 })).body.dump();
  expect(JSON.parse(peer.received[0]?.body ?? "")).toEqual({
    model: "stub",
    messages,
    max_tokens: 5,
    temperature: 1,
  });
});

test("session, step and id are joined by headers", async () => {
  const { wire, kept } = await before((response) => stream(response, GOOD));
  const answer = await post(wire, chat(), { "x-ape-session": "s-9", "x-ape-step": "4" });
  expect(await answer.body.text()).toBe(GOOD.join(""));
  expect(answer.headers["x-ape-inference"]).toBe("i-1");
  expect(kept.events).toMatchObject([{ inference: "i-1", session: "s-9", step: 4 }]);
});

test("bytes are passed on as they come", async () => {
  let goOn = (): void => undefined;
  const { wire } = await before(async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(GOOD[0]);
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    response.end(GOOD.slice(1).join(""));
  });
  const answer = await post(wire, chat());
  let text = "";
  for await (const piece of answer.body) {
    if (text === "") goOn();
    text += String(piece);
  }
  expect(text).toBe(GOOD.join(""));
});

test("a client that goes away cancels the upstream call", async () => {
  const { wire, peer, kept } = await before((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(GOOD[0]);
  });
  const client = httpRequest(`${wire}/chat/completions`, { method: "POST" });
  client.on("error", () => undefined);
  client.end(JSON.stringify(chat()));
  client.on("response", (response) => response.once("data", () => client.destroy()));
  await expect.poll(() => peer.cancelled).toBe(1);
  await expect
    .poll(() => kept.events.map((event) => event.error))
    .toEqual(["cancelled: the call was cancelled"]);
});

test("a client that goes away while the proxy waits for a limit ends the wait", async () => {
  const { wire, peer, kept } = await before(
    (response) => json(response, 429, { error: { message: "slow down" } }, { "retry-after": "60" }),
    { config: { retries: { maxWait: "2m" } } },
  );
  const client = httpRequest(`${wire}/chat/completions`, { method: "POST" });
  client.on("error", () => undefined);
  client.end(JSON.stringify(chat()));
  await expect.poll(() => peer.received.length).toBe(1);
  client.destroy();
  await expect
    .poll(() => kept.events.map((event) => event.error))
    .toEqual(["cancelled: the call was cancelled"]);
  expect(peer.received.length).toBe(1);
});

test("an upstream that cannot be reached is a 502 with a reason", async () => {
  const { wire, peer } = await before(() => undefined);
  await peer.close();
  const answer = await post(wire, chat());
  expect(answer.statusCode).toBe(502);
  expect(await answer.body.json()).toMatchObject({
    error: { type: "ape_proxy", code: "unavailable", status: 0 },
  });
});

test("without the run's token there is nothing but the health check", async () => {
  const { server, wire, peer } = await before((response) => stream(response, GOOD), { token: "run-token" });
  for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "run-token" }]) {
    const answer = await post(wire, chat(), headers as Record<string, string>);
    expect(answer.statusCode).toBe(401);
    await answer.body.dump();
  }
  const models = await request(`${wire}/models`);
  expect(models.statusCode).toBe(401);
  await models.body.dump();
  expect(peer.received).toEqual([]);
  const health = await request(`${server.url}/healthz`);
  expect(await health.body.json()).toEqual({
    status: "ok",
    provider: "custom",
    model: "stub",
    simulated: false,
  });
});

test.each([
  ["not JSON", "{", /not JSON/],
  ["a list", "[]", /not a JSON object/],
  ["no model", { messages }, /`model`/],
  ["no messages", { model: "stub" }, /`messages`/],
  ["messages that are no list", { model: "stub", messages: {} }, /`messages`/],
  ["half a list", '{"model":"stub","messages":[', /not JSON/],
  ["tools that are no list", { model: "stub", messages, tools: {} }, /`tools`/],
])("a body with %s is a 400", async (_what, body, message) => {
  const { wire, peer } = await before((response) => stream(response, GOOD));
  const answer = await post(wire, body);
  expect(answer.statusCode).toBe(400);
  expect(await answer.body.json()).toMatchObject({ error: { message: expect.stringMatching(message) } });
  expect(peer.received).toEqual([]);
});

test("messages in forms that OpenAI allows and agents do not use are counted, not refused", async () => {
  const { wire } = await before((response) => json(response, 200, { ...good, usage: null }));
  const odd = [
    { role: "user", content: [{ type: "text", text: "hello" }] },
    { role: "assistant", content: null, tool_calls: null },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "x", type: "custom", custom: { name: "n" } }, null],
    },
  ];
  const answer = await post(wire, { model: "stub", messages: odd, tools: [] });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
});

test("a body that is too long is a 413, announced or not", async () => {
  const { wire, peer } = await before((response) => stream(response, GOOD));
  const long = JSON.stringify({ ...chat(), filler: "x".repeat(5_000_000) });
  const announced = await post(wire, long).catch((thrown: unknown) => thrown);
  if (announced instanceof Error) expect(String(announced)).toMatch(/reset|closed|EPIPE/i);
  else expect(announced).toMatchObject({ statusCode: 413 });
  const status = await new Promise<number>((resolve, reject) => {
    const client = httpRequest(`${wire}/chat/completions`, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    client.on("error", reject);
    client.write(long.slice(0, 4_500_000));
  });
  expect(status).toBe(413);
  expect(peer.received).toEqual([]);
});

test("other paths and methods are told what there is", async () => {
  const { server, wire } = await before((response) => stream(response, GOOD));
  const missing = await request(`${server.url}/chat`);
  expect(missing.statusCode).toBe(404);
  await missing.body.dump();
  const wrong = await request(`${wire}/chat/completions`);
  expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, "POST"]);
  await wrong.body.dump();
});

test("a port that is taken is an error with a hint", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => new Promise((resolve) => taken.close(() => resolve())) });
  const inference = await createInference({
    config: configFor("http://127.0.0.1:1/v1"),
    clock: realClock,
    recorder: new RecordedEvents(),
  });
  opened.push(inference);
  const { port } = taken.address() as AddressInfo;
  await expect(serveInference({ inference, port })).rejects.toMatchObject({
    code: "PORT_IN_USE",
    hint: expect.stringContaining("port"),
  });
});

test("10,000 malformed requests leave a proxy that answers", { timeout: 180_000 }, async () => {
  const { server, wire } = await before((response) => json(response, 200, good), { token: "t" });
  const paths = [
    "/v1/chat/completions",
    "/v1/chat/completions",
    "/v1/models",
    "/v1/tcp_warming",
    "/metrics",
    "/readyz",
  ];
  const { uncaught, sent, statuses } = await sendMalformedRequests(
    { port: Number(new URL(server.url).port), paths, token: "t", seed: 3 },
    10_000,
  );
  expect(uncaught).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  for (const status of ["200", "400", "401", "403", "404", "405", "415"])
    expect(statuses[status], status).toBeGreaterThan(10);
  expect(statuses["500"]).toBeUndefined();
  expect((await post(wire, { model: "m", messages }, { authorization: "Bearer t" })).statusCode).toBe(200);
});

test("a web page of another site can spend no key and read no answer", async () => {
  const { peer, server, wire } = await before((response) => json(response, 200, good));
  const body = { model: "m", messages };
  for (const [headers, status] of [
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": "application/x-www-form-urlencoded" }, 415],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ host: "rebound.example" }, 403],
    [{ host: "127.0.0.1.evil.example:80" }, 403],
  ] as const) {
    const answer = await post(wire, body, headers);
    expect(answer.statusCode, JSON.stringify(headers)).toBe(status);
    expect(await answer.body.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  }
  expect(peer.received).toHaveLength(0);
  for (const path of ["/metrics", "/healthz", "/v1/models"])
    expect(
      (await request(server.url + path, { headers: { host: "rebound.example" } })).statusCode,
      path,
    ).toBe(403);
});

test("whatever a request holds, the simulated model answers it or says what is wrong", async () => {
  const inference = await createInference({
    config: configFor("http://127.0.0.1:1", { provider: "simulated", baseUrl: undefined, model: undefined }),
    clock: realClock,
    recorder: new RecordedEvents(),
  });
  const server = await serveInference({ inference, port: 0 });
  opened.push(inference, server);
  const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const odd = fc.jsonValue({ maxDepth: 2 });
  const text = fc.constantFrom("Buy a lamp.", "Goal: buy a lamp", "# Goal\nlog in", "");
  const part = fc.record({ type: fc.constant("text"), text });
  const message = fc.record({
    role: fc.constantFrom("system", "user", "assistant", "developer"),
    content: fc.oneof(text, fc.array(part, { maxLength: 2 }), fc.constant(null)),
  });
  const tool = fc.oneof(
    fc.record({
      type: fc.constant("function"),
      function: fc.record({ name: fc.constantFrom("finish", "x") }),
    }),
    fc.record({ type: fc.constant("custom"), custom: odd }),
  );
  const body = fc.record({
    model: fc.constant("m"),
    messages: fc.oneof(
      odd,
      fc.array(fc.oneof(odd, message), { maxLength: 3 }),
      fc.array(message, { maxLength: 3 }),
    ),
    tools: sometimes(fc.oneof(odd, fc.array(fc.oneof(odd, tool), { maxLength: 3 }), fc.array(tool))),
    stream: sometimes(fc.oneof(fc.boolean(), odd)),
    seed: sometimes(fc.oneof(fc.integer(), odd)),
    stream_options: sometimes(odd),
    max_tokens: sometimes(odd),
  });
  await fc.assert(
    fc.asyncProperty(body, async (wanted) => {
      const { statusCode, body: answer } = await post(`${server.url}/v1`, wanted);
      const said = await answer.text();
      expect([statusCode === 200 || statusCode === 400, said]).toEqual([true, said]);
    }),
    { numRuns: 150 },
  );
  for (const wrong of [
    { messages: [null] },
    { messages: [], tools: [null] },
    { messages: [[]] },
    { messages: [{}] },
  ]) {
    const { statusCode, body: answer } = await post(`${server.url}/v1`, { model: "m", ...wrong });
    expect([statusCode, await answer.text()]).toEqual([400, expect.stringContaining("[0]` is not a")]);
  }
});

test("a stream in place of a whole answer reaches the client as it is", async () => {
  const { wire } = await before((response) => stream(response, GOOD));
  const answer = await post(wire, { model: "stub", messages });
  const text = await answer.body.text();
  expect(answer.headers["content-type"]).toContain("event-stream");
  expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
});

test("a refusal of the only key is passed on, and the next request is asked as before", async () => {
  let turn = 0;
  const { wire, peer } = await before((response) => {
    turn += 1;
    if (turn === 1) json(response, 401, { message: "wrong key" });
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(good));
  });
  const first = await post(wire, { model: "stub", messages });
  await first.body.dump();
  const second = await post(wire, { model: "stub", messages });
  await second.body.dump();
  expect([first.statusCode, second.statusCode, peer.received.length]).toEqual([401, 200, 2]);
});
