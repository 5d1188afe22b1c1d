import { createModelPolicy } from "@ape/agent/policy/model-policy";
import { runSession } from "@ape/agent/session/session";
import { goalSchema } from "@ape/core/config/goal";
import { randomFrom } from "@ape/core/lib/random";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ModelAnswer, ModelCall } from "@ape/core/protocol/chat";
import type { Event } from "@ape/core/protocol/events";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { traceId } from "@ape/core/protocol/trace";
import { Aggregator } from "@ape/engine/aggregate/aggregator";
import { systemClock } from "@ape/engine/host/clock";
import { parseApi } from "@ape/planner/prompt/api-reader";
import { answer } from "./answer.ts";

interface Order {
  agents: number;
  steps: number;
}

const API = `## API shop: A small shop
auth: bearer
- POST /login Log in.
- GET /products (auth) List products.
- GET /products/{productId} (auth) One product.
- POST /cart/items (auth) Add a product to the cart.
- GET /cart (auth) Show the cart.`;

/** The repeated steps of an agent, as a shopper's: list, look, add, look at the cart. */
const ROUND: readonly ((n: number) => [tool: string, args: object])[] = [
  (n) => ["http_get", { path: "/products", query: { page: (n % 9) + 1 } }],
  (n) => ["http_get", { path: `/products/prd_${n % 97}0a1b2c3d4e5f` }],
  (n) => [
    "http_post",
    { path: "/cart/items", data: { productId: `prd_${n % 97}0a1b2c3d4e5f`, quantity: 1 } },
  ],
  () => ["http_get", { path: "/cart" }],
];

/**
 * This many sessions in the middle of their work: each has done its steps and waits for the model. The answers are JSON
 * texts parsed again for each call, as a gateway does, and every event goes through the worker's own aggregation.
 */
answer(async ({ agents, steps }: Order) => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start with --expose-gc");
  const apis = parseApi(API);
  const aggregator = new Aggregator([]);
  const keep = (event: Event): void => aggregator.add(event);
  let waiting = 0;
  let arrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const complete = ({ step, request }: ModelCall): Promise<ModelAnswer> => {
    if (step > steps)
      return new Promise(() => {
        waiting += 1;
        // A call in flight holds its request.
        held.push(request);
        if (waiting === agents) arrived();
      });
    const [name, args] = step === 1 ? LOGIN : (ROUND[step % ROUND.length] ?? LOGIN_ROUND)(step);
    return Promise.resolve({
      inference: `i0-${step}`,
      content: "",
      toolCalls: [{ name, arguments: JSON.stringify(args) }],
      inputTokens: 900,
      outputTokens: 30,
      queueMs: 0,
    });
  };
  const held: unknown[] = [];
  const policy = createModelPolicy({
    model: { complete },
    modelName: "stub",
    maxCompletionTokens: 200,
    temperature: 0,
    apis,
  });
  const before = measure(gc);
  for (let number = 0; number < agents; number += 1) void start(number, policy, apis, keep, steps);
  await all;
  const bytes = measure(gc) - before;
  return { bytes, waiting, held: held.length };
});

const LOGIN: [string, object] = [
  "http_post",
  { path: "/login", data: { email: "{{email}}", password: "{{password}}" } },
];
const LOGIN_ROUND = (): [string, object] => LOGIN;

const GOAL = goalSchema.parse({
  name: "buy",
  prompt: "Log in, find a product under $50, add it to the cart, check out, log out.",
  success: [
    { action: { operation: "POST /orders", status: 201, capture: { order: "$.id" } } },
    { probe: { operation: "GET /orders/{order}", expect: { body: { "$.state": "paid" } } } },
  ],
  budget: { steps: 1_000, time: "10h", tokens: 1_000_000_000 },
});

function start(
  number: number,
  policy: ReturnType<typeof createModelPolicy>,
  apis: readonly ApiDescription[],
  record: (event: Event) => void,
  steps: number,
): Promise<unknown> {
  return runSession({
    session: `s0-${number}`,
    agent: `a0-${number}`,
    trace: traceId(1, 0, number),
    goal: GOAL,
    row: {
      index: number,
      values: { email: `user-${number}@shop.example`, password: `secret-${number}-pass` },
      secret: ["password"],
    },
    apis,
    origins: { shop: "http://127.0.0.1:1" },
    policy,
    tools: { call: async (call) => reply(call, number, steps) },
    recorder: { record, commit: record },
    clock: systemClock,
    random: randomFrom(number),
    thinkTime: "none",
    secrets: [],
    signal: NEVER,
  });
}

const NEVER = new AbortController().signal;

function reply(call: ToolCall, number: number, steps: number): ToolResult {
  const text = bodyOf(call, number, steps);
  return {
    status: 200,
    headers:
      call.path === "/login" ? { "set-cookie": [`sid=${number}-0123456789abcdef; Path=/; HttpOnly`] } : {},
    body: { kind: "json", json: JSON.parse(text) as never, bytes: text.length },
    timing: { total: 2, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 1 },
    attempts: [{ status: 200, duration: 2, backoff: 0 }],
    operation: `${call.method} ${call.path.replace(/\?.*$/, "").replace(/\/prd_\w+/, "/{productId}")}`,
  };
}

function bodyOf(call: ToolCall, number: number, steps: number): string {
  if (call.path === "/login")
    return JSON.stringify({
      accessToken: `tok-${number}-0123456789abcdef`,
      customerId: `cus_${number}`,
      expiresIn: 1800,
    });
  const product = (n: number) => ({
    productId: `prd_${n % 97}0a1b2c3d4e5f`,
    title: `Copper kettle No. ${(number + n + steps) % 400}`,
    category: "kitchen",
    priceUsd: 20 + (n % 300) / 10,
    inStock: true,
  });
  if (call.path.startsWith("/products/")) return JSON.stringify(product(number));
  if (call.path.startsWith("/products"))
    return JSON.stringify({
      items: Array.from({ length: 10 }, (_, n) => product(number + n)),
      page: 1,
      pageCount: 12,
    });
  return JSON.stringify({ items: [product(number), product(number + 1)], totalUsd: 41.5 });
}

/** Memory in use, in bytes. */
function measure(gc: () => unknown): number {
  for (let n = 0; n < 4; n += 1) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
