import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import { normal, type Random, randomFrom, seedOf } from "@ape/core/lib/random";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Event } from "@ape/core/protocol/events";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import { RouteTable, templateValues } from "@ape/core/protocol/operations/route-table";
import {
  rejectedResult,
  type ToolCall,
  type ToolResult,
  type ToolTransport,
  type TransportErrorCode,
} from "@ape/core/protocol/tool-call";
import { createGateway } from "@ape/gateway/gateway";
import type { Books } from "@ape/shop/books";
import { type Reply, serve } from "@ape/shop/counter";
import { credentialsAt } from "@ape/shop/credentials";
import type { Faults } from "@ape/shop/faults";
import { OPERATIONS } from "@ape/shop/shop";
import { createWorld, type World } from "@ape/shop/world";
import { configOf, keepEvents, runInProcess } from "./in-process.ts";
import { compareWithBooks, REALISTIC } from "./soundness.ts";

const MOST_IDLE_MS = 5_000;

/** A clock whose time advances to the next sleeper as soon as no other work is left. */
class SimulatedClock implements Clock {
  #now = 0;
  #order = 0;
  /** A binary heap by time, then by insertion order. */
  readonly #heap: { at: number; order: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }
  epoch(): number {
    return 1_800_000_000_000 + this.#now;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      signal?.addEventListener("abort", wake, { once: true });
      this.#order += 1;
      this.#push({ at: this.#now + Math.max(0, ms), order: this.#order, wake });
    });
  }

  /** Advances the time until the work is done. @throws Error if nothing sleeps and the work still waits */
  async drive(work: Promise<unknown>): Promise<void> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => undefined);
    for (let idle = 0; idle < MOST_IDLE_MS; ) {
      // All consequences of an event run before the time advances.
      await new Promise((resolve) => setImmediate(resolve));
      if (done) break;
      const next = this.#pop();
      if (next === undefined) {
        // What is read from disk before the first session takes real time.
        await new Promise((resolve) => setTimeout(resolve, 1));
        idle += 1;
        continue;
      }
      idle = 0;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    if (!done) throw new Error(`nothing sleeps at ${this.#now} ms, and the run has not ended`);
    await settled;
  }

  #push(entry: { at: number; order: number; wake: () => void }): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent] as typeof entry)) break;
      heap[at] = heap[parent] as typeof entry;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): { at: number; order: number; wake: () => void } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, heap[child] as typeof right)) child += 1;
      const smaller = heap[child] as typeof last;
      if (!before(smaller, last)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const before = (a: { at: number; order: number }, b: { at: number; order: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * The faults of a network, each as a share of the requests; latencies are lognormal, so answers overtake one another.
 */
export interface Weather {
  medianMs: number;
  p95Ms: number;
  /** The request never arrives. */
  lostRequests: number;
  /** The target has done it, and the answer never arrives. */
  lostAnswers: number;
  /** The connection is cut in the middle of the answer. */
  partialBodies: number;
}

const FIRST_BYTE_MS = 1_000;
const Z95 = 1.6448536269514722;

/** The shop behind a simulated network: its own code, without a socket. */
class SimulatedNetwork implements ToolTransport {
  /** Traces whose request took effect but whose answer was lost. */
  readonly unaware = new Set<string>();
  readonly #world: World;
  readonly #weather: Weather;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #routes = new RouteTable();

  constructor(world: World, weather: Weather, clock: Clock, seed: number) {
    this.#world = world;
    this.#weather = weather;
    this.#clock = clock;
    this.#random = randomFrom(seedOf("network", seed));
    for (const { name } of OPERATIONS) {
      const [method, path] = name.split(" ") as [HttpMethod, string];
      this.#routes.add(method, path);
    }
  }

  async call(call: ToolCall, signal?: AbortSignal): Promise<ToolResult> {
    const began = this.#clock.now();
    const { lostRequests, lostAnswers, partialBodies } = this.#weather;
    const fate = this.#random();
    const [path = ""] = call.path.split("?");
    const template = this.#routes.match(call.method as HttpMethod, path);
    const index = OPERATIONS.findIndex(({ name }) => name === `${call.method} ${template}`);
    const operation = OPERATIONS[index];
    const label = operation?.name ?? "other";
    const failed = (code: TransportErrorCode, message: string): ToolResult => {
      const duration = this.#clock.now() - began;
      const result = rejectedResult(label, code, message);
      return {
        ...result,
        timing: { ...result.timing, total: duration, firstByte: duration },
        attempts: [{ status: 0, duration, backoff: 0 }],
      };
    };
    if (fate < lostRequests) {
      await this.#clock.sleep(FIRST_BYTE_MS, signal);
      return failed("timeout", `no first byte within ${FIRST_BYTE_MS} ms`);
    }
    await this.#clock.sleep(this.#latency(), signal);
    if (signal?.aborted === true) return failed("cancelled", "the session or the run ended first");
    if (operation === undefined) return { ...failed("protocol", "no such page"), status: 404 };
    const url = new URL(call.path, "http://shop.example");
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    const { cutAfterMs, ...reply } = await serve(this.#world, operation, index, {
      headers: call.headers ?? {},
      url: `${url.pathname}${url.search}`,
      params: templateValues(template ?? "", path),
      query: Object.fromEntries(url.searchParams),
      body: call.data,
    });
    if (cutAfterMs !== undefined) {
      await this.#clock.sleep(Math.min(cutAfterMs, FIRST_BYTE_MS), signal);
      return cutAfterMs >= FIRST_BYTE_MS
        ? failed("timeout", `no first byte within ${FIRST_BYTE_MS} ms`)
        : failed("reset", "the connection was cut before an answer");
    }
    this.#world.ledger.answered(index, reply.status);
    await this.#clock.sleep(this.#latency(), signal);
    const lost = fate < lostRequests + lostAnswers;
    if (lost || fate < lostRequests + lostAnswers + partialBodies) {
      if (call.method !== "GET") this.unaware.add((call.headers?.traceparent ?? "").slice(3, 35));
      return lost
        ? failed("reset", "the connection was cut before an answer")
        : { ...failed("reset", "the connection was cut in the middle of the answer"), status: reply.status };
    }
    const duration = this.#clock.now() - began;
    return {
      ...read(reply),
      status: reply.status,
      headers: reply.headers,
      timing: { total: duration, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: duration, body: 0 },
      attempts: [{ status: reply.status, duration, backoff: 0 }],
      operation: label,
    };
  }

  #latency(): number {
    const { medianMs, p95Ms } = this.#weather;
    const drawn = medianMs * Math.exp((Math.log(p95Ms / medianMs) / Z95) * normal(this.#random));
    return Math.min(drawn, FIRST_BYTE_MS);
  }
}

/** An answer, read and validated against the API document as the gateway does it. */
function read({ status, payload, headers }: Reply): Pick<ToolResult, "body" | "error"> {
  if (status === 302)
    return {
      body: { kind: "empty" },
      error: { code: "contract", message: "the document has no answer 302 here" },
    };
  if (payload === undefined) return { body: { kind: "empty" } };
  if (headers["content-type"]?.includes("json") === true)
    return { body: { kind: "json", json: JSON.parse(payload) as Json, bytes: payload.length } };
  return {
    body: { kind: "text", text: payload, bytes: payload.length, cut: false },
    error: { code: "contract", message: "answered text/html where JSON was promised" },
  };
}

/** The result of a simulated run. */
export interface Simulated {
  events: Event[];
  books: Books;
  /** The shop at the run's end. */
  world: World;
  /** Traces whose request took effect but whose answer was lost. */
  unaware: ReadonlySet<string>;
  /** Simulated time that passed, in milliseconds. */
  elapsedMs: number;
}

const GOAL = "Log in, find a product under $50, add it to the cart, check out, log out.";
const STORMY: Weather = {
  medianMs: 30,
  p95Ms: 400,
  lostRequests: 0.01,
  lostAnswers: 0.005,
  partialBodies: 0.005,
};
/** Latency is the network's here; a changed field needs the gateway's contract check to be seen. */
const { latency: _latency, schemaChange: _schemaChange, ...FAULTS } = REALISTIC;

/**
 * Runs agents, oracle, inference proxy and simulated model, pool and rows against the shop's own code over a simulated
 * network, on a simulated clock: everything but sockets, processes and files. The same seed gives the same events.
 */
export async function simulate(options: {
  seed: number;
  sessions: number;
  agents?: number;
  weather?: Weather;
  faults?: Faults;
  /** Kinds of users, as in a configuration. */
  personas?: string;
  /** Errors of the simulated model, as in a configuration. */
  errors?: string;
  plant?: (tools: ToolTransport) => ToolTransport;
}): Promise<Simulated> {
  const {
    seed,
    sessions,
    agents = 100,
    weather = STORMY,
    faults = FAULTS,
    personas = "[careful, impatient, { name: plain, weight: 8, prompt: You shop. }]",
    errors = "{ malformed: 0.01, prose: 0.005, inventedPath: 0.005, rateLimited: 0.005 }",
    plant = (tools) => tools,
  } = options;
  const clock = new SimulatedClock();
  const accounts = agents * 2;
  const world = createWorld(
    { seed, accounts, products: 120, pageSize: 10, now: () => clock.epoch() },
    faults,
    OPERATIONS.map(({ name }) => name),
  );
  const network = new SimulatedNetwork(world, weather, clock, seed);
  const rows = Array.from({ length: accounts }, (_, index) => credentialsAt(index, seed));
  const config = configOf(`version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9", spec: ./openapi.yaml } }
inference: { simulation: { errors: ${errors} } }
personas: ${personas}
goals:
  - name: buy
    prompt: ${GOAL}
    data: { rows: ${JSON.stringify(rows)}, unique: true, secret: [password] }
    success:
      - action: { operation: "POST /orders", status: 201, capture: { order: $.id } }
      - probe:
          operation: "GET /orders/{order}"
          expect: { status: 200, body: { $.state: paid, "$.lines[0].unitPriceUsd": { lt: 50 } } }
      - action: { operation: "POST /logout", status: 2xx }
load: { thinkTime: { lognormal: { median: 400ms, p95: 2s } } }
`);
  const { events, recorder } = keepEvents();
  const apis = [await shopApi()];
  await clock.drive(
    runInProcess({ config, apis, tools: plant(network), clock, seed, sessions, agents, recorder }),
  );
  return { events, books: world.ledger.snapshot(), world, unaware: network.unaware, elapsedMs: clock.now() };
}

let described: Promise<ApiDescription> | undefined;

/** The shop's API as the gateway describes it. */
function shopApi(): Promise<ApiDescription> {
  described ??= (async () => {
    const targets = configOf(`version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9", spec: ./openapi.yaml } }
goals: [{ name: buy, prompt: Buy, success: [{ state: { x: 1 } }] }]
`).targets;
    const baseDir = new URL("../examples/shop/", import.meta.url).pathname;
    const gateway = await createGateway({ targets, clock: new SimulatedClock(), baseDir });
    try {
      return gateway.describe("shop");
    } finally {
      await gateway.close();
    }
  })();
  return described;
}

/** Sentences about violated invariants, which must not occur with any seed. */
export function violations({ events, books, unaware }: Simulated, sessions: number): string[] {
  const found: string[] = [];
  const started = new Map<string, string>();
  const ended = new Set<string>();
  for (const event of events) {
    if (event.type === "session_started") started.set(event.session, event.trace);
    if (event.type === "session_ended") {
      if (ended.has(event.session)) found.push(`${event.session} ended twice`);
      ended.add(event.session);
      if ((event.outcome === "succeeded") !== (event.attribution === undefined))
        found.push(`${event.session} is ${event.outcome}, attributed to ${event.attribution}`);
      if (event.outcome === "succeeded" && !event.checks.every(({ held }) => held))
        found.push(`${event.session} succeeded with a check that does not hold`);
    }
    if (event.type === "step" && event.action?.failed === true && event.action.attribution === undefined)
      found.push(`${event.session} step ${event.step} failed and is nobody's fault`);
    if (event.type === "step" && Math.min(event.decisionMs, event.thinkMs, event.queueMs) < 0)
      found.push(`${event.session} step ${event.step} took less than no time`);
  }
  if (started.size !== sessions || ended.size !== sessions)
    found.push(`${started.size} of ${sessions} sessions began, ${ended.size} ended`);
  if (books.sharedCredentials > 0) found.push(`${books.sharedCredentials} credentials were in two hands`);
  if (books.crossAccountReads.attempted > 0) found.push("an order was read under another account");
  const traceOf = (sentence: string): string => started.get(sentence.split(/[ :]/)[0] ?? "") ?? "";
  // A session whose successful order was never answered may count as failed.
  for (const wrong of compareWithBooks(events, books, false).wrong)
    if (
      !(/only the shop|no step of that span|attributed to target/.test(wrong) && unaware.has(traceOf(wrong)))
    )
      found.push(wrong);
  return found;
}
