import { type Random, randomFrom, randomHex } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";

/** The steps of a session, like those of the demo: its operation and tool, whether a model call comes before it, and its arguments. */
const STEPS: readonly { operation: string; tool: string; asks: boolean; args: (ids: Ids) => object }[] = [
  {
    operation: "POST /login",
    tool: "logIn",
    asks: true,
    args: ({ row }) => ({ data: { email: `hiro.ito.${row}@shop.example`, password: "{{password}}" } }),
  },
  {
    operation: "GET /products",
    tool: "listProducts",
    asks: false,
    args: ({ row }) => ({ query: { category: "kitchen", maxPrice: 50, page: (row % 9) + 1 } }),
  },
  {
    operation: "POST /cart/items",
    tool: "addToCart",
    asks: true,
    args: ({ product }) => ({ data: { productId: product, quantity: 1 } }),
  },
  {
    operation: "POST /orders",
    tool: "placeOrder",
    asks: false,
    args: ({ row }) => ({ data: { payment: "card", note: `Order of ${row}` } }),
  },
  { operation: "POST /logout", tool: "logOut", asks: false, args: () => ({}) },
];
/** Share of sessions whose order is refused, and of actions that need a second attempt. */
const REFUSED = 0.04;
const RETRIED = 0.02;
const GAP_MS = 1;

interface Ids {
  row: number;
  product: string;
  order: string;
}

interface OpenSession {
  number: number;
  id: string;
  ids: Ids;
  agent: number;
  began: number;
  step: number;
  refused: boolean;
}

/** Milliseconds with three decimals, as the engine measures them. */
const ms = (random: Random, most: number): number => Math.round(random() * most * 1000) / 1000;

/**
 * The events of one worker of a synthetic run: the mix, the fields and the sizes are those of the demo, and the sessions
 * of all agents are interleaved. The same seed gives the same events.
 * @param actions number of actions, rounded up to whole sessions
 */
export function* syntheticRunEvents(worker: number, agents: number, actions: number): Generator<Event> {
  const random = randomFrom(worker + 1);
  const open: OpenSession[] = [];
  let at = 1_800_000_000_000;
  let next = 0;
  let left = Math.ceil(actions / STEPS.length);
  let nextSample = at;
  for (;;) {
    at = Math.round((at + random() * 2 * GAP_MS) * 100) / 100;
    if (at >= nextSample) {
      nextSample = at + 1_000;
      yield { type: "agents", at, worker, active: open.length, waiting: 0 };
      yield {
        type: "health",
        at,
        part: `agents-${worker}`,
        eventLoopDelayP99Ms: ms(random, 20),
        cpu: ms(random, 0.8),
        cpuSeconds: next / 100,
        rssBytes: 90_000_000 + next,
      };
    }
    if (open.length < agents && left > 0) {
      left -= 1;
      const id = `s${worker}-${next}`;
      const ids = { row: next, product: `prd_${randomHex(random, 7)}`, order: `ord_${randomHex(random, 7)}` };
      const agent = open.length;
      open.push({ number: next, id, ids, agent, began: at, step: 0, refused: random() < REFUSED });
      next += 1;
      yield {
        type: "session_started",
        at,
        session: id,
        trace: randomHex(random, 16),
        agent: `a${worker}-${agent}`,
        goal: "buy",
        row: ids.row,
      };
      continue;
    }
    if (open.length === 0) return;
    const index = Math.floor(random() * open.length);
    const session = open[index] as OpenSession;
    yield* stepOf(session, at, random, worker);
    if (session.step < STEPS.length && !(session.refused && session.step === 4)) continue;
    open[index] = open.at(-1) as OpenSession;
    open.pop();
    yield endOf(session, at);
  }
}

function* stepOf(session: OpenSession, at: number, random: Random, worker: number): Generator<Event> {
  const { operation, tool, asks, args } = STEPS[session.step] as (typeof STEPS)[number];
  session.step += 1;
  const { id, ids, step } = session;
  const [method = "", path = ""] = operation.split(" ");
  const inference = `i${worker}-${session.number * 2 + (step > 2 ? 1 : 0)}`;
  const decisionMs = asks ? ms(random, 120) : 0;
  if (asks)
    yield {
      type: "inference",
      at,
      inference,
      session: id,
      step,
      provider: "simulated",
      model: "simulated",
      streamed: true,
      status: 200,
      attempts: 1,
      queueMs: 0,
      durationMs: decisionMs,
      inputTokens: 1_200 + step * 40,
      outputTokens: 20 + step,
      costUsd: 0,
      firstTokenMs: Math.round(decisionMs * 600) / 1000,
    };
  yield { type: "action_sent", at, session: id, step, target: "shop", method, path };
  const failed = session.refused && step === 4;
  const wire = ms(random, 40);
  const status = failed ? 409 : method === "POST" ? 201 : 200;
  yield {
    type: "step",
    at,
    session: id,
    step,
    source: "model",
    tool,
    args: args(ids) as never,
    decisionMs,
    thinkMs: ms(random, 400),
    queueMs: 0,
    ...(step > 1 ? { betweenMs: ms(random, 500) } : {}),
    inference,
    action: {
      target: "shop",
      operation,
      method,
      path,
      status,
      durationMs: wire,
      timing: {
        total: wire,
        queue: ms(random, 0.1),
        dns: 0,
        connect: step === 1 ? ms(random, 2) : 0,
        tls: 0,
        firstByte: Math.round(wire * 900) / 1000,
        body: ms(random, 0.1),
      },
      attempts: [
        ...(random() < RETRIED ? [{ status: 503, duration: ms(random, 9), backoff: 0 }] : []),
        { status, duration: wire, backoff: 0 },
      ],
      failed,
      ...(failed
        ? {
            attribution: "simulation" as const,
            because: `the cart's product ${ids.product} had been sold out since it was listed`,
            request: `{"payment":"card","note":"Order of ${ids.row}"}`,
            response: `{"error":"sold_out","message":"${ids.product} is sold out","productId":"${ids.product}"}`,
          }
        : {}),
    },
    ...(step === 1 ? { gained: ["accessToken", "customerId"] } : {}),
  };
  if (failed || step < 4) return;
  if (step === 4)
    yield {
      type: "probe",
      at,
      session: id,
      check: 1,
      operation: "GET /orders/{order}",
      status: 200,
      durationMs: ms(random, 9),
      held: true,
      evidence: `GET /orders/${ids.order} -> 200`,
    };
  yield { type: "check", at, session: id, check: step - 4, step, evidence: `${operation} -> ${status}` };
}

function endOf({ id, ids, step, began, refused }: OpenSession, at: number): Event {
  return {
    type: "session_ended",
    at,
    session: id,
    goal: "buy",
    outcome: refused ? "failed" : "succeeded",
    reason: refused ? `step 4: POST /orders -> 409, ${ids.product} is sold out` : "every check holds",
    ...(refused ? { attribution: "simulation" as const, decidedBy: 4 } : {}),
    steps: step,
    durationMs: Math.round((at - began) * 1000) / 1000,
    checks: [
      { label: "action POST /orders", held: !refused, evidence: "step 4: POST /orders" },
      { label: "probe GET /orders/{order}", held: !refused, evidence: `GET /orders/${ids.order}` },
      { label: "action POST /logout", held: !refused, evidence: "step 5: POST /logout" },
    ],
  };
}
