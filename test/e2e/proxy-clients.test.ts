import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import Cerebras from "@cerebras/cerebras_cloud_sdk";
import { LLMock } from "@copilotkit/aimock";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realClock } from "../../packages/inference/test/clock.ts";
import { closeAfterEach, closeAll } from "../../packages/inference/test/model-transports.ts";
import { configFor, RecordedEvents } from "../../packages/inference/test/peer.ts";

/** What a client makes of an answer: its text, its tool calls, or its error's status and message. */
interface Seen {
  text: string;
  calls: { name: string; arguments: string }[];
  error?: { status: number | undefined; message: string };
}
interface Chunk {
  choices?: readonly { delta?: { content?: string | null; tool_calls?: unknown } | null }[] | null;
}
type Ask = (url: string, content: string, streamed: boolean) => Promise<Seen>;

const tools = [
  {
    type: "function" as const,
    function: { name: "http_post", description: "Writes.", parameters: { type: "object" } },
  },
];
const messagesOf = (content: string) => [{ role: "user" as const, content }];

function readCalls(wire: unknown, into: Seen["calls"]): void {
  for (const [at, call] of (
    (wire ?? []) as { index?: number; function?: Partial<Seen["calls"][number]> }[]
  ).entries()) {
    const index = call.index ?? at;
    const known = into[index] ?? { name: "", arguments: "" };
    known.name += call.function?.name ?? "";
    known.arguments += call.function?.arguments ?? "";
    into[index] = known;
  }
}

async function readStream(chunks: AsyncIterable<unknown>): Promise<Seen> {
  const seen: Seen = { text: "", calls: [] };
  for await (const chunk of chunks as AsyncIterable<Chunk>) {
    const delta = chunk.choices?.[0]?.delta;
    seen.text += delta?.content ?? "";
    readCalls(delta?.tool_calls, seen.calls);
  }
  return seen;
}

function readWhole(answer: unknown): Seen {
  const { choices } = answer as {
    choices: readonly { message: { content?: string | null; tool_calls?: unknown } }[];
  };
  const seen: Seen = { text: choices[0]?.message.content ?? "", calls: [] };
  readCalls(choices[0]?.message.tool_calls, seen.calls);
  return seen;
}

const failed = (thrown: unknown): Seen => ({
  text: "",
  calls: [],
  error: { status: (thrown as { status?: number }).status, message: (thrown as Error).message },
});

const openai: Ask = async (url, content, stream) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "any", maxRetries: 0 });
  const asked = { model: "stub", messages: messagesOf(content), tools };
  try {
    if (stream) return await readStream(await client.chat.completions.create({ ...asked, stream: true }));
    return readWhole(await client.chat.completions.create(asked));
  } catch (thrown) {
    return failed(thrown);
  }
};

const cerebras: Ask = async (url, content, stream) => {
  const client = new Cerebras({ baseURL: url, apiKey: "any", maxRetries: 0, warmTCPConnection: false });
  const asked = { model: "stub", messages: messagesOf(content), tools };
  try {
    if (stream) return await readStream(await client.chat.completions.create({ ...asked, stream: true }));
    return readWhole(await client.chat.completions.create(asked));
  } catch (thrown) {
    return failed(thrown);
  }
};

let mock: LLMock;
let kept: RecordedEvents;
let url: string;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  mock.onMessage("buy", {
    toolCalls: [
      { name: "http_post", arguments: '{"path":"/cart"}' },
      { name: "http_post", arguments: '{"path":"/orders"}' },
    ],
  });
  mock.onMessage("talk", { content: "Grüße from somebody else's server. ".repeat(10) });
  mock.onMessage(
    "cut",
    { content: "It begins well, goes on and on, and never ends. ".repeat(10) },
    { latency: 20, chunkSize: 10, truncateAfterChunks: 4 },
  );
  await mock.start();
  closeAfterEach({ close: () => mock.stop() });
  kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(`${mock.url}/v1`, { timeout: "3s" }),
    clock: realClock,
    recorder: kept,
  });
  const server = await serveInference({ inference, port: 0 });
  closeAfterEach(inference, server);
  url = server.url;
});
afterEach(closeAll);

describe.each([
  ["openai", openai],
  ["Cerebras", cerebras],
] as const)("the %s client through the proxy, before an independent server", (_name, ask) => {
  test.each([true, false])("reads text and several tool calls, streamed %s", async (streamed) => {
    expect((await ask(url, "talk", streamed)).text).toBe("Grüße from somebody else's server. ".repeat(10));
    expect((await ask(url, "buy", streamed)).calls).toEqual([
      { name: "http_post", arguments: '{"path":"/cart"}' },
      { name: "http_post", arguments: '{"path":"/orders"}' },
    ]);
    expect(kept.events.map(({ status, error }) => [status, error])).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });

  test("sees a 429 after the proxy's tries", async () => {
    mock.setChaos({ rateLimitRate: 1 });
    expect((await ask(url, "talk", true)).error?.status).toBe(429);
    expect(kept.events).toMatchObject([{ status: 429 }]);
  });

  test("sees 502 where the answer is no JSON, and a provider that hangs up", async () => {
    mock.setChaos({ malformedRate: 1 });
    const malformed = await ask(url, "talk", false);
    expect(malformed.error).toBeDefined();
    mock.setChaos({ disconnectRate: 1 });
    expect((await ask(url, "talk", false)).error?.status).toBe(502);
    expect(kept.events.at(-1)).toMatchObject({ status: 0, attempts: 3 });
    expect(kept.events.every(({ error }) => error !== undefined)).toBe(true);
  });

  test("is told where a stream ends in the middle", async () => {
    expect((await ask(url, "cut", true)).error).toBeDefined();
    expect(kept.events).toMatchObject([
      { status: 200, error: expect.stringMatching(/^(unavailable|protocol)/) },
    ]);
  });

  test("waits for a slow server no longer than the proxy does", async () => {
    mock.setChaos({ latencyMs: 10_000 });
    expect((await ask(url, "talk", true)).error?.status).toBe(504);
    expect(kept.events).toMatchObject([{ status: 0, error: expect.stringMatching(/^timeout/) }]);
  });
});
