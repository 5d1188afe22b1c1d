import { toolsFor } from "@ape/agent/policy/tools";
import { runSession } from "@ape/agent/session/session";
import { largeApi } from "@ape/catalog/test/large-api";
import { parseConfig } from "@ape/core/config/parse";
import type { Config } from "@ape/core/config/schema";
import type { ChatRequest, ModelTransport } from "@ape/core/protocol/chat";
import { createPlanner } from "@ape/planner/planner";
import { expect, test } from "vitest";
import { systemClock } from "../host/clock.ts";
import { prepareGoalPrompts } from "./goal-prompts.ts";
import { dependenciesOf, openSessionDependencies } from "./session-dependencies.ts";
import { drawSessionSpec, partOf } from "./session-spec.ts";

const apis = [largeApi()];

function configOf(success: readonly object[], more: object = {}): Config {
  const written = {
    version: 1,
    seed: 5,
    targets: { erp: { baseUrl: "http://127.0.0.1:9" } },
    inference: { prompt: { maxTokens: 1_500 } },
    goals: [{ name: "g", prompt: "List the vouchers and archive the first one.", success, ...more }],
    load: { sessions: 1, thinkTime: "none" },
  };
  return parseConfig(JSON.stringify(written), "ape.config.yaml", {}).config;
}

/** The requests that a model receives in a real session, as they are sent. */
async function requestsOf(config: Config): Promise<string[]> {
  const requests: string[] = [];
  const planner = createPlanner();
  const model: ModelTransport = {
    complete: ({ request }) => {
      const text = JSON.stringify(request);
      requests.push(text);
      const { content, toolCalls } = planner.plan(JSON.parse(text) as ChatRequest);
      const answer = { inference: "i1", content, toolCalls, inputTokens: 1, outputTokens: 1, queueMs: 0 };
      return Promise.resolve(answer);
    },
  };
  const dependencies = await openSessionDependencies(
    config,
    {
      apis,
      model,
      described: { provider: "p", name: "m", simulated: true },
      tools: {
        call: ({ method, path }) =>
          Promise.resolve({
            status: 200,
            headers: {},
            body: { kind: "json", json: [{ id: "v-1", state: "open", name: "first" }], bytes: 10 },
            timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
            attempts: [{ status: 200, duration: 1, backoff: 0 }],
            operation: `${method} ${path.replace("v-1", "{voucherId}")}`,
          }),
      },
    },
    { baseDir: "/", seed: 5, share: 0, workers: 1 },
  );
  const spec = drawSessionSpec(config, { seed: 5, worker: 0, number: 0 });
  await runSession({
    ...dependenciesOf(dependencies, "g"),
    ...partOf(spec, config, undefined),
    agent: "a0-0",
    recorder: { record: () => undefined, commit: () => undefined },
    clock: { ...systemClock, epoch: () => 0 },
    secrets: [],
    signal: new AbortController().signal,
  });
  return requests;
}

test("checks, and the operations that they name, change nothing of a prompt", async () => {
  const first = await requestsOf(configOf([{ action: { operation: "POST /tournaments" } }]));
  const second = await requestsOf(
    configOf([
      { action: { operation: "DELETE /sensors/{sensorId}" } },
      { probe: { operation: "GET /recipes", expect: { body: { "$.owner": "nobody" } }, deadline: "1s" } },
    ]),
  );
  expect(first.length).toBeGreaterThan(1);
  expect(second).toEqual(first);
  expect(first[0]).toContain("POST /vouchers/{voucherId}/archive");
  expect(first[0]).toContain("further operations are not listed");
  expect(first[0]).not.toContain("/tournaments");
});

test("all sessions of a goal share one selection, and goals that see every operation share the descriptions", async () => {
  const small = await prepareGoalPrompts(configOf([{ action: { operation: "GET /vouchers" } }]), apis, "");
  const policies = await openSessionDependencies(
    configOf([{ action: { operation: "GET /vouchers" } }]),
    {
      apis,
      model: { complete: () => Promise.reject(new Error("unused")) },
      described: { provider: "p", name: "m", simulated: true },
      tools: { call: () => Promise.reject(new Error("unused")) },
    },
    { baseDir: "/", seed: 5, share: 0, workers: 1 },
  );
  expect(dependenciesOf(policies, "g").policy).toBe(dependenciesOf(policies, "g").policy);
  expect(small.get("g")?.findOperations).toBeTypeOf("function");
  const config = configOf([{ action: { operation: "GET /vouchers" } }]);
  config.inference.prompt.maxTokens = 1_000_000;
  const whole = (await prepareGoalPrompts(config, apis, "")).get("g");
  expect(whole?.selection.apis).toBe(apis);
  expect(whole?.findOperations).toBeUndefined();
});

test("an automatic token budget is twice what the steps are estimated to use; a number is taken as it is", async () => {
  const success = [{ action: { operation: "GET /vouchers" } }];
  const auto = (await prepareGoalPrompts(configOf(success, { budget: { steps: 7 } }), apis, "")).get("g");
  expect(auto?.tokenBudget).toBe(2 * 7 * ((auto?.size.prompt ?? 0) + (auto?.size.answer ?? 0)));
  const given = await prepareGoalPrompts(configOf(success, { budget: { tokens: 123 } }), apis, "");
  expect(given.get("g")?.tokenBudget).toBe(123);
});

test("what one goal's sessions learn of the server holds for the prompts of all goals, and is said once", async () => {
  const success = [{ action: { operation: "GET /vouchers" } }];
  const config = configOf(success);
  const [first] = config.goals;
  config.goals.push({ ...(first as Config["goals"][number]), name: "h", prompt: "Archive a tournament." });
  const asked: boolean[] = [];
  const notices: string[] = [];
  const model: ModelTransport = {
    complete: ({ request }) => {
      asked.push(request.tools !== undefined);
      const base = {
        inference: "i",
        content: "",
        toolCalls: [],
        inputTokens: 1,
        outputTokens: 1,
        queueMs: 0,
      };
      const error = { code: "refused", status: 400, message: "tool_choice is not supported" } as const;
      return Promise.resolve(request.tools === undefined ? base : { ...base, error });
    },
  };
  const described = { provider: "p", name: "m", simulated: true };
  const dependencies = await openSessionDependencies(
    config,
    { apis, model, described, tools: { call: () => Promise.reject(new Error("unused")) } },
    { baseDir: "/", seed: 5, share: 0, workers: 1 },
    (message) => notices.push(message),
  );
  const [g, h] = ["g", "h"].map((name) => dependenciesOf(dependencies, name).policy);
  expect(g).not.toBe(h);
  const view = { goal: "g", facts: [], trail: [], dropped: 0, results: [] };
  const { signal } = new AbortController();
  for (const policy of [g, h])
    await policy?.decide(view, { session: "s", step: 1, traceparent: "t", seed: 1, signal });
  expect(asked).toEqual([true, false, false]);
  expect(notices).toHaveLength(1);
});

test("no more tools are offered than the provider takes", async () => {
  const big = ["a", "b", "c"].map((target) => largeApi("rest", target));
  expect(big.flatMap(({ operations }) => operations).length).toBeGreaterThan(128);
  const config = configOf([{ action: { operation: "GET /vouchers" } }]);
  config.inference.prompt.maxTokens = 1_000_000;
  for (const [provider, decisions, limited] of [
    ["openai", "auto", true],
    ["azure", "tools", true],
    ["openai", "json", false],
    ["custom", "auto", false],
  ] as const) {
    Object.assign(config.inference, { provider, decisions, model: "m" });
    const apis = (await prepareGoalPrompts(config, big, "")).get("g")?.selection.apis ?? [];
    expect(toolsFor(apis).length <= 128).toBe(limited);
  }
});
