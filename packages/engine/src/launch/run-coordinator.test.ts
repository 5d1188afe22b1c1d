import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "@ape/core/config/schema";
import type { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InProcessBus } from "../../test/in-process-bus.ts";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import type { FromWorker } from "../worker/protocol.ts";
import type { RunContext } from "./launcher.ts";
import { SUBJECTS } from "./messages.ts";
import { RunCoordinator } from "./run-coordinator.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-coordinator-"));
});
afterEach(() => rm(directory, { recursive: true }));

const CONFIG = configSchema.parse({
  version: 1,
  targets: { shop: { baseUrl: "http://127.0.0.1:9" } },
  goals: [{ name: "look", prompt: "Look.", success: [{ action: { operation: "GET /" } }] }],
});

/** A run that keeps what it is told. */
function context() {
  const messages: FromWorker[] = [];
  const recorded: Event[] = [];
  const gone: string[] = [];
  const failures: ApeError[] = [];
  const outages: number[] = [];
  const reachable: boolean[] = [];
  const returned: number[] = [];
  const leaving: number[] = [];
  const run: RunContext = {
    run: "r",
    directory,
    recording: { seed: 1, keep: "auto", send: "all" },
    boot: () => ({ config: CONFIG, secrets: [], environment: {} }) as never,
    joined: () => undefined,
    leaving: (worker) => void leaving.push(worker),
    returned: (worker) => void returned.push(worker),
    reachable: (isReachable) => void reachable.push(isReachable),
    figures: () => undefined,
    wasAway: (ms) => void outages.push(ms),
    failed: (error) => void failures.push(error),
    say: () => undefined,
    message: (_worker, message) => void messages.push(message),
    recorded: (event) => void recorded.push(event),
    gone: (worker, _expected, how) => void gone.push(`${worker}: ${how}`),
  };
  return { run, messages, recorded, gone, failures, outages, reachable, returned, leaving };
}

const figures = (active: number): string =>
  JSON.stringify({
    type: "figures",
    snapshot: new Aggregator([]).takeSnapshot(),
    active,
    waiting: 0,
  } satisfies FromWorker);

const activeOf = (messages: readonly FromWorker[]): number[] =>
  messages.flatMap((message) => (message.type === "figures" ? [message.active] : []));

test("agents that an earlier engine had do not count until their process reports to this one", async () => {
  const bus = new InProcessBus();
  for (const name of ["alive", "dead"]) {
    await bus.append(SUBJECTS.join, name);
    await bus.append(SUBJECTS.to(name), JSON.stringify({ type: "boot" }));
    await bus.append(SUBJECTS.from(name), figures(30));
  }
  const { run, messages } = context();
  const engine = new RunCoordinator(bus, run, 4);
  await engine.open();
  expect(activeOf(messages)).toEqual([0, 0]);
  await bus.append(SUBJECTS.from("alive"), figures(28));
  await expect.poll(() => activeOf(messages)).toEqual([0, 0, 28]);
  expect(engine.joined).toBe(2);
  await engine.close();
});

test("events of the proxy reach the run; those of agents come as figures and are only kept", async () => {
  const bus = new InProcessBus();
  const { run, recorded } = context();
  const engine = new RunCoordinator(bus, run, 4);
  await engine.open();
  const events = plausibleEvents(20);
  const calls = events.filter(({ type }) => type === "inference");
  const lines = (some: readonly Event[]): string =>
    some.map((event) => `${JSON.stringify(event)}\n`).join("");
  await bus.append(`${SUBJECTS.events}agents-0`, lines(events));
  await bus.append(`${SUBJECTS.events}inference`, lines(calls));
  await expect.poll(() => recorded).toEqual(calls);
  expect(calls.length).toBeGreaterThan(0);
  await engine.close();
});

test("a part whose clock is not the engine's is stated", async () => {
  const bus = new InProcessBus();
  const said: string[] = [];
  const { run } = context();
  const engine = new RunCoordinator(bus, { ...run, say: (_level, message) => void said.push(message) }, 4);
  await engine.open();
  const event: Event = { type: "session_dropped", at: Date.now() + 3_600_000 };
  await bus.append(`${SUBJECTS.events}agents-0`, `${JSON.stringify(event)}\n`);
  await expect
    .poll(() => said)
    .toEqual([expect.stringMatching(/^the clock of agents-0 is 3\d{3}\.\d s ahead of the engine's/)]);
  await engine.close();
});

test("events that cannot be written fail the run once, and stay on the message bus", async () => {
  const bus = new InProcessBus();
  const { run, failures } = context();
  const engine = new RunCoordinator(bus, run, 4);
  await engine.open();
  // Something that no file can replace, as a full disk is.
  await mkdir(join(directory, "events", "agents-0.0000.jsonl", "in-the-way"), { recursive: true });
  for (let count = 0; count < 3; count += 1) await bus.append(`${SUBJECTS.events}agents-0`, "{}\n");
  await expect.poll(() => failures.map(({ code }) => code)).toEqual(["STORE_FULL"]);
  await engine.close();
});

test("the stream of a run that has ended is deleted, that of one to be continued is kept", async () => {
  for (const [forget, left] of [
    [false, ["m"]],
    [true, []],
  ] as const) {
    const bus = new InProcessBus();
    await bus.append(SUBJECTS.join, "m");
    await new RunCoordinator(bus, context().run, 4).close(forget);
    const seen: string[] = [];
    await bus.follow(SUBJECTS.join, "first", ({ text }) => void seen.push(text));
    await expect.poll(() => seen).toEqual(left);
  }
});

/** A coordinator with workers that have joined; `speak` sends the figures of one. */
async function withWorkers(names: readonly string[], shares = 4) {
  const bus = new InProcessBus();
  const rig = context();
  const engine = new RunCoordinator(bus, rig.run, shares);
  await engine.open();
  for (const name of names) await bus.append(SUBJECTS.join, name);
  await expect.poll(() => engine.joined).toBe(names.length);
  /** Types of the messages that each worker was sent. */
  const told: Record<string, string[]> = {};
  await bus.follow(SUBJECTS.to(""), "first", ({ subject, text }) => {
    const name = subject.slice(SUBJECTS.to("").length);
    told[name] = [...(told[name] ?? []), (JSON.parse(text) as { type: string }).type];
  });
  return { ...rig, bus, engine, told, speak: (name: string) => bus.append(SUBJECTS.from(name), figures(1)) };
}

/** Timers and the clock are played; what is awaited between them is real. */
function playTime(): void {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] });
}

test("the silence of workers does not count while the message bus is away, and the outage is reported", async () => {
  playTime();
  try {
    const rig = await withWorkers(["m"]);
    await vi.advanceTimersByTimeAsync(2_000);
    rig.bus.interrupt();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(rig.gone).toEqual([]);
    expect(rig.reachable).toEqual([false]);
    rig.bus.resume();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(rig.gone).toEqual([]);
    expect(rig.reachable).toEqual([false, true]);
    expect(rig.outages).toHaveLength(1);
    expect(Math.abs((rig.outages[0] ?? 0) - 30_000)).toBeLessThan(1_500);
    // With the bus back, silence counts again.
    await vi.advanceTimersByTimeAsync(5_000);
    expect(rig.gone).toEqual(["0: it said nothing for 10 s"]);
    await rig.engine.close();
  } finally {
    vi.useRealTimers();
  }
});

test("a silent worker that speaks again is taken back; one whose rows another has got only ends its sessions", async () => {
  playTime();
  try {
    const rig = await withWorkers(["a", "b"]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(rig.gone).toHaveLength(2);
    await rig.speak("a");
    await vi.advanceTimersByTimeAsync(100);
    expect(rig.returned).toEqual([0]);
    expect(rig.leaving).toEqual([]);
    // A third worker gets the rows of `b`, which then returns.
    await rig.bus.append(SUBJECTS.join, "c");
    await rig.speak("b");
    await vi.advanceTimersByTimeAsync(100);
    expect(rig.returned).toEqual([0, 1]);
    expect(rig.leaving).toEqual([1]);
    expect(rig.told.a).toEqual(["boot"]);
    expect(rig.told.b).toEqual(["boot", "drain"]);
    const snapshot = new Aggregator([]).takeSnapshot();
    await rig.bus.append(SUBJECTS.from("b"), JSON.stringify({ type: "done", snapshot } satisfies FromWorker));
    await vi.advanceTimersByTimeAsync(100);
    expect(rig.told.b).toEqual(["boot", "drain", "leave"]);
    await rig.engine.close();
  } finally {
    vi.useRealTimers();
  }
});

test("a worker that was cut off is not taken back", async () => {
  const bus = new InProcessBus();
  const rig = context();
  let kill: () => void = () => undefined;
  const run: RunContext = {
    ...rig.run,
    joined: (handle) => {
      kill = () => handle.kill();
    },
  };
  const engine = new RunCoordinator(bus, run, 4);
  await engine.open();
  await bus.append(SUBJECTS.join, "m");
  await expect.poll(() => engine.joined).toBe(1);
  kill();
  await bus.append(SUBJECTS.from("m"), figures(1));
  await bus.append(SUBJECTS.join, "later");
  await expect.poll(() => engine.joined).toBe(2);
  expect(rig.gone).toEqual(["0: it was cut off"]);
  expect(rig.returned).toEqual([]);
  await engine.close();
});

test("a lost stream fails the run once, and every worker counts as gone", async () => {
  const { bus, engine, failures, gone } = await withWorkers(["a", "b"]);
  bus.lose();
  await expect
    .poll(() => failures.map(({ message }) => message))
    .toEqual(["the message bus has lost its stream"]);
  expect(gone).toEqual(["0: the message bus is lost", "1: the message bus is lost"]);
  await engine.settle();
  await engine.close();
});

test("a message bus that stays away for ten minutes ends the run", async () => {
  playTime();
  try {
    const { bus, failures, gone, engine } = await withWorkers(["a"]);
    bus.interrupt();
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(failures.map(({ message }) => message)).toEqual([
      "the message bus has not answered for 10 minutes",
    ]);
    expect(gone).toEqual(["0: the message bus is lost"]);
    bus.resume();
    await vi.advanceTimersByTimeAsync(1_000);
    await engine.close();
  } finally {
    vi.useRealTimers();
  }
});
