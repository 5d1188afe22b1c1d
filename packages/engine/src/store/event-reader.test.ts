import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { encodeEvent } from "./event-encoding.ts";
import { openEventLog } from "./event-log.ts";
import { findSessions, readEventsOfSession, readLastEvents } from "./event-queries.ts";
import { type EventSelection, readEvents } from "./event-reader.ts";
import { EventTail } from "./event-tail.ts";
import { readSessionLine, sessionLine } from "./segment-format.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-read-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lines = (events: readonly Event[], of: (event: Event) => string = JSON.stringify): string =>
  events.map((event) => `${of(event)}\n`).join("");

/** Halves, as of a log that has begun a second segment. */
function halves(events: readonly Event[]): [Event[], Event[]] {
  const half = Math.floor(events.length / 2);
  return [events.slice(0, half), events.slice(half)];
}

/** Ways to store the events of one process: those of earlier versions, of a running run, and of one that has ended. */
const FORMATS: Record<string, (folder: string, part: string, events: readonly Event[]) => Promise<void>> = {
  "objects as lines": async (folder, part, events) => {
    for (const [number, half] of halves(events).entries())
      writeFileSync(join(folder, `${part}.000${number}.jsonl`), lines(half));
  },
  "records as lines": async (folder, part, events) => {
    for (const [number, half] of halves(events).entries())
      writeFileSync(join(folder, `${part}.000${number}.jsonl`), lines(half, encodeEvent));
  },
  "sealed segments": async (folder, part, events) => {
    const log = await openEventLog(folder, part, { onFailure: failed, segmentBytes: 40_000 });
    for (const event of events) log.record(event);
    await log.close();
    expect(readdirSync(folder).filter((name) => name.endsWith(".jsonl"))).toEqual([]);
  },
  "a sealed segment, then lines": async (folder, part, events) => {
    const [first, second] = halves(events);
    const log = await openEventLog(folder, part, { onFailure: failed });
    for (const event of first) log.record(event);
    await log.close();
    writeFileSync(join(folder, `${part}.0001.jsonl`), lines(second, encodeEvent));
  },
};

function failed(error: Error): never {
  throw error;
}

async function read(selection?: EventSelection, from = directory): Promise<Event[]> {
  const events: Event[] = [];
  await readEvents(from, (event) => events.push(event), selection);
  return events;
}

describe.each(Object.entries(FORMATS))("%s", (_, write) => {
  const parts = [0, 1, 2].map((worker) => plausibleEvents(40, { seed: worker + 1, worker }));
  beforeEach(async () => {
    for (const [worker, events] of parts.entries()) await write(directory, `agents-${worker}`, events);
  });
  const all = parts.flat().sort((a, b) => a.at - b.at);

  test("processes are merged by time, each kept in its order", async () => {
    const events = await read();
    expect(events.map(({ at }) => at)).toEqual(all.map(({ at }) => at));
    for (const [worker, own] of parts.entries())
      expect(events.filter((event) => "session" in event && event.session.startsWith(`s${worker}-`))).toEqual(
        own.filter((event) => "session" in event),
      );
  });

  test("a selection gives the same events as reading all of them", async () => {
    const whole = await read();
    const ids = [...new Set(whole.flatMap((event) => ("session" in event ? [event.session] : [])))];
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.nat(whole.length - 1), { nil: undefined }),
        fc.option(fc.subarray(ids, { maxLength: 70 }), { nil: undefined }),
        fc.option(fc.constantFrom("orders", "s1-1", "no such text"), { nil: undefined }),
        async (from, some, text) => {
          const since = from === undefined ? undefined : (whole[from] as Event).at;
          const sessions = some === undefined ? undefined : new Set(some);
          const selected = await read({
            ...(since === undefined ? {} : { since }),
            ...(sessions === undefined ? {} : { sessions }),
            ...(text === undefined ? {} : { containing: [text] }),
          });
          expect(selected).toEqual(
            whole.filter(
              (event) =>
                (since === undefined || event.at >= since) &&
                (sessions === undefined || ("session" in event && sessions.has(event.session))) &&
                (text === undefined || encodeEvent(event).includes(text)),
            ),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("a session is found by its id and by the start of its trace", async () => {
    const ofOne = parts[1]?.filter((event) => "session" in event && event.session === "s1-20") ?? [];
    const started = ofOne.find((event) => event.type === "session_started");
    expect(await readEventsOfSession(directory, "s1-20")).toEqual(new Map([["s1-20", ofOne]]));
    expect(await readEventsOfSession(directory, started?.trace ?? "")).toEqual(new Map([["s1-20", ofOne]]));
    expect([...(await readEventsOfSession(directory, "s1-")).keys()]).toHaveLength(40);
    expect((await readEventsOfSession(directory, "nobody")).size).toBe(0);
    expect((await readEventsOfSession(directory, "")).size).toBe(0);
    expect(await findSessions(directory, { trace: started?.trace.slice(0, 31) ?? "" })).toEqual(
      new Set(
        parts
          .flat()
          .flatMap((event) =>
            event.type === "session_started" && event.trace.startsWith(started?.trace.slice(0, 31) ?? "")
              ? [event.session]
              : [],
          ),
      ),
    );
    expect((await findSessions(directory, { agent: "a2-1" })).size).toBe(40);
    expect((await findSessions(directory, { agent: "a2" })).size).toBe(0);
  });

  test("the last events are those at the end of all", async () => {
    const whole = await read();
    const isStep = (event: Event): boolean => event.type === "step";
    for (const count of [0, 1, 10, 500, 100_000]) {
      expect(await readLastEvents(directory, count, () => true)).toEqual(
        count === 0 ? [] : whole.slice(-count),
      );
      expect(await readLastEvents(directory, count, isStep)).toEqual(
        count === 0 ? [] : whole.filter(isStep).slice(-count),
      );
    }
    const since = (whole[100] as Event).at;
    expect(await readLastEvents(directory, 9_999, () => true, { since })).toEqual(
      whole.filter(({ at }) => at >= since),
    );
  });

  test("a run is followed event by event", async () => {
    const tail = new EventTail(directory);
    const events: Event[] = [];
    await tail.poll((event) => events.push(event));
    expect(events.map(({ at }) => at)).toEqual(all.map(({ at }) => at));
    await tail.poll(() => expect.fail("an event came twice"));
  });
});

test.each([
  ["objects", JSON.stringify],
  ["records", encodeEvent],
] as const)(
  "lines of %s cut at any byte still give everything before the last complete line",
  async (_, of) => {
    const events: Event[] = plausibleEvents(3).map((event) =>
      event.type === "session_ended" ? { ...event, reason: "zu früh — 早い" } : event,
    );
    const whole = Buffer.from(lines(events, of));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (cut) => {
        run += 1;
        const place = join(directory, `run-${run}`);
        mkdirSync(place);
        const left = whole.subarray(0, cut);
        writeFileSync(join(place, "engine.0000.jsonl"), left);
        const complete = left.toString("utf8").split("\n").length - 1;
        const found: Event[] = [];
        const report = await readEvents(place, (event) => found.push(event));
        expect(found.slice(0, complete)).toEqual(events.slice(0, complete));
        expect(found.length).toBeLessThanOrEqual(complete + 1);
        expect(report.bad).toBe(0);
        expect(report.torn + found.length).toBe(cut > 0 && left.at(-1) !== 0x0a ? complete + 1 : complete);
      }),
      { numRuns: 200 },
    );
  },
);

test("a segment is followed before, while and after it is sealed", async () => {
  const events = plausibleEvents(60);
  const log = await openEventLog(directory, "agents-0", { onFailure: failed, segmentBytes: 5_000 });
  const tail = new EventTail(directory);
  const found: Event[] = [];
  for (const [index, event] of events.entries()) {
    log.commit(event);
    if (index % 7 === 0) await tail.poll((one) => found.push(one));
  }
  await log.close();
  await tail.poll((one) => found.push(one));
  expect(found).toEqual(events);
});

test("garbage lines are counted and passed over", async () => {
  const events = plausibleEvents(1);
  writeFileSync(
    join(directory, "engine.0000.jsonl"),
    `${lines(events.slice(0, 2))}garbage\n[1]\nnull\n{"type":"step"}\n\n${lines(events.slice(2))}{"type":`,
  );
  const found: Event[] = [];
  const report = await readEvents(directory, (event) => found.push(event));
  expect(found).toEqual(events);
  expect(report).toEqual({
    events: events.length,
    torn: 1,
    bad: 4,
    damaged: new Set(["engine.0000"]),
    compacted: 0,
  });
});

test("segments that are missing are counted and named", async () => {
  for (const number of ["0001", "0002", "0004"])
    writeFileSync(join(directory, `agents-0.${number}.jsonl`), lines(plausibleEvents(1)));
  const report = await readEvents(directory, () => undefined);
  expect(report).toMatchObject({ bad: 2, damaged: new Set(["agents-0.0000", "agents-0.0003"]) });
});

test("whatever byte of a sealed segment changes, its events are what was recorded or are counted as damaged", async () => {
  const events = plausibleEvents(30);
  const log = await openEventLog(directory, "agents-0", { onFailure: failed });
  for (const event of events) log.record(event);
  await log.close();
  const file = join(directory, "agents-0.0000.seg");
  const whole = readFileSync(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ change;
      writeFileSync(file, changed);
      const found: Event[] = [];
      const { bad, damaged } = await readEvents(directory, (event) => found.push(event));
      expect(bad).toBe(1);
      expect([...damaged]).toEqual(["agents-0.0000"]);
      expect(found.length).toBeLessThan(events.length);
      expect(await readEventsOfSession(directory, "s0-3")).toBeInstanceOf(Map);
      expect(await readLastEvents(directory, 5, () => true)).toEqual(found.slice(-5));
    }),
    {
      numRuns: 60,
      examples: [
        [whole.length - 1, 1],
        [whole.length - 9, 1],
        [0, 1],
      ],
    },
  );
});

test("a segment that is damaged is counted, and the others are read", async () => {
  const [first, second] = halves(plausibleEvents(10));
  writeFileSync(join(directory, "agents-0.0000.seg"), "no segment at all, but long enough");
  writeFileSync(join(directory, "agents-0.0001.seg"), "");
  writeFileSync(join(directory, "agents-0.0002.jsonl"), lines([...first, ...second], encodeEvent));
  const found: Event[] = [];
  const report = await readEvents(directory, (event) => found.push(event));
  expect(found).toEqual([...first, ...second]);
  expect(report.bad).toBe(2);
  expect((await readEventsOfSession(directory, "s0-1")).size).toBe(1);
});

test("records longer than a read are whole", async () => {
  const long: Event = { type: "log", at: 1, level: "info", part: "x", message: "ü".repeat(700_000) };
  writeFileSync(join(directory, "engine.0000.jsonl"), lines([long, long]));
  expect(await read()).toEqual([long, long]);
  const log = await openEventLog(directory, "agents-0", { onFailure: failed });
  log.record(long);
  await log.close();
  expect(await read()).toEqual([long, long, long]);
});

test("events larger than a block are found by their session", async () => {
  const log = await openEventLog(directory, "agents-0", { onFailure: failed });
  const events = Array.from(
    { length: 40 },
    (_, number): Event => ({
      type: "decision_invalid",
      at: number,
      session: `s0-${number % 7}`,
      step: number,
      reason: "x".repeat(number % 3 === 0 ? 150_000 : 50),
    }),
  );
  for (const event of events) log.commit(event);
  await log.close();
  for (let number = 0; number < 7; number += 1)
    expect(await read({ sessions: new Set([`s0-${number}`]) })).toEqual(
      events.filter((event) => "session" in event && event.session === `s0-${number}`),
    );
});

test("a directory that does not exist has no events", async () => {
  expect(await read({}, join(directory, "none"))).toEqual([]);
});

test("ids of any characters keep their place in an index", () => {
  const word = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(word, word, word, fc.array(fc.nat(), { minLength: 1 }), (session, trace, agent, blocks) => {
      const line = sessionLine({ session, trace, agent, blocks });
      expect(line.split(/[ \n]/)).toHaveLength(5);
      expect(readSessionLine(line.slice(0, -1))).toEqual({ session, trace, agent, blocks });
    }),
  );
});

test("segments that are not wanted are not read, and those without a word on it are", async () => {
  const [first, second] = halves(plausibleEvents(4));
  writeFileSync(join(directory, "a.0000.jsonl"), lines(first, encodeEvent));
  writeFileSync(join(directory, "a.0001.jsonl"), lines(second, encodeEvent));
  expect(await read({ segments: ({ number }) => number === 1 })).toEqual(second);
  expect(await read({ segments: () => false })).toEqual([]);
  expect(await read({})).toEqual([...first, ...second]);
});
