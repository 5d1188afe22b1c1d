import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test } from "vitest";
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

/** A run that keeps what it is told. */
function context() {
  const messages: FromWorker[] = [];
  const recorded: Event[] = [];
  const gone: string[] = [];
  const failures: ApeError[] = [];
  const run: RunContext = {
    run: "r",
    directory,
    recording: { seed: 1, keep: "auto" },
    boot: () => ({ config: { inference: { apiKeys: [], fallback: [] }, targets: {} }, secrets: [] }) as never,
    joined: () => undefined,
    leaving: () => undefined,
    failed: (error) => void failures.push(error),
    say: () => undefined,
    message: (_worker, message) => void messages.push(message),
    recorded: (event) => void recorded.push(event),
    gone: (worker, _expected, how) => void gone.push(`${worker}: ${how}`),
  };
  return { run, messages, recorded, gone, failures };
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
