import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { readEvents, readEventsOfSession } from "./event-reader.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-read-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lines = (events: readonly Event[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");
async function all(from = directory): Promise<Event[]> {
  const events: Event[] = [];
  await readEvents(from, (event) => events.push(event));
  return events;
}

test("a log that is cut at any byte still gives everything before the last complete line", async () => {
  const events: Event[] = plausibleEvents(3).map((event) =>
    event.type === "session_ended" ? { ...event, reason: "zu früh — 早い" } : event,
  );
  const whole = Buffer.from(lines(events));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (cut) => {
      run += 1;
      const place = join(directory, `run-${run}`);
      mkdirSync(place);
      const left = whole.subarray(0, cut);
      writeFileSync(join(place, "engine.0000.jsonl"), left);
      const complete = left.toString("utf8").split("\n").length - 1;
      const read: Event[] = [];
      const report = await readEvents(place, (event) => read.push(event));
      expect(read.slice(0, complete)).toEqual(events.slice(0, complete));
      expect(read.length).toBeLessThanOrEqual(complete + 1);
      expect(report.bad).toBe(0);
      expect(report.torn + read.length).toBe(cut > 0 && left.at(-1) !== 0x0a ? complete + 1 : complete);
    }),
    { numRuns: 200 },
  );
});

test("garbage lines are counted and passed over", async () => {
  const events = plausibleEvents(1);
  writeFileSync(
    join(directory, "engine.0000.jsonl"),
    `${lines(events.slice(0, 2))}garbage\n[1]\nnull\n{"type":"step"}\n\n${lines(events.slice(2))}{"type":`,
  );
  const read: Event[] = [];
  const report = await readEvents(directory, (event) => read.push(event));
  expect(read).toEqual(events);
  expect(report).toEqual({ events: events.length, torn: 1, bad: 4 });
});

test("the files of several processes are merged by time, each kept in its order", async () => {
  const parts = [0, 1, 2].map((worker) => plausibleEvents(20, { seed: worker + 1, worker }));
  for (const [worker, events] of parts.entries()) {
    const half = Math.floor(events.length / 2);
    writeFileSync(join(directory, `agents-${worker}.0001.jsonl`), lines(events.slice(half)));
    writeFileSync(join(directory, `agents-${worker}.0000.jsonl`), lines(events.slice(0, half)));
  }
  const read = await all();
  expect(read).toHaveLength(parts.flat().length);
  expect(read.map(({ at }) => at)).toEqual([...read.map(({ at }) => at)].sort((a, b) => a - b));
  expect(read.filter((event) => "session" in event && event.session.startsWith("s1-"))).toEqual(
    parts[1]?.filter((event) => "session" in event),
  );
});

test("records longer than a read are whole", async () => {
  const long: Event = { type: "log", at: 1, level: "info", part: "x", message: "ü".repeat(700_000) };
  writeFileSync(join(directory, "engine.0000.jsonl"), lines([long, long]));
  expect(await all()).toEqual([long, long]);
});

test("a directory that does not exist has no events", async () => {
  expect(await all(join(directory, "none"))).toEqual([]);
});

test("the events of a session are found by its id and by the start of its trace", async () => {
  const events = plausibleEvents(12);
  writeFileSync(join(directory, "agents-0.0000.jsonl"), lines(events));
  const ofOne = events.filter((event) => "session" in event && event.session === "s0-1");
  const started = ofOne.find((event) => event.type === "session_started");
  expect(await readEventsOfSession(directory, "s0-1")).toEqual(new Map([["s0-1", ofOne]]));
  expect(await readEventsOfSession(directory, started?.trace ?? "")).toEqual(new Map([["s0-1", ofOne]]));
  expect([...(await readEventsOfSession(directory, "s0-")).keys()]).toHaveLength(12);
  expect((await readEventsOfSession(directory, "nobody")).size).toBe(0);
  expect((await readEventsOfSession(directory, "")).size).toBe(0);
});
