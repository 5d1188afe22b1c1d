import type { MetricName } from "@ape/core/metrics/metrics";
import type { Event, InferenceEnded } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { sessionEnded, sessionStarted, stepEnded } from "../../test/session-events.ts";
import { Emitter } from "./emitter.ts";

/** What an emitter makes of events: `metric label=value ...: value @time`, in its order; and the series that it opened. */
function emitted(...events: Event[]) {
  const values: string[] = [];
  const opened: string[] = [];
  const emitter = new Emitter((metric: MetricName, labels) => {
    const name = [metric, ...Object.entries(labels).map(([label, value]) => `${label}=${value}`)].join(" ");
    opened.push(name);
    return { add: (value, at) => void values.push(`${name}: ${value} @${at}`) };
  });
  for (const event of events) emitter.add(event);
  return { values, opened, emitter };
}
const timing = { total: 100, queue: 10, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 };
const call = { operation: "GET /a", durationMs: 90, timing };

test("a session's beginning is a delay and an arrival of an open load, and a wait for its row", () => {
  expect(emitted(sessionStarted("s")).values).toEqual([]);
  expect(emitted({ ...sessionStarted("s"), startDelayMs: 3, waitedMs: 4 }).values).toEqual([
    "session_start_delay goal=buy: 3 @1",
    "arrivals_dropped: 0 @1",
    "session_row_wait goal=buy: 4 @1",
  ]);
  expect(emitted({ type: "session_dropped", at: 7 } as Event).values).toEqual([
    "sessions_dropped: 1 @7",
    "arrivals_dropped: 1 @7",
  ]);
});

test.each<[string, Partial<ReturnType<typeof sessionEnded>>, string, number]>([
  ["succeeded", { outcome: "succeeded", attribution: "target" }, "", 1],
  ["failed", { outcome: "failed", attribution: "target" }, " attribution=target", 0],
  ["failed without an attribution", { outcome: "failed" }, " attribution=infrastructure", 0],
])("a session that %s ends once", (_how, more, attribution, success) => {
  const end = { ...sessionEnded("s"), durationMs: 30, steps: 2, ...more } as Event;
  const outcome = `goal=buy outcome=${more.outcome}`;
  const { values, opened } = emitted(end, end);
  expect(values.slice(0, 4)).toEqual([
    `session_success goal=buy: ${success} @1`,
    `sessions_ended ${outcome}${attribution}: 1 @1`,
    `session_duration ${outcome}: 30 @1`,
    `session_steps ${outcome}: 2 @1`,
  ]);
  expect(values).toHaveLength(8);
  expect(new Set(opened).size).toBe(opened.length);
});

test("a step has its times, and belongs to the goal of its session while that is open", () => {
  const step = stepEnded("s", call, { decisionMs: 2, thinkMs: 3, queueMs: 4, betweenMs: 5 });
  const { action: _, ...idle } = step as Extract<Event, { type: "step" }>;
  const times = (goal: string) => [
    `decision_duration goal=${goal}: 2 @1`,
    `think_duration goal=${goal}: 3 @1`,
    `queue_duration goal=${goal}: 4 @1`,
  ];
  expect(emitted(sessionStarted("s"), idle).values).toEqual(times("buy"));
  expect(emitted(idle).values).toEqual(times("unknown"));
  expect(emitted(sessionStarted("s"), sessionEnded("s"), idle).values.slice(4)).toEqual(times("unknown"));
  const cut = { type: "session_interrupted", at: 1, session: "s", goal: "buy", steps: 1, durationMs: 1 };
  expect(emitted(sessionStarted("s"), cut as Event, idle).values).toEqual(times("unknown"));
  expect(emitted(sessionStarted("s"), step).values[3]).toBe("time_between_actions goal=buy: 5 @1");
});

test("an action is counted by operation and status, its requests by target", () => {
  const attempts = [
    { status: 503, duration: 20, backoff: 5, resent: true },
    { status: 200, duration: 30, backoff: 0 },
  ];
  const labels = "target=shop operation=GET /a";
  const good = stepEnded("s", { ...call, attempts } as typeof call);
  const bad = stepEnded("s", { ...call, status: 500, failed: true } as typeof call);
  const { values, opened } = emitted(sessionStarted("s"), good, bad, good);
  expect(values.filter((line) => !/^(?:decision|think|queue)_/.test(line)).slice(0, 11)).toEqual([
    `target_duration ${labels} goal=buy: 20 @1`,
    "requests_resent target=shop: 1 @1",
    `target_duration ${labels} goal=buy: 30 @1`,
    `gateway_overhead ${labels} goal=buy: 35 @1`,
    `action_failed ${labels} goal=buy: 0 @1`,
    `actions ${labels} status=200 goal=buy: 1 @1`,
    `action_duration ${labels} status=200 goal=buy: 90 @1`,
    `gateway_overhead ${labels} goal=buy: 90 @1`,
    `action_failed ${labels} goal=buy: 1 @1`,
    `actions ${labels} status=500 goal=buy: 1 @1`,
    `action_duration ${labels} status=500 goal=buy: 90 @1`,
  ]);
  expect(opened.filter((name) => name.startsWith("actions "))).toHaveLength(2);
  expect(opened.filter((name) => name.startsWith("action_failed "))).toHaveLength(1);
});

test.each<[string, Event, string[]]>([
  [
    "repaired decisions, by kind",
    stepEnded("s", call, { repairs: ["type", "name"] as never }),
    ["decisions_repaired goal=unknown kind=type: 1 @1", "decisions_repaired goal=unknown kind=name: 1 @1"],
  ],
  [
    "an open circuit",
    stepEnded("s", { ...call, error: { code: "circuit_open", message: "" } } as typeof call),
    ["circuit_open target=shop: 1 @1"],
  ],
  [
    "another error of the transport",
    stepEnded("s", { ...call, error: { code: "timeout", message: "" } } as typeof call),
    [],
  ],
  [
    "an invalid decision",
    { type: "decision_invalid", at: 2, session: "s" } as Event,
    ["decisions_invalid goal=unknown: 1 @2"],
  ],
  [
    "a read of the oracle's",
    { type: "verification", at: 3, session: "s", target: "shop", operation: "GET /a" } as Event,
    ["verification_reads target=shop operation=GET /a: 1 @3"],
  ],
])("%s: %j", (_what, event, lines) => {
  const { values } = emitted(event);
  const own = /^(?:decisions_|circuit_|verification_)/;
  expect(values.filter((line) => own.test(line))).toEqual(lines);
});

test("agents are the sum of the last levels of every worker", () => {
  const agents = (worker: number, active: number, waiting: number) =>
    ({ type: "agents", at: worker, worker, active, waiting }) as unknown as Event;
  expect(emitted(agents(1, 5, 1), agents(2, 3, 0), agents(1, 4, 2)).values).toEqual([
    "agents_active: 5 @1",
    "agents_waiting: 1 @1",
    "agents_active: 8 @2",
    "agents_waiting: 1 @2",
    "agents_active: 7 @1",
    "agents_waiting: 2 @1",
  ]);
});

test("model calls are counted by model and provider", () => {
  const event = (provider: string): Event => {
    const ended: Partial<InferenceEnded> = {
      type: "inference",
      at: 9,
      model: "m",
      provider,
      status: 200,
      queueMs: 1,
      durationMs: 2,
      inputTokens: 3,
      outputTokens: 4,
      costUsd: 5,
    };
    return ended as Event;
  };
  const { values, opened } = emitted(event("a"), event("b"), event("a"));
  expect(values.filter((line) => line.startsWith("tokens_input"))).toEqual([
    "tokens_input model=m provider=a: 3 @9",
    "tokens_input model=m provider=b: 3 @9",
    "tokens_input model=m provider=a: 3 @9",
  ]);
  expect(opened.filter((name) => name.startsWith("tokens_input"))).toHaveLength(2);
});
