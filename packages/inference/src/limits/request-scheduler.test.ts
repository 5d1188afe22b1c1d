import { randomFrom } from "@ape/core/lib/random";
import { describe, expect, test } from "vitest";
import { askOf, bucket, fixedWindow, type Limit, LimitedProvider } from "../../test/limited.ts";
import { VirtualClock } from "../../test/virtual-clock.ts";
import { ClientAbort } from "../server/client-abort-signal.ts";
import { failedResponse } from "../upstream/failed-attempt.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { KeyRing } from "./key-ring.ts";
import { RequestScheduler, type RequestSchedulerOptions } from "./request-scheduler.ts";

function scheduler(
  clock: VirtualClock,
  inner: Upstream,
  more: Partial<RequestSchedulerOptions> = {},
): RequestScheduler {
  return new RequestScheduler({
    provider: "stub",
    inner,
    ring: KeyRing.of([], () => undefined),
    connections: 256,
    limits: {},
    workers: 1,
    queueTimeout: 60_000,
    breaker: { failures: 3, pause: 1_000 },
    maxCompletionTokens: 100,
    clock,
    ...more,
  });
}

/** Agents that ask again as soon as they are answered, and after a pause when they are refused. */
function agents(
  clock: VirtualClock,
  schedulers: readonly Upstream[],
  count: number,
  until: number,
): Promise<unknown> {
  const one = async (index: number): Promise<void> => {
    const upstream = schedulers[index % schedulers.length] as Upstream;
    while (clock.now() < until) {
      const { error } = await upstream.ask(askOf(`s-${index}`));
      if (error !== undefined) await clock.sleep(50);
    }
  };
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}

const random = randomFrom(5);
const LIMITS: readonly (readonly [string, () => Limit, number])[] = [
  ["a window of a second", () => fixedWindow(100, 1_000), 20],
  ["a window of a second, far away", () => fixedWindow(100, 1_000), 300],
  ["a bucket of a second", () => bucket(100, 1_000), 20],
  ["a window of a minute", () => fixedWindow(6_000, 60_000, "requests-minute"), 200],
  ["a bucket of a minute", () => bucket(6_000, 60_000, "requests-minute"), 200],
];

describe.each(LIMITS)(
  "2,000 agents before a provider of 100 requests a second, by %s",
  (_name, limit, latency) => {
    test.each([1, 3])(
      "get their turns in order without a 429, from %d processes",
      async (workers) => {
        const clock = new VirtualClock();
        const provider = new LimitedProvider(clock, limit(), () => latency * (0.5 + random()));
        const schedulers = Array.from({ length: workers }, () => scheduler(clock, provider, { workers }));
        const start = clock.now();
        const seconds = 60;
        const ended = agents(clock, schedulers, 2_000, start + seconds * 1_000);
        await clock.pass(seconds * 1_000);
        // In the first second nobody knows the limit yet, nor in the time that its answers take.
        const learned = start + 1_000 + 2 * latency;
        expect(provider.refused.filter((at) => at > learned)).toEqual([]);
        const rate = provider.served.filter(({ at }) => at > learned).length / (seconds - 1);
        expect(rate).toBeGreaterThan(40);
        // Order: whoever is served again has let everybody else have a turn, but for a tenth.
        const counts = new Map<string, number>();
        for (const { session } of provider.served) counts.set(session, (counts.get(session) ?? 0) + 1);
        const even = provider.served.length / 2_000;
        const most = Math.max(...counts.values());
        const least = counts.size < 2_000 ? 0 : Math.min(...counts.values());
        expect(counts.size).toBeGreaterThanOrEqual(Math.min(2_000, provider.served.length * 0.9));
        expect(most).toBeLessThanOrEqual(Math.ceil(even * 1.1) + 1);
        // Nobody starves: where there were turns for all, everybody had nearly as many as the next.
        expect(least).toBeGreaterThanOrEqual(Math.floor(even * 0.9) - 1);
        for (const one of schedulers) await one.close();
        await clock.pass(5_000);
        await ended;
      },
      60_000,
    );
  },
);

/** An upstream that answers as it is told, one outcome after the other; the last one stays. */
function scripted(
  clock: VirtualClock,
  outcomes: readonly Partial<UpstreamResponse>[],
  latency = 10,
): Upstream & { asks: UpstreamRequest[] } {
  const asks: UpstreamRequest[] = [];
  return {
    asks,
    async ask(ask) {
      asks.push({ ...ask });
      const outcome = outcomes[Math.min(asks.length, outcomes.length) - 1];
      await clock.sleep(latency);
      const good: UpstreamResponse = {
        ...failedResponse(CUT, 0),
        error: undefined,
        status: 200,
        durationMs: latency,
      };
      return { ...good, ...outcome };
    },
    close: () => Promise.resolve(),
  };
}

const CUT = { code: "unavailable", status: 0, message: "cut" } as const;

test("an agent that asks for much at once does not keep others waiting", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{}], 100);
  const one = scheduler(clock, upstream, { connections: 1 });
  const greedy = Array.from({ length: 20 }, () => one.ask(askOf("greedy")));
  const modest = [one.ask(askOf("a")), one.ask(askOf("b")), one.ask(askOf("a"))];
  await clock.pass(2_400);
  await Promise.all([...greedy, ...modest]);
  expect(upstream.asks.slice(0, 6).map(({ session }) => session)).toEqual([
    "greedy",
    "greedy",
    "a",
    "b",
    "greedy",
    "a",
  ]);
});

test("who waits too long gets an error that says for what, and sends nothing", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{}], 90_000);
  const one = scheduler(clock, upstream, { connections: 1, queueTimeout: 5_000 });
  const first = one.ask(askOf("a"));
  await clock.pass(1_000);
  const late = one.ask(askOf("b"));
  await clock.pass(5_100);
  const { error, queueMs, status } = await late;
  expect(error?.code).toBe("limit");
  expect(error?.message).toMatch(/waited 5(\.\d)? s in the proxy's queue for stub: 1 calls are under way/);
  expect(queueMs).toBeGreaterThanOrEqual(5_000);
  expect(status).toBe(0);
  expect(one.waiting).toBe(0);
  await clock.pass(90_000);
  await first;
  expect(upstream.asks.length).toBe(1);
});

test("who goes away while waiting is not sent, and nobody waits for it", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{}], 100);
  const one = scheduler(clock, upstream, { connections: 1 });
  const gone = new ClientAbort();
  const answers = [one.ask(askOf("a")), one.ask(askOf("b", { signal: gone })), one.ask(askOf("c"))];
  gone.abort();
  await clock.pass(250);
  const codes = (await Promise.all(answers)).map(({ error }) => error?.code);
  expect(codes).toEqual([undefined, "cancelled", undefined]);
  expect(upstream.asks.map(({ session }) => session)).toEqual(["a", "c"]);
});

test("a wait that the provider asks for holds for everybody, and one beyond the deadline is refused at once", async () => {
  const clock = new VirtualClock();
  const limited = { status: 429, error: { code: "limit", status: 429, message: "slow" } } as const;
  const upstream = scripted(clock, [{ ...limited, headers: { "retry-after": "2.5" } }, {}]);
  const one = scheduler(clock, upstream);
  const first = one.ask(askOf("a"));
  await clock.pass(20);
  expect((await first).status).toBe(429);
  const second = one.ask(askOf("b"));
  await clock.pass(2_400);
  expect(upstream.asks.length).toBe(1);
  await clock.pass(200);
  expect((await second).status).toBe(200);
  const far = scripted(clock, [{ ...limited, headers: { "retry-after": "3600" } }]);
  const other = scheduler(clock, far);
  const refused = other.ask(askOf("a"));
  await clock.pass(20);
  await refused;
  const { error } = await other.ask(askOf("b"));
  expect(error?.message).toContain("3600 s, longer than queueTimeout (60 s)");
  expect(far.asks.length).toBe(1);
});

const usedUp = (reset: string) => ({
  headers: {
    "x-ratelimit-limit-requests": "10",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": reset,
  },
});

test("a limit that is used up for longer than a call may wait refuses it at once, and says for how long", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [usedUp("600s"), {}]);
  const one = scheduler(clock, upstream);
  const first = one.ask(askOf("a"));
  await clock.pass(20);
  await first;
  const { error, queueMs } = await one.ask(askOf("b"));
  expect(error?.message).toMatch(
    /the provider's limit of requests is used up at stub for another (?:599|600) s, longer than queueTimeout \(60 s\)/,
  );
  expect(queueMs).toBe(0);
  await clock.pass(560_000);
  const waits = one.ask(askOf("b"));
  await clock.pass(41_000);
  expect((await waits).status).toBe(200);
});

test("a call waits while others are in flight, whose answers may show more room", async () => {
  const clock = new VirtualClock();
  const room = { headers: { ...usedUp("600s").headers, "x-ratelimit-remaining-requests": "5" } };
  const upstream = scripted(clock, [usedUp("600s"), room, {}], 1_000);
  const one = scheduler(clock, upstream, { queueTimeout: 5_000 });
  const both = [one.ask(askOf("a")), one.ask(askOf("b"))];
  await clock.pass(500);
  const third = one.ask(askOf("c"));
  await clock.pass(6_000);
  await Promise.all(both);
  expect((await third).status).toBe(200);
});

test("a provider that fails again and again is spared, then tried once, then trusted", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{}, { error: CUT }, { error: CUT }, { error: CUT }, { error: CUT }, {}]);
  const one = scheduler(clock, upstream);
  for (let i = 0; i < 4; i += 1) {
    const answer = one.ask(askOf("a"));
    await clock.pass(20);
    await answer;
  }
  expect(one.open).toBe(true);
  const waiting = ["a", "b", "c"].map((session) => one.ask(askOf(session)));
  await clock.pass(900);
  expect(upstream.asks.length).toBe(4);
  await clock.pass(120);
  expect(upstream.asks.length).toBe(5);
  expect((await waiting[0])?.error).toEqual(CUT);
  await clock.pass(1_900);
  expect(upstream.asks.length).toBe(5);
  await clock.pass(200);
  const [, ...others] = await Promise.all(waiting);
  expect(others.map(({ status }) => status)).toEqual([200, 200]);
  expect(one.open).toBe(false);
});

test("calls of a provider that never answered fail at once in its words, and it is tried again after a pause", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{ error: CUT }, { error: CUT }, { error: CUT }, {}]);
  const one = scheduler(clock, upstream);
  for (let i = 0; i < 3; i += 1) {
    const answer = one.ask(askOf("a"));
    await clock.pass(20);
    await answer;
  }
  expect((await one.ask(askOf("a"))).error).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(CUT.message),
  });
  expect(upstream.asks.length).toBe(3);
  await clock.pass(1_000);
  const again = one.ask(askOf("a"));
  await clock.pass(20);
  expect([(await again).error, upstream.asks.length]).toEqual([undefined, 4]);
});

test("overload lowers how many are under way, success raises it again", async () => {
  const clock = new VirtualClock();
  const overload = { status: 503, error: { code: "unavailable", status: 503, message: "busy" } } as const;
  const upstream = scripted(clock, [overload, {}]);
  const one = scheduler(clock, upstream, { connections: 10 });
  const first = one.ask(askOf("a"));
  await clock.pass(20);
  await first;
  expect(one.limit).toBe(7);
  const many = Array.from({ length: 200 }, (_, n) => one.ask(askOf(`s${n}`)));
  await clock.pass(1_000);
  await Promise.all(many);
  expect(one.limit).toBe(10);
});

test("configured budgets hold in every minute, tokens by what was reserved and then by what was used", async () => {
  const clock = new VirtualClock();
  const upstream = scripted(clock, [{ inputTokens: 50, outputTokens: 50 }]);
  const one = scheduler(clock, upstream, { limits: { tokensPerMinute: 60_000 } });
  const request = { model: "m", messages: [], max_completion_tokens: 500 };
  const answers = Array.from({ length: 400 }, (_, n) => one.ask(askOf(`s${n}`, { request: () => request })));
  await clock.pass(10_000);
  // Ten seconds' budget is 10,000 tokens, of which each call uses 100: by reservation alone it would be 20 calls.
  expect(upstream.asks.length).toBeGreaterThan(60);
  expect(upstream.asks.length).toBeLessThanOrEqual(112);
  await one.close();
  await clock.pass(20);
  await Promise.all(answers);
  const paced = scripted(clock, [{}]);
  const two = scheduler(clock, paced, { limits: { requestsPerMinute: 600 }, workers: 2 });
  const more = Array.from({ length: 400 }, (_, n) => two.ask(askOf(`s${n}`)));
  await clock.pass(10_000);
  expect(paced.asks.length).toBeGreaterThan(45);
  expect(paced.asks.length).toBeLessThanOrEqual(56);
  await two.close();
  await clock.pass(20);
  expect((await Promise.all(more)).filter(({ error }) => error?.code === "cancelled").length).toBeGreaterThan(
    300,
  );
});

test("a key that is refused is spared with one message that does not hold it, and the next one is asked", async () => {
  const clock = new VirtualClock();
  const messages: string[] = [];
  const unknown = { status: 401, error: { code: "refused", status: 401, message: "wrong key" } } as const;
  const unpaid = { status: 402, error: { code: "refused", status: 402, message: "pay" } } as const;
  const upstream = scripted(clock, [unknown, {}, unpaid, {}]);
  const ring = KeyRing.of(
    [
      { key: "sk-one", organisation: "x" },
      { key: "sk-two", organisation: "x" },
    ],
    (message) => messages.push(message),
  );
  const one = scheduler(clock, upstream, { ring });
  const ask = async (): Promise<UpstreamResponse> => {
    const answer = one.ask(askOf("a"));
    await clock.pass(50);
    return answer;
  };
  expect((await ask()).status).toBe(200);
  expect(upstream.asks.map(({ headers }) => headers?.[1])).toEqual(["Bearer sk-one", "Bearer sk-two"]);
  expect((await ask()).status).toBe(402);
  expect((await ask()).error?.message).toBe("stub refused key 2 of 2 with 402: pay");
  expect(upstream.asks.length).toBe(3);
  expect(messages).toEqual([
    "stub refused key 1 of 2 with 401: wrong key; it is tried again after a pause",
    "stub refused key 2 of 2 with 402: pay; it is tried again after a pause",
  ]);
  await clock.pass(5_000);
  expect((await ask()).status).toBe(200);
});

test("a bucket that is used up is not waited for until it is full", async () => {
  const clock = new VirtualClock();
  const provider = new LimitedProvider(clock, bucket(600, 60_000, "requests-minute"), () => 50);
  const one = scheduler(clock, provider, { queueTimeout: 30_000 });
  const start = clock.now();
  const ended = agents(clock, [one], 100, start + 180_000);
  await clock.pass(180_000);
  const learned = start + 1_100;
  expect(provider.refused.filter((at) => at > learned)).toEqual([]);
  const times = provider.served.map(({ at }) => at).filter((at) => at > learned);
  const gaps = times.map((at, i) => at - (times[i - 1] ?? at));
  expect(Math.max(...gaps)).toBeLessThan(15_000);
  // 600 at the start and 10 a second from then on.
  expect(provider.served.length).toBeGreaterThan(600 + 180 * 8);
  await one.close();
  await clock.pass(5_000);
  await ended;
}, 60_000);

test("a provider that names a time to come back is asked then, whatever its reset says", async () => {
  const clock = new VirtualClock();
  const headers = {
    "x-ratelimit-remaining-tokens": "0",
    "x-ratelimit-reset-tokens": "6m0s",
    "retry-after": "1",
  };
  const limited = { status: 429, headers, error: { code: "limit", status: 429, message: "slow" } } as const;
  const upstream = scripted(clock, [limited, {}]);
  const one = scheduler(clock, upstream);
  const first = one.ask(askOf("a"));
  await clock.pass(20);
  await first;
  const others = ["b", "c"].map((session) => one.ask(askOf(session)));
  await clock.pass(1_100);
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
});

const failure = (
  code: string,
  status: number,
  more: Partial<UpstreamResponse> = {},
): Partial<UpstreamResponse> =>
  ({ status, error: { code, status, message: "" }, ...more }) as Partial<UpstreamResponse>;

test.each<[string, Partial<UpstreamResponse>, opens: boolean, lowers: boolean]>([
  ["an answer", {}, false, false],
  ["a cancelled call", failure("cancelled", 0), false, false],
  ["a 429", failure("limit", 429), false, true],
  ["a 429 that names a time", failure("limit", 429, { headers: { "retry-after": "0.001" } }), false, false],
  ["a 429 whose body names a time", failure("limit", 429, { refusal: "try again in 1ms" }), false, false],
  ["a 409", failure("unavailable", 409), false, false],
  ["a 425", failure("unavailable", 425), false, false],
  ["a 503", failure("unavailable", 503), true, true],
  ["a 408", failure("unavailable", 408), true, true],
  ["a timeout", failure("timeout", 0), true, true],
  ["a request that was not sent", failure("limit", 0, { unsent: true }), true, true],
  ["an answer that breaks the protocol", failure("protocol", 200), true, false],
  ["a request that is refused", failure("refused", 400), false, false],
])(
  "three times %s opens the circuit: %j, and lowers the limit: %j",
  async (_name, outcome, opens, lowers) => {
    const clock = new VirtualClock();
    const one = scheduler(clock, scripted(clock, [outcome]), { connections: 10 });
    for (let n = 0; n < 3; n += 1) {
      const answer = one.ask(askOf("a"));
      await clock.pass(30);
      await answer;
    }
    expect([one.open, one.down]).toEqual([opens, opens]);
    expect(one.limit < 10).toBe(lowers);
    expect([one.underway, one.waiting, one.isIdle]).toEqual([0, 0, true]);
  },
);

test("a cancelled call between failures neither counts nor clears them, a good answer clears them", async () => {
  const clock = new VirtualClock();
  const down = failure("unavailable", 503);
  const ask = async (outcomes: Partial<UpstreamResponse>[]) => {
    const one = scheduler(clock, scripted(clock, outcomes), { connections: 10 });
    for (const _ of outcomes) {
      const answer = one.ask(askOf("a"));
      await clock.pass(30);
      await answer;
    }
    return one.open;
  };
  expect(await ask([down, failure("cancelled", 0), down, down])).toBe(true);
  expect(await ask([down, {}, down, down])).toBe(false);
});

test("tokens are reserved by what a request allows, else by the configured maximum", async () => {
  const clock = new VirtualClock();
  const sentOf = async (request: object) => {
    const upstream = scripted(clock, [{}]);
    const one = scheduler(clock, upstream, { limits: { tokensPerMinute: 60_000 }, maxCompletionTokens: 400 });
    const answers = Array.from({ length: 9 }, (_, n) =>
      one.ask(askOf(`s${n}`, { request: () => ({ model: "m", messages: [], ...request }) as never })),
    );
    await clock.pass(5);
    const sent = upstream.asks.length;
    await one.close();
    await clock.pass(50);
    await Promise.all(answers);
    return sent;
  };
  // The bucket holds 1,000 tokens; a few of each call are its prompt.
  expect(await sentOf({ max_completion_tokens: 300 })).toBe(3);
  expect(await sentOf({ max_tokens: 180 })).toBe(5);
  expect(await sentOf({ max_completion_tokens: 300, max_tokens: 10 })).toBe(3);
  expect(await sentOf({ max_completion_tokens: 0 })).toBe(2);
  expect(await sentOf({})).toBe(2);
});

test("what waits when the proxy closes is cancelled, and says so", async () => {
  const clock = new VirtualClock();
  const one = scheduler(clock, scripted(clock, [{}], 100), { connections: 1 });
  const first = one.ask(askOf("a"));
  const second = one.ask(askOf("b"));
  expect([one.waiting, one.isIdle, one.forgettable]).toEqual([1, false, false]);
  await one.close();
  expect((await second).error).toEqual({ code: "cancelled", status: 0, message: "the proxy was closed" });
  await clock.pass(200);
  expect((await first).status).toBe(200);
  expect([one.isIdle, one.forgettable]).toEqual([true, true]);
});

test("a call that is cancelled before it is made, or has no usable key, waits for nothing", async () => {
  const clock = new VirtualClock();
  const refusal = { status: 401, error: { code: "refused", status: 401, message: "wrong" } } as const;
  const ring = KeyRing.of([{ key: "sk-one", organisation: "x" }], () => undefined);
  const upstream = scripted(clock, [refusal]);
  const one = scheduler(clock, upstream, { ring, connections: 1 });
  const first = one.ask(askOf("a"));
  const gone = new ClientAbort();
  gone.abort();
  expect((await one.ask(askOf("b", { signal: gone }))).error?.code).toBe("cancelled");
  const waits = one.ask(askOf("c"));
  await clock.pass(20);
  expect((await first).status).toBe(401);
  // Its only key was refused meanwhile.
  expect((await waits).error).toEqual({
    code: "refused",
    status: 401,
    message: "stub refused the key with 401: wrong",
  });
  expect(upstream.asks).toHaveLength(1);
});

test("a call in flight keeps the scheduler from being idle, and one that never failed says how many are in flight", async () => {
  const clock = new VirtualClock();
  const one = scheduler(clock, scripted(clock, [{}], 5_000), { connections: 1, queueTimeout: 1_000 });
  const first = one.ask(askOf("a"));
  expect([one.waiting, one.underway, one.isIdle, one.forgettable]).toEqual([0, 1, false, false]);
  const second = one.ask(askOf("b"));
  await clock.pass(1_000);
  expect((await second).error).toEqual({
    code: "limit",
    status: 0,
    message: "waited 1 s in the proxy's queue for stub: 1 calls are under way",
  });
  await clock.pass(4_000);
  expect((await first).status).toBe(200);
});
