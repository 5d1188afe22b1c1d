import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDecision } from "@ape/agent/policy/decision";
import { toolsFor } from "@ape/agent/policy/tools";
import { inferenceSchema } from "@ape/core/config/inference";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Event, InferenceEnded } from "@ape/core/protocol/events";
import { systemClock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import { startShop } from "@ape/shop/shop";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectFolder } from "../ape.ts";
import { shopping } from "../shopping.ts";
import { type Engine, type LlamaCpp, openEngine } from "./engine.ts";
import { randomModel } from "./gguf.ts";

/** A folder into which `npm i` has brought what test/peers/package.json names. */
const LLAMA = join(process.env.APE_PEERS ?? "", "node_modules/node-llama-cpp/dist/index.js");

const api: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [],
  operations: [{ method: "GET", path: "/products", secured: false, summary: "List", fields: [] }],
};
const TOOLS = toolsFor([api]);

describe.skipIf(!existsSync(LLAMA))("a real inference engine behind the proxy", () => {
  let engine: Engine;
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ape-llama-"));
    const file = join(folder, "random.gguf");
    await writeFile(file, randomModel(1));
    engine = await openEngine((await import(LLAMA)) as LlamaCpp, file);
  }, 60_000);
  afterAll(async () => {
    await engine?.close();
    await rm(folder, { recursive: true });
  });

  async function open() {
    const events: Event[] = [];
    const keep = (event: Event): void => void events.push(event);
    const inference = await createInference({
      config: inferenceSchema.parse({
        provider: "llamacpp",
        baseUrl: engine.url,
        model: "random",
      }),
      clock: systemClock,
      recorder: { record: keep, commit: keep },
    });
    return { inference, events: events as InferenceEnded[] };
  }

  test("streams tool calls that hold to the offered tools, and every token is counted as the engine counts", async () => {
    const { inference, events } = await open();
    for (let seed = 1; seed <= 5; seed += 1) {
      const answer = await inference.transport.complete({
        request: {
          model: "random",
          messages: [{ role: "user", content: "Look at the products, then finish." }],
          tools: TOOLS,
          tool_choice: "required",
          stream: true,
          stream_options: { include_usage: true },
          seed,
        },
        session: "s",
        step: seed,
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      });
      expect(answer.error).toBeUndefined();
      const [call] = answer.toolCalls;
      expect(TOOLS.map(({ function: { name } }) => name)).toContain(call?.name);
      expect(JSON.parse(call?.arguments ?? "")).toBeTypeOf("object");
      const counted = engine.counted.at(-1);
      expect([answer.inputTokens, answer.outputTokens]).toEqual([counted?.input, counted?.output]);
      // Random words are no path: then it is said what is wrong, in one sentence.
      const decision = readDecision(call?.name ?? "", call?.arguments ?? "", [api]);
      if (typeof decision === "string") expect(decision).toMatch(/path|arguments/);
      else expect(decision.tool).toBe(call?.name);
    }
    expect(events).toHaveLength(5);
    for (const { firstTokenMs, durationMs, status } of events) {
      expect(status).toBe(200);
      expect(firstTokenMs).toBeGreaterThan(0);
      expect(firstTokenMs).toBeLessThan(durationMs);
    }
    await inference.close();
  }, 60_000);

  test("the official client reads its answers through the proxy, streamed and whole", async () => {
    const { inference } = await open();
    const server = await serveInference({ inference, port: 0 });
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" });
    const asked = {
      model: "random",
      messages: [{ role: "user" as const, content: "Hello" }],
      tools: TOOLS as unknown as OpenAI.ChatCompletionTool[],
      seed: 9,
    };
    const whole = await client.chat.completions.create(asked);
    const [called] = whole.choices[0]?.message.tool_calls ?? [];
    if (called?.type !== "function") throw new Error("no tool was called");
    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true }))
      streamed += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? "";
    // The same seed and prompt: the same answer both ways.
    expect(JSON.parse(streamed)).toEqual(JSON.parse(called.function.arguments));
    await server.close();
    await inference.close();
  }, 60_000);

  test("agents that it decides for do nothing sensible, and the run says whose fault that is", async () => {
    const shop = await startShop({});
    const project = await ProjectFolder.create(
      shopping(shop.url, {
        load: "{ agents: 2, sessions: 4, gracefulStop: 60s }",
        inference: `{ provider: llamacpp, baseUrl: "${engine.url}", model: random, timeout: 30s }`,
        more: "",
      }),
    );
    const before = engine.counted.length;
    const { stderr } = await project.run(["start", "--quiet"]);
    const summary = await project.summary();
    await project.remove();
    await shop.close();
    expect(stderr).not.toMatch(/INTERNAL/);
    expect(summary.run.model).toEqual({ provider: "llamacpp", name: "random", simulated: false });
    expect(summary.sessions).toMatchObject({ ended: 4, succeeded: 0 });
    // What no decision can be read from is the model's failure, a foolish decision the simulation's.
    expect(summary.attribution).toMatchObject({ infrastructure: 0, target: 0 });
    const mine = engine.counted.slice(before);
    const sum = (what: "input" | "output") => mine.reduce((total, one) => total + one[what], 0);
    expect(summary.metrics.tokens_input?.values.count).toBe(sum("input"));
    expect(summary.metrics.tokens_output?.values.count).toBe(sum("output"));
  }, 120_000);
});
