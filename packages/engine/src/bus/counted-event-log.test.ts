import type { Event } from "@ape/core/protocol/events";
import { OwnTimers } from "@ape/core/test/own-timers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { CountedEventLog } from "./counted-event-log.ts";
import { DigestAssembler } from "./digest-message.ts";
import type { MessageBus } from "./message-bus.ts";

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] }),
);
afterEach(() => void vi.useRealTimers());

/** Real milliseconds after which a message that is awaited counts as missing. */
const LONGEST_MS = 4_000;
const CALL = plausibleEvents(1).find(({ type }) => type === "inference") as Event;
const NOTE: Event = { type: "log", at: 1, level: "info", part: "inference-1", message: "m1" };

/** A log, and what it has sent: the figures of calls, the heads of digests, and the number of events, in order. */
function rig() {
  const sent: string[] = [];
  const append = async (subject: string, text: string): Promise<void> => {
    if (subject.startsWith("digest.")) {
      const { figures, isFinal } = new DigestAssembler().add("p", text)?.head ?? {};
      sent.push(`${subject} of ${figures}${isFinal === true ? ", the last" : ""}`);
    } else sent.push(subject);
  };
  const log = new CountedEventLog({ append } as unknown as MessageBus, "inference-1");
  /** Lets time pass, and waits until as many messages are sent. */
  const later = async (ms: number, messages: number): Promise<string[]> => {
    vi.advanceTimersByTime(ms);
    // A digest is compressed in another thread, which takes real time.
    const until = performance.now() + LONGEST_MS;
    while (sent.length < messages && performance.now() < until)
      await new Promise((resolve) => setImmediate(resolve));
    return sent;
  };
  return { log, later, sent };
}

const FIGURES = "figures.inference-1";

test("events of sessions are sent as figures, once per second in which there were any", async () => {
  const { log, later } = rig();
  log.record(CALL);
  log.commit(CALL);
  expect(await later(999, 0)).toEqual([]);
  expect(await later(1, 1)).toEqual([FIGURES]);
  log.record(CALL);
  expect(await later(1_000, 2)).toEqual([FIGURES, FIGURES]);
  vi.clearAllTimers();
});

test("a second without calls after some sends one digest, and nothing after it", async () => {
  const { log, later } = rig();
  log.record(CALL);
  await later(1_000, 1);
  const after = [FIGURES, "digest.inference-1 of 1"];
  expect(await later(1_000, 2)).toEqual(after);
  expect(await later(5_000, 2)).toEqual(after);
  log.record(CALL);
  expect(await later(2_000, 4)).toEqual([...after, FIGURES, "digest.inference-1 of 2"]);
  vi.clearAllTimers();
});

test("under steady load a digest is sent every two minutes", async () => {
  const { log, later, sent } = rig();
  for (let second = 0; second < 120; second += 1) {
    log.record(CALL);
    await later(1_000, second + 1);
  }
  await later(0, 121);
  expect(sent.filter((one) => one !== FIGURES)).toEqual(["digest.inference-1 of 120"]);
  vi.clearAllTimers();
});

test("the end sends what was not sent, the last digest after it, and stops", async () => {
  const timers = new OwnTimers();
  const { log, later, sent } = rig();
  expect(timers.count).toBe(2);
  log.record(CALL);
  await log.close();
  const all = [FIGURES, "digest.inference-1 of 1, the last"];
  expect(sent).toEqual(all);
  expect(timers.count).toBe(0);
  expect(await later(200_000, 0)).toEqual(all);
});

test("where nothing was counted no digest is sent", async () => {
  const { log, later, sent } = rig();
  await later(200_000, 0);
  await log.close();
  expect(sent).toEqual([]);
});

test("what concerns the run is sent as events, and is no figure", async () => {
  const { log, sent } = rig();
  log.record(NOTE);
  await log.close();
  expect(sent).toEqual(["events.inference-1"]);
});
