import type { Event } from "@ape/core/protocol/events";
import { OwnTimers } from "@ape/core/test/own-timers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sessionEnded, sessionStarted, stepEnded } from "../../test/session-events.ts";
import { StepRetention } from "../store/step-retention.ts";
import type { ByteAllowance } from "./byte-allowance.ts";
import { CountedEventLog } from "./counted-event-log.ts";
import { KeptEventLog } from "./kept-event-log.ts";
import type { MessageBus } from "./message-bus.ts";

const TIMERS = ["setInterval", "clearInterval"] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...TIMERS] }));
afterEach(() => void vi.useRealTimers());

function fakeBus() {
  const messages: { subject: string; text: string }[] = [];
  const bus = {
    append: async (subject: string, text: string) => void messages.push({ subject, text }),
  } as unknown as MessageBus;
  /** Types of the events that were sent, and their sessions. */
  const events = () =>
    messages
      .filter(({ subject }) => subject.startsWith("events."))
      .flatMap(({ text }) => text.trim().split("\n"))
      .map((line) => JSON.parse(line) as { type?: string; session?: string; message?: string });
  const of = (subject: string) => messages.filter((message) => message.subject.startsWith(subject));
  return { bus, messages, events, of };
}
const session = (id: string): Event[] => [
  sessionStarted(id),
  stepEnded(id, { operation: "GET /a" }),
  sessionEnded(id),
];

function keptLog({ keep = 1, isOverdrawn = false }: { keep?: number; isOverdrawn?: boolean } = {}) {
  const made = fakeBus();
  const retention = new StepRetention(1, keep);
  const spent: number[] = [];
  const allowance = { isOverdrawn, spend: (bytes: number) => void spent.push(bytes) };
  const log = new KeptEventLog(made.bus, "agents-0", {
    compaction: { retention, checkpoint: () => ({ n: 1 }) },
    allowance: allowance as unknown as ByteAllowance,
    figures: () => 3,
  });
  return { ...made, log, retention, spent };
}

test("a session that is kept is sent whole when it ends, one that is dropped is not sent", async () => {
  const { log, retention, events, spent } = keptLog({ keep: 0 });
  for (const event of session("a").slice(0, 2)) log.record(event);
  await log.settled();
  expect(events()).toEqual([]);
  retention.end("a", true);
  log.record(session("a")[2] as Event);
  retention.end("b", false);
  for (const event of session("b")) log.record(event);
  await log.close();
  expect(events()).toHaveLength(3);
  expect(spent).toHaveLength(1);
  expect(spent[0]).toBeGreaterThan(100);
});

test("where the engine has too much already, sessions are left out, and that is said once", async () => {
  const { log, events } = keptLog({ isOverdrawn: true });
  for (const id of ["a", "b"]) for (const event of session(id)) log.record(event);
  await log.close();
  expect(events()).toHaveLength(1);
  expect(JSON.stringify(events()[0])).toContain("Steps of some failed sessions were left out");
});

test("an open session of more than two thousand events is sent in parts", async () => {
  const { log, events, spent } = keptLog();
  log.record(sessionStarted("a"));
  for (let n = 0; n < 1_999; n += 1) log.record(stepEnded("a", { operation: "GET /a" }));
  expect(spent).toHaveLength(0);
  log.commit(stepEnded("a", { operation: "GET /a" }));
  expect(spent).toHaveLength(1);
  log.record({ type: "session_interrupted", at: 1, session: "a", goal: "buy", steps: 1, durationMs: 1 });
  await log.close();
  expect(spent).toHaveLength(2);
  expect(events()).toHaveLength(2_002);
});

test("what concerns the run is sent at once, and a digest every two minutes and at the end", async () => {
  const timers = new OwnTimers();
  const { log, events, of } = keptLog();
  log.record({ type: "log", at: 1, level: "info", part: "a", message: "m" });
  vi.advanceTimersByTime(119_999);
  await log.close({ n: 2 });
  expect(events()).toHaveLength(1);
  expect(of("digest.agents-0").map(({ text }) => JSON.parse(text.split("\n")[0] ?? ""))).toEqual([
    { figures: 3, isFinal: true, index: 0, isLast: true },
  ]);
  const later = keptLog();
  vi.advanceTimersByTime(120_000);
  await later.log.close();
  expect(
    later.of("digest.agents-0").map(({ text }) => JSON.parse(text.split("\n")[0] ?? "").isFinal),
  ).toEqual([false]);
  vi.advanceTimersByTime(120_000);
  expect(timers.count).toBe(0);
});

test("a part that is no worker sends its figures each second in which there were some, and digests", async () => {
  const timers = new OwnTimers();
  const made = fakeBus();
  const log = new CountedEventLog(made.bus, "inference");
  const inference = { type: "inference", at: 1, model: "m", provider: "p", status: 200 } as unknown as Event;
  const drained = async () => {
    for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
  };
  vi.advanceTimersByTime(5_000);
  await drained();
  expect(made.messages).toEqual([]);
  log.record(inference);
  log.commit(inference);
  vi.advanceTimersByTime(1_000);
  await drained();
  expect(made.of("figures.inference")).toHaveLength(1);
  expect(made.of("digest.")).toHaveLength(0);
  // A second without calls may be the end.
  vi.advanceTimersByTime(1_000);
  await expect.poll(() => made.of("digest.inference").length).toBe(1);
  vi.advanceTimersByTime(5_000);
  log.record({ type: "log", at: 1, level: "info", part: "a", message: "m" });
  log.record(inference);
  await log.close();
  expect(made.of("figures.inference")).toHaveLength(2);
  expect(made.of("digest.inference").map(({ text }) => JSON.parse(text.split("\n")[0] ?? ""))).toEqual([
    { figures: 1, isFinal: false, index: 0, isLast: true },
    { figures: 2, isFinal: true, index: 0, isLast: true },
  ]);
  expect(made.of("events.inference")).toHaveLength(1);
  expect(timers.count).toBe(0);
});
