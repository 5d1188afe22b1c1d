import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeEvent } from "./event-encoding.ts";
import { openEventLog } from "./event-log.ts";
import { findSessions, readEventsOfSession, readLastEvents } from "./event-queries.ts";
import { readEvents } from "./event-reader.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-query-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const began = (session: string, at: number, trace: string, agent: string): Event => ({
  type: "session_started",
  at,
  session,
  trace,
  agent,
  goal: "buy",
});
const invalid = (session: string, at: number): Event => ({
  type: "decision_invalid",
  at,
  session,
  step: 1,
  reason: "x",
});
const log = (at: number): Event => ({ type: "log", at, level: "info", part: "a", message: "x" });

const EVENTS: Event[] = [
  log(1),
  began("s0-1", 2, "aa11", "a0-0"),
  invalid("s0-1", 3),
  began("s0-10", 4, "bb22", "a0-1"),
  invalid("s0-10", 5),
  invalid("s0-1", 6),
  began("s1-1", 7, "s0-1x", "a0-0"),
  log(8),
];
const WAYS: Record<string, () => Promise<void>> = {
  lines: async () =>
    writeFileSync(join(directory, "a.0000.jsonl"), `${EVENTS.map(encodeEvent).join("\n")}\n\ngarbage\n`),
  "a sealed segment": async () => {
    const events = await openEventLog(directory, "a", { onFailure: () => undefined });
    for (const event of EVENTS) events.record(event);
    await events.close();
  },
};

describe.each(Object.entries(WAYS))("of %s", (_name, write) => {
  beforeEach(write);
  const found = async (query: Parameters<typeof findSessions>[1]) =>
    [...(await findSessions(directory, query))].sort();

  test("sessions are found by agent, by trace, and by the beginning of id or trace", async () => {
    expect(await found({ agent: "a0-0" })).toEqual(["s0-1", "s1-1"]);
    expect(await found({ agent: "a0" })).toEqual([]);
    expect(await found({ trace: "aa" })).toEqual(["s0-1"]);
    expect(await found({ trace: "s0-1" })).toEqual(["s1-1"]);
    expect(await found({ beginning: "s0-1" })).toEqual(["s0-1", "s0-10", "s1-1"]);
    expect(await found({ beginning: "bb22" })).toEqual(["s0-10"]);
    expect(await found({ beginning: "0-1" })).toEqual([]);
  });

  test("an exact id selects that session alone, a beginning all that begin so", async () => {
    const of = async (id: string) =>
      Object.fromEntries(
        [...(await readEventsOfSession(directory, id))].map(([session, own]) => [
          session,
          own.map(({ at }) => at),
        ]),
      );
    expect(await of("s0-1")).toEqual({ "s0-1": [2, 3, 6] });
    expect(await of("s0-")).toEqual({ "s0-1": [2, 3, 6], "s0-10": [4, 5], "s1-1": [7] });
    expect(await of("bb")).toEqual({ "s0-10": [4, 5] });
    expect(await of("")).toEqual({});
    expect(await of("none")).toEqual({});
  });

  test("the last events are those that are wanted, in order", async () => {
    const last = async (count: number, isWanted = (_: Event) => true, since?: number) =>
      (await readLastEvents(directory, count, isWanted, since === undefined ? {} : { since })).map(
        ({ at }) => at,
      );
    expect(await last(0)).toEqual([]);
    expect(await last(2)).toEqual([7, 8]);
    expect(await last(3, ({ type }) => type === "decision_invalid")).toEqual([3, 5, 6]);
    expect(await last(99, ({ type }) => type === "log")).toEqual([1, 8]);
    expect(await last(99, undefined, 6)).toEqual([6, 7, 8]);
    expect(await last(1, undefined, 9)).toEqual([]);
  });

  test("of a part of which only the events of the run are wanted there are no others", async () => {
    const seen: number[] = [];
    const report = await readEvents(directory, ({ at }) => seen.push(at), {
      onlyRunEventsOf: new Set(["a"]),
    });
    expect(seen).toEqual([1, 8]);
    expect(report.events).toBe(2);
  });
});
