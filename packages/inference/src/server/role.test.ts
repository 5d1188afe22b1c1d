import Cerebras from "@cerebras/cerebras_cloud_sdk";
import OpenAI from "openai";
import { request } from "undici";
import { afterEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { closeAfterEach, closeAll } from "../../test/model-transports.ts";
import {
  chunk,
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

afterEach(closeAll);

async function before(
  answering: PeerHandler,
  { token, config = {} }: { token?: string; config?: object } = {},
): Promise<{ peer: Peer; kept: RecordedEvents; server: InferenceServer }> {
  const peer = await openPeer(answering);
  const kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(peer.url, config),
    clock: realClock,
    recorder: kept,
  });
  const server = await serveInference({ inference, port: 0, ...(token === undefined ? {} : { token }) });
  closeAfterEach(peer, inference, server);
  return { peer, kept, server };
}

const messages = [{ role: "user" as const, content: "hi" }];

test("the Cerebras client warms its connection, streams tool calls and reads time_info through the proxy", async () => {
  const seen: string[] = [];
  const { server } = await before(
    (response) => {
      seen.push("chat");
      stream(response, [
        ...GOOD.slice(0, -2),
        chunk({}, "tool_calls", { usage: USAGE, time_info: { total_time: 0.02, queue_time: 0.001 } }),
        "data: [DONE]\n\n",
      ]);
    },
    { token: "run-token" },
  );
  const client = new Cerebras({ baseURL: server.url, apiKey: "run-token", maxRetries: 0 });
  const answer = await client.get("/v1/tcp_warming");
  expect(answer).toBeNull();
  let text = "";
  let time: number | null | undefined;
  for await (const part of await client.chat.completions.create({ model: "stub", messages, stream: true })) {
    const { choices, time_info: told } = part as Cerebras.ChatCompletion.ChatChunkResponse;
    text += choices?.[0]?.delta?.tool_calls?.[0]?.function?.arguments ?? "";
    time ??= told?.total_time;
  }
  expect(text).toBe(GOOD_CALL.arguments);
  expect(time).toBe(0.02);
  expect(seen).toEqual(["chat"]);
});

test("the Cerebras client reads a flat error as it is", async () => {
  const { server } = await before((response) =>
    json(response, 422, {
      message: "no such tool",
      type: "invalid_request_error",
      code: "wrong",
      param: "tools",
    }),
  );
  const client = new Cerebras({
    baseURL: server.url,
    apiKey: "any",
    maxRetries: 0,
    warmTCPConnection: false,
  });
  const failure = await client.chat.completions
    .create({ model: "stub", messages })
    .catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(Cerebras.APIError);
  expect(failure).toMatchObject({
    status: 422,
    error: { message: "no such tool", code: "wrong", param: "tools" },
  });
});

test("fields that the proxy does not know reach the provider, and those of its answer the client", async () => {
  const logprobs = { content: [{ token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] }] };
  const { server, peer } = await before((response) =>
    json(response, 200, {
      id: "c",
      object: "chat.completion",
      service_tier: "flex",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, logprobs, finish_reason: "stop" }],
      usage: USAGE,
    }),
  );
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any" });
  const asked = {
    model: "stub",
    messages,
    logprobs: true,
    top_logprobs: 2,
    parallel_tool_calls: true,
    tool_choice: { type: "function" as const, function: { name: "http_get" } },
    tools: [
      {
        type: "function" as const,
        function: { name: "http_get", strict: true, parameters: { type: "object" } },
      },
    ],
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: "answer", strict: true, schema: { type: "object", properties: {} } },
    },
    reasoning_effort: "low" as const,
    unheard_of: { deep: [1, "Grüße"] },
  };
  const answer = await client.chat.completions.create(asked);
  expect(answer.choices[0]?.logprobs).toEqual(logprobs);
  expect(answer.service_tier).toBe("flex");
  expect(JSON.parse(peer.received[0]?.body ?? "")).toEqual(asked);
});

test("several tool calls of one answer arrive in order", async () => {
  const part = (index: number, fields: object): string => chunk({ tool_calls: [{ index, ...fields }] });
  const { server } = await before((response) =>
    stream(response, [
      chunk({ role: "assistant", content: null }),
      part(0, { id: "a", type: "function", function: { name: "first", arguments: "{" } }),
      part(1, { id: "b", type: "function", function: { name: "second", arguments: "{}" } }),
      part(0, { function: { arguments: "}" } }),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    ]),
  );
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any" });
  const answer = await client.chat.completions.stream({ model: "stub", messages }).finalChatCompletion();
  expect(answer.choices[0]?.message.tool_calls).toMatchObject([
    { id: "a", function: { name: "first", arguments: "{}" } },
    { id: "b", function: { name: "second", arguments: "{}" } },
  ]);
});

test("a withdrawn model is answered with the one to use instead, and nobody is asked", async () => {
  const { server, peer, kept } = await before((response) => stream(response, GOOD), {
    config: { provider: "cerebras", model: "gpt-oss-120b" },
  });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
  const failure = await client.chat.completions
    .create({ model: "llama-4-scout-17b-16e-instruct", messages })
    .catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ status: 404, code: "model_not_found" });
  expect(String(failure)).toContain("gpt-oss-120b");
  expect(peer.received).toEqual([]);
  expect(kept.events).toEqual([]);
  const { data } = await client.models.list();
  expect(data).toContainEqual(expect.objectContaining({ id: "gpt-oss-120b", context_length: 131_072 }));
});

test("the figures are Prometheus' text, with names of the registry and bounded labels", async () => {
  const { server } = await before((response) => stream(response, GOOD), {
    token: "run-token",
    config: { price: { input: 1, output: 10 } },
  });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "run-token" });
  for (let n = 0; n < 80; n += 1)
    await client.chat.completions
      .stream({ model: n === 0 ? 'odd "model"\n' : `model-${n}`, messages })
      .done();
  expect((await request(`${server.url}/metrics`)).statusCode).toBe(401);
  const answer = await request(`${server.url}/metrics`, { headers: { authorization: "Bearer run-token" } });
  expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await answer.body.text()).trimEnd().split("\n");
  for (const line of lines)
    expect(line).toMatch(
      /^(# (HELP|TYPE) (?:ape|gen_ai)_\w+ .+|(?:ape|gen_ai)_\w+(\{\w+="(\\.|[^"\\])*"(,\w+="(\\.|[^"\\])*")*\})? [\d.e+-]+)$/,
    );
  expect(lines).toContain('ape_tokens_input_total{model="odd \\"model\\"\\n",provider="custom"} 900');
  expect(lines).toContain('ape_tokens_input_total{model="other",provider="custom"} 14400');
  expect(lines).toContain('ape_time_to_first_token_seconds_count{model="model-1",provider="custom"} 1');
  expect(lines).toContain('ape_inference_failed_fails_total{model="model-1",provider="custom"} 1');
  expect(lines).toContain("ape_inference_in_flight 0");
  expect(lines.filter((line) => line.startsWith("ape_tokens_input_total")).length).toBeLessThanOrEqual(65);
  const typed = lines.filter((line) => line.startsWith("# TYPE")).map((line) => line.split(" ")[2]);
  expect(new Set(typed).size).toBe(typed.length);
});

test("a client that goes away cancels the request upstream, and is counted", async () => {
  const { server, peer, kept } = await before((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(GOOD[0]);
  });
  const stop = new AbortController();
  const { body } = await request(`${server.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "stub", messages, stream: true }),
    signal: stop.signal,
  });
  body.on("error", () => undefined);
  stop.abort();
  await expect.poll(() => peer.cancelled).toBe(1);
  await expect.poll(() => kept.events.length).toBe(1);
  const { body: figures } = await request(`${server.url}/metrics`);
  expect(await figures.text()).toMatch(/^ape_inference_cancelled_total 1$/m);
});

test("a drain lets answers under way end, refuses new calls, and says that it is not ready", async () => {
  let finish: () => void = () => undefined;
  const { server } = await before((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(GOOD.slice(0, 4).join(""));
    finish = () => response.end(GOOD.slice(4).join(""));
  });
  const status = async (path: string): Promise<number> => {
    const { statusCode, body } = await request(`${server.url}${path}`);
    await body.dump();
    return statusCode;
  };
  expect(await status("/readyz")).toBe(200);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
  const answer = client.chat.completions.stream({ model: "stub", messages });
  await new Promise((resolve) => answer.once("chunk", resolve));
  let drained = false;
  const draining = server.drain(10_000).then(() => {
    drained = true;
  });
  expect(await status("/readyz")).toBe(503);
  expect(await status("/healthz")).toBe(200);
  await expect(client.chat.completions.create({ model: "stub", messages })).rejects.toMatchObject({
    status: 503,
  });
  expect(drained).toBe(false);
  finish();
  const { choices } = await answer.finalChatCompletion();
  expect(choices[0]?.message.tool_calls).toMatchObject([{ function: GOOD_CALL }]);
  await draining;
});

test("a drain does not wait longer than it was told", async () => {
  const { server } = await before(() => undefined);
  const hanging = request(`${server.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "stub", messages }),
  }).catch(() => "cut off");
  await expect
    .poll(async () =>
      (await (await request(`${server.url}/metrics`)).body.text()).includes("ape_inference_in_flight 1"),
    )
    .toBe(true);
  await server.drain(20);
  await server.close();
  expect(await hanging).toBe("cut off");
});

test.each([
  ["an agent", { "x-ape-own": "1" }, "(remove `user` from `inference.request.add`)"],
  ["another client", {}, undefined],
])("%s is told what to do beside the provider's error, which stays as it is", async (_who, headers, hint) => {
  const refusal = { error: { message: `Unknown parameter: 'user'. ${"x".repeat(970)}\u{1f600}\u00e9\n` } };
  const { server } = await before((response) => json(response, 400, refusal), {
    config: { request: { add: { user: "ape" } } },
  });
  const {
    statusCode,
    headers: got,
    body,
  } = await request(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "stub", messages }),
  });
  expect(statusCode).toBe(400);
  expect(await body.json()).toEqual(refusal);
  const told = got["x-ape-error"];
  if (hint === undefined) expect(told).toBeUndefined();
  else expect(decodeURIComponent(String(told))).toContain(hint);
});
