import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BusEventLog } from "./bus-event-log.ts";
import type { MessageBus } from "./message-bus.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A bus that stores each message when a test lets it. */
function heldBus() {
  const sent: { subject: string; text: string; store: () => void; fail: () => void }[] = [];
  const bus = {
    append: (subject: string, text: string) =>
      new Promise<void>((resolve, reject) => {
        sent.push({ subject, text, store: resolve, fail: () => reject(new Error("closed")) });
      }),
  } as unknown as MessageBus;
  return { bus, sent };
}
const note = (message: string): Event => ({ type: "log", at: 1, level: "info", part: "a", message });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const messages = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => /m(\d+)/.exec(line)?.[0] ?? line);

test("events wait 20 ms for others, and go as one message of lines", async () => {
  const { bus, sent } = heldBus();
  const log = new BusEventLog(bus, "agents-0");
  log.record(note("m1"));
  vi.advanceTimersByTime(19);
  log.record(note("m2"));
  expect(sent).toHaveLength(0);
  vi.advanceTimersByTime(1);
  expect(sent.map(({ subject, text }) => [subject, messages(text)])).toEqual([
    ["events.agents-0", ["m1", "m2"]],
  ]);
  sent[0]?.store();
  await turn();
  log.recordLine("m3");
  vi.advanceTimersByTime(20);
  expect(sent[1]?.text).toBe("m3\n");
});

test("one message is in flight at a time, and what comes meanwhile is in the next", async () => {
  const { bus, sent } = heldBus();
  const log = new BusEventLog(bus, "a");
  log.commit(note("m1"));
  log.commit(note("m2"));
  log.record(note("m3"));
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
  sent[0]?.store();
  await turn();
  expect(sent.map(({ text }) => messages(text))).toEqual([["m1"], ["m2", "m3"]]);
});

test("it is settled when what was recorded until then is stored, not what came later", async () => {
  const { bus, sent } = heldBus();
  const log = new BusEventLog(bus, "a");
  await log.settled();
  const order: string[] = [];
  log.record(note("m1"));
  void log.settled().then(() => order.push("first"));
  log.record(note("m2"));
  void log.close().then(() => order.push("second"));
  await turn();
  expect([sent.length, order]).toEqual([1, []]);
  sent[0]?.store();
  await turn();
  expect(order).toEqual(["first"]);
  sent[1]?.store();
  await turn();
  expect(order).toEqual(["first", "second"]);
  await log.settled();
});

test("a message is divided at 256 KiB, in order", async () => {
  const { bus, sent } = heldBus();
  const log = new BusEventLog(bus, "a");
  const line = "x".repeat(128 * 1024 - 1);
  for (const last of ["m1", "m2", "m3"]) log.recordLine(line.slice(0, -2) + last);
  log.commit(note("m4"));
  expect(sent[0]?.text.length).toBe(256 * 1024);
  sent[0]?.store();
  await turn();
  expect(sent.map(({ text }) => text.match(/m\d/g))).toEqual([
    ["m1", "m2"],
    ["m3", "m4"],
  ]);
});

test("a bus that fails ends one message, and others are tried", async () => {
  const { bus, sent } = heldBus();
  const log = new BusEventLog(bus, "a");
  log.commit(note("m1"));
  sent[0]?.fail();
  await turn();
  log.commit(note("m2"));
  expect(sent.map(({ text }) => messages(text))).toEqual([["m1"], ["m2"]]);
});
