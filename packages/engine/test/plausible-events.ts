import { type Random, randomFrom } from "@ape/core/lib/random";
import type { Event, StepEnded } from "@ape/core/protocol/events";
import type { Outcome } from "@ape/core/protocol/outcome";

const OPERATIONS = ["GET /products", "GET /products/{id}", "POST /cart/items", "POST /orders"];
const ENDS: Outcome[] = ["succeeded", "succeeded", "succeeded", "failed", "gave_up", "error"];

/** For tests: what one worker might write in `sessions` sessions, in order. The same seed gives the same events. */
export function plausibleEvents(sessions: number, options: { seed?: number; worker?: number } = {}): Event[] {
  const { seed = 1, worker = 0 } = options;
  const random = randomFrom(seed);
  const events: Event[] = [];
  let at = 1_800_000_000_000 + random() * 1000;
  const later = (most: number): number => {
    at = Math.round((at + random() * most) * 100) / 100;
    return at;
  };
  for (let number = 0; number < sessions; number += 1) {
    const session = `s${worker}-${number}`;
    const goal = random() < 0.7 ? "buy" : "browse";
    events.push(
      {
        type: "agents",
        at: later(5),
        worker,
        active: Math.floor(random() * 9) + 1,
        waiting: Math.floor(random() * 3),
      },
      {
        type: "session_started",
        at: later(5),
        session,
        trace: `${worker}${number}`.padStart(32, "0"),
        agent: `a${worker}-1`,
        goal,
        row: number,
        startDelayMs: random() * 20,
        waitedMs: random() * 30,
      },
    );
    const steps = 3 + Math.floor(random() * 4);
    for (let step = 1; step <= steps; step += 1)
      events.push(...stepEvents(random, later, session, step, worker));
    if (number % 10 === 0)
      events.push({
        type: "verification",
        at: later(5),
        session,
        step: 1,
        target: "shop",
        operation: "GET /products/{id}",
        status: 200,
        durationMs: 3,
        attribution: "target",
        evidence: "GET /products/7 -> 200",
      });
    if (random() < 0.1) events.push({ type: "session_dropped", at: later(1) });
    if (random() < 0.05) {
      events.push({ type: "session_interrupted", at: later(5), session, goal, steps, durationMs: 900 });
      continue;
    }
    const outcome = ENDS[Math.floor(random() * ENDS.length)] as Outcome;
    events.push({
      type: "session_ended",
      at: later(5),
      session,
      goal,
      outcome,
      reason: outcome === "succeeded" ? "every check holds" : `POST /orders/o-${number} answered 500`,
      ...(outcome === "succeeded" ? {} : { attribution: random() < 0.5 ? "target" : "simulation" }),
      steps,
      durationMs: random() * 2000,
      checks: [],
    });
    if (number % 20 === 0)
      events.push({
        type: "health",
        at: later(5),
        part: `agents-${worker}`,
        eventLoopDelayP99Ms: random() * 40,
        cpu: random() * 0.8,
        cpuSeconds: number / 10,
        rssBytes: 50_000_000 + number,
        stealPct: random() * 5,
      });
  }
  events.push({ type: "agents", at: later(5), worker, active: 0, waiting: 0 });
  return events;
}

function stepEvents(
  random: Random,
  later: (most: number) => number,
  session: string,
  step: number,
  worker: number,
): Event[] {
  const operation = OPERATIONS[Math.floor(random() * OPERATIONS.length)] as string;
  const [method, path] = operation.split(" ") as [string, string];
  const status = random() < 0.9 ? 200 : 500;
  const wire = random() * 50;
  const inference = `i${worker}-${session}-${step}`;
  const events: Event[] = [
    {
      type: "inference",
      at: later(5),
      inference,
      session,
      step,
      provider: "simulated",
      model: "planner",
      streamed: true,
      status: 200,
      attempts: 1,
      queueMs: 0,
      firstReasoningMs: 5,
      firstTokenMs: random() * 60,
      durationMs: random() * 100,
      inputTokens: 900,
      outputTokens: 20,
      cachedTokens: 512,
      reasoningTokens: 8,
      providerMs: 30,
      costUsd: 0.001,
    },
  ];
  if (random() < 0.05)
    events.push({ type: "decision_invalid", at: later(1), session, step, reason: "no such tool", inference });
  const ended: StepEnded = {
    type: "step",
    at: 0,
    session,
    step,
    source: "model",
    tool: `http_${method.toLowerCase()}`,
    args: { path, data: { quantity: 1 } },
    inference,
    ...(step === 2 ? { repairs: ["path"] as const } : {}),
    decisionMs: random() * 100,
    thinkMs: random() * 10,
    queueMs: random(),
    ...(step > 1 ? { betweenMs: random() * 150 } : {}),
    action: {
      target: "shop",
      operation,
      method,
      path,
      status,
      durationMs: wire + 3,
      timing: {
        total: wire + 2,
        queue: 0.5,
        dns: 0,
        connect: 0,
        tls: 0,
        firstByte: wire * 0.8,
        body: wire * 0.2,
      },
      attempts: [
        { status, duration: wire, backoff: 0, ...(status === 500 ? { resent: true as const } : {}) },
      ],
      failed: status === 500,
      ...(status === 500 ? { attribution: "target" } : {}),
      ...(status === 500 && step === 2
        ? { error: { code: "circuit_open", message: "the circuit breaker is open" } as const }
        : {}),
    },
  };
  events.push({ type: "action_sent", at: later(1), session, step, target: "shop", method, path });
  ended.at = later(20);
  events.push(ended);
  return events;
}
