import { type GoalConfig, goalSchema } from "@ape/core/config/goal";
import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import { randomFrom } from "@ape/core/lib/random";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ModelAnswer, ModelCall, ModelError } from "@ape/core/protocol/chat";
import type { Event, Recorder, SessionEnded, StepEnded } from "@ape/core/protocol/events";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { createModelPolicy } from "../src/policy/model-policy.ts";
import { runSession } from "../src/session/session.ts";
import type { SessionOptions } from "../src/session/session-options.ts";

/** A clock whose sleeps pass at once and are added up. */
export function fakeClock(): Clock & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    epoch: () => 1_000_000 + time,
    sleep: async (ms) => {
      slept.push(ms);
      time += ms;
    },
  };
}

export type Tool = [name: string, args: Json];
/** An answer of the model: text, one call, several calls, or none for the provider's sake. */
export type Turn = string | Tool | { calls: Tool[] } | { error: ModelError };
export type Answer = {
  bytes?: number;
  status: number;
  json?: Json;
  headers?: ToolResult["headers"];
  error?: ToolResult["error"];
};

export const api: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [{ type: "bearer" }],
  operations: [],
};
export const goal = (more: Partial<Parameters<typeof goalSchema.parse>[0] & object> = {}): GoalConfig =>
  goalSchema.parse({
    name: "buy",
    prompt: "Buy a thing",
    success: [
      { action: { operation: "POST /orders", status: 201, capture: { order: "$.id" } } },
      {
        probe: {
          operation: "GET /orders/{order}",
          expect: { body: { "$.state": "paid", "$.total": { lt: 50 } } },
          deadline: "1s",
        },
      },
    ],
    ...more,
  });

/** Runs one session against a script of model answers and a function that answers calls. */
export async function play(
  script: Turn[],
  answer: (call: ToolCall, n: number) => Answer,
  more: Partial<SessionOptions> = {},
) {
  const events: Event[] = [];
  const committed: Event[] = [];
  const prompts: string[] = [];
  const calls: ToolCall[] = [];
  const clock = fakeClock();
  const recorder: Recorder = {
    record: (event) => void events.push(event),
    commit: (event) => {
      events.push(event);
      committed.push(event);
    },
  };
  let asked = 0;
  const complete = async ({ request }: ModelCall): Promise<ModelAnswer> => {
    prompts.push(request.messages.map(({ content }) => content).join("\n"));
    const turn = script[Math.min(asked, script.length - 1)] as Turn;
    asked += 1;
    const base = {
      inference: `i${asked}`,
      content: "",
      toolCalls: [],
      inputTokens: 100,
      outputTokens: 10,
      queueMs: 0,
    };
    if (typeof turn === "string") return { ...base, content: turn };
    if ("error" in turn) return { ...base, error: turn.error };
    const calls = "calls" in turn ? turn.calls : [turn];
    return {
      ...base,
      toolCalls: calls.map(([name, args]) => ({
        name,
        arguments: typeof args === "string" ? args : JSON.stringify(args),
      })),
    };
  };
  const apis = more.apis ?? [api];
  const report = await runSession({
    session: "s0-0",
    agent: "a0-0",
    trace: "0af7651916cd43dd8448eb211c80319c",
    goal: goal(),
    row: { index: 0, values: { email: "a@b.c", password: "hunter22" }, secret: ["password"] },
    apis,
    origins: { shop: "http://127.0.0.1:1" },
    policy: createModelPolicy({
      model: { complete },
      modelName: "m",
      maxCompletionTokens: 100,
      temperature: 0,
      apis,
    }),
    tools: {
      call: async (call) => {
        calls.push(call);
        const { status, json, headers = {}, error, bytes = 1 } = answer(call, calls.length);
        return {
          status,
          headers,
          body: json === undefined ? { kind: "empty" } : { kind: "json", json, bytes },
          timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
          attempts: [{ status, duration: 1, backoff: 0 }],
          operation: `${call.method} ${call.path.split("?")[0]?.replace(/\/o-\d+$/, "/{order}")}`,
          ...(error === undefined ? {} : { error }),
        };
      },
    },
    recorder,
    clock,
    random: randomFrom(1),
    thinkTime: "none",
    secrets: [],
    signal: new AbortController().signal,
    ...more,
  });
  const ended = events.find((event): event is SessionEnded => event.type === "session_ended");
  const steps = events.filter((event): event is StepEnded => event.type === "step");
  return { report, events, committed, prompts, calls, clock, ended, steps };
}

export const login: Tool = [
  "http_post",
  { path: "/login", data: { email: "a@b.c", password: "{{password}}" } },
];
export const order: Tool = ["http_post", { path: "/orders" }];
export const finishTool: Tool = ["finish", { reason: "done" }];
export const shop = (call: ToolCall): Answer => {
  if (call.path === "/login")
    return {
      status: 200,
      json: { accessToken: "tok-abcdef-123456" },
      headers: { "set-cookie": ["sid=c00kie; Path=/"] },
    };
  if (call.headers?.authorization !== "Bearer tok-abcdef-123456") return { status: 401 };
  if (call.method === "GET") return { status: 200, json: { id: "o-1", state: "paid", total: 12 } };
  return { status: 201, json: { id: "o-1" } };
};
