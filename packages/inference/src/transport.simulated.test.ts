import { type InferenceConfig, inferenceSchema as schema } from "@ape/core/config/inference";
import type { ChatRequest, ModelCall } from "@ape/core/protocol/chat";
import type { Planner } from "@ape/planner/planner";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, MODEL_TRANSPORTS } from "../test/model-transports.ts";
import { callOf, chat, GOOD_CALL } from "../test/peer.ts";

afterEach(closeAll);

describe.each(MODEL_TRANSPORTS)("the simulated model %s", (_name, open) => {
  const planner: Planner = {
    plan: (request) => ({
      content: request.tools === undefined ? "Hello, Grüße 🐒 and a long line of text." : "",
      toolCalls: request.tools === undefined ? [] : [GOOD_CALL, { name: "wait", arguments: '{"ms":5}' }],
    }),
  };
  const simulated = (simulation: object, more: object = {}): InferenceConfig =>
    schema.parse({
      simulation: { firstToken: { median: "2ms", p95: "4ms" }, ...simulation },
      retries: { backoff: "1ms" },
      ...more,
    });
  const asked = (request: Partial<ChatRequest> = {}): ModelCall =>
    callOf(chat({ model: "simulated", ...request }));

  test.each([true, false])("answers as planned, streamed %s", async (streamed) => {
    const { transport, kept } = await open(simulated({}), planner);
    const answer = await transport.complete(asked({ stream: streamed }));
    expect(answer).toMatchObject({
      inference: "p0-1",
      content: "",
      toolCalls: planner.plan(chat()).toolCalls,
      outputTokens: 10,
    });
    expect(kept.events).toMatchObject([
      { provider: "simulated", status: 200, attempts: 1, costUsd: 0, inputTokens: answer.inputTokens },
    ]);
    expect(kept.events[0]?.firstTokenMs !== undefined).toBe(streamed);
    const { tools: _tools, tool_choice: _choice, ...plain } = chat({ stream: streamed });
    expect((await transport.complete(callOf(plain))).content).toBe(
      "Hello, Grüße 🐒 and a long line of text.",
    );
  });

  test("the same seed answers the same, with the same delay", async () => {
    const { transport, kept } = await open(simulated({ errors: { malformed: 0.5 } }), planner);
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const round = async () => {
      const answers = [];
      for (const seed of seeds) answers.push((await transport.complete(asked({ seed }))).toolCalls);
      return answers;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    expect(new Set(first.map((calls) => calls[0]?.arguments)).size).toBeGreaterThan(1);
    const delays = kept.events.map((event) => event.firstTokenMs);
    expect(delays.slice(8)).toEqual(delays.slice(0, 8));
  });

  test("a limit is waited for, tried again and given up", async () => {
    const { transport, kept } = await open(
      simulated({ errors: { rateLimited: 1 } }, { retries: { attempts: 2 } }),
      planner,
    );
    const answer = await transport.complete(asked());
    expect(answer.error).toMatchObject({ code: "limit", status: 429 });
    expect(kept.events).toMatchObject([{ attempts: 2, status: 429 }]);
    expect(kept.events[0]?.queueMs).toBeGreaterThan(40);
  });

  test("a stalled answer times out", async () => {
    const { transport, kept } = await open(
      simulated({ errors: { stalled: 1 } }, { timeout: "100ms" }),
      planner,
    );
    const answer = await transport.complete(asked());
    expect(answer.error).toEqual({
      code: "timeout",
      status: 200,
      message: "no complete answer within 100 ms",
    });
    expect(kept.events).toMatchObject([{ attempts: 1, streamed: true }]);
  });

  test("a planner that throws makes an unavailable model", async () => {
    const broken: Planner = {
      plan: () => {
        throw new Error("no plan");
      },
    };
    const { transport } = await open(simulated({}, { retries: { attempts: 1 } }), broken);
    expect((await transport.complete(asked())).error).toMatchObject({ code: "unavailable", status: 500 });
  });
});
