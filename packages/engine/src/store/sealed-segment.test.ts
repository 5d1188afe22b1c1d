import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EventHead, encodeEvent, isRunEvent } from "./event-encoding.ts";
import { BLOCK_BYTES, MAGIC } from "./segment-format.ts";
import { SegmentReader } from "./segment-reader.ts";
import { SegmentWriter } from "./segment-writer.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-seal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const log = (at: number, message = "x"): Event => ({ type: "log", at, level: "info", part: "a", message });
const invalid = (session: string, at: number, reason = "x"): Event => ({
  type: "decision_invalid",
  at,
  session,
  step: 1,
  reason,
});
const began = (session: string, at: number, trace: string, agent: string): EventHead => ({
  type: "session_started",
  at,
  session,
  trace,
  agent,
});
const paths = () => ({ lines: join(directory, "a.0000.jsonl"), file: join(directory, "a.0000.seg") });

/** Writes events as a log does: to the file of lines, and into the segment. */
function write(writer: SegmentWriter, events: readonly (Event | [EventHead, string])[]): void {
  const { lines } = paths();
  let text = "";
  for (const one of events) {
    const [head, line] = Array.isArray(one) ? one : [one as EventHead, encodeEvent(one)];
    writer.note(head);
    if (isRunEvent(head.type)) writer.noteRunEvent(line);
    text += `${line}\n`;
  }
  const from = writer.place(text);
  writeFileSync(lines, writer.bytes.subarray(from, writer.end), { flag: "a" });
  writer.cutIfFull();
}
function opened(file = paths().file): SegmentReader {
  const reader = SegmentReader.open(file);
  if (reader === undefined) throw new Error(`${file} cannot be read`);
  return reader;
}

test("a segment replaces its file of lines, with the same bytes, and is its owner's alone", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file);
  write(writer, [log(5), invalid("s0-1", 7)]);
  write(writer, [invalid("s0-2", 3)]);
  const whole = readFileSync(lines, "utf8");
  expect([...writer.sessions]).toEqual(["s0-1", "s0-2"]);
  expect([writer.isHeld, writer.sealedBytes]).toEqual([false, 0]);
  expect(await writer.finish()).toBe(true);
  expect(readdirSync(directory)).toEqual(["a.0000.seg"]);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(writer.sealedBytes).toBe(statSync(file).size);
  expect(readFileSync(file).subarray(-MAGIC.length)).toEqual(MAGIC);
  const reader = opened();
  expect(reader.table).toMatchObject({
    version: 1,
    blocks: [[expect.any(Number), whole.length, 3, 3, 7, expect.any(Number)]],
  });
  expect(reader.table.compacted).toBeUndefined();
  expect(reader.readBlockSync(0).toString()).toBe(whole);
  expect((await reader.readBlock(0)).toString()).toBe(whole);
  expect((await reader.readRunEvents()).toString()).toBe(`${encodeEvent(log(5))}\n`);
  reader.close();
});

test("a block ends where it is full, and the index says in which ones a session has events", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file);
  const half = "y".repeat(BLOCK_BYTES / 2);
  write(writer, [invalid("s0-1", 1, half)]);
  write(writer, [invalid("s0-2", 2, half)]);
  write(writer, [invalid("s0-1", 3, "z".repeat(3 * BLOCK_BYTES)), invalid("s0-1", 4)]);
  write(writer, [invalid("s0-2", 5), invalid("s0-3", 6)]);
  const whole = readFileSync(lines, "utf8");
  expect(await writer.finish()).toBe(true);
  const reader = opened();
  expect(reader.table.blocks.map(([, , events, from, to]) => [events, from, to])).toEqual([
    [2, 1, 2],
    [2, 3, 4],
    [2, 5, 6],
  ]);
  expect([0, 1, 2].map((at) => reader.readBlockSync(at).toString()).join("")).toBe(whole);
  expect(reader.sessionsWith("s0-").map(({ session, blocks }) => [session, blocks])).toEqual([
    ["s0-1", [0, 1]],
    ["s0-2", [0, 2]],
    ["s0-3", [2]],
  ]);
  expect((await reader.readRunEvents()).length).toBe(0);
  expect(() => reader.readBlockSync(9)).toThrow();
  reader.close();
});

test("more blocks than are held in memory are read from the file of lines", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file);
  for (let at = 0; at < 20; at += 1) write(writer, [invalid(`s0-${at}`, at, `${at}`.repeat(BLOCK_BYTES))]);
  const whole = readFileSync(lines, "utf8");
  expect(await writer.finish()).toBe(true);
  const reader = opened();
  expect(Array.from({ length: 20 }, (_, at) => reader.readBlockSync(at).toString()).join("")).toBe(whole);
  reader.close();
});

test("sessions are found by the beginning of their id or trace, by their ids, and by their agent", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file);
  const heads: EventHead[] = [
    began("s0-1", 1, "aa11", "a0-0"),
    began("s0-10", 2, "bb22", "a0-1"),
    began("s1-1", 3, "aa33", "a0-0"),
    began("s 2", 4, "", "a b"),
  ];
  write(
    writer,
    heads.map((head) => [head, JSON.stringify(head)] as [EventHead, string]),
  );
  await writer.finish();
  const reader = opened();
  const ids = (found: { session: string }[]): string[] => found.map(({ session }) => session).sort();
  expect(ids(reader.sessionsWith("s0-1"))).toEqual(["s0-1", "s0-10"]);
  expect(ids(reader.sessionsWith("s1"))).toEqual(["s1-1"]);
  expect(ids(reader.sessionsWith("aa"))).toEqual(["s0-1", "s1-1"]);
  expect(ids(reader.sessionsWith("bb22"))).toEqual(["s0-10"]);
  expect(ids(reader.sessionsWith("s "))).toEqual(["s 2"]);
  expect(ids(reader.sessionsWith("a0"))).toEqual([]);
  expect(ids(reader.sessionsWith("0-1"))).toEqual([]);
  expect(ids(reader.sessionsOf(new Set(["s0-1", "s 2", "none"])))).toEqual(["s 2", "s0-1"]);
  const many = new Set(Array.from({ length: 51 }, (_, at) => `x${at}`).concat("s1-1"));
  expect(ids(reader.sessionsOf(many))).toEqual(["s1-1"]);
  expect(ids(reader.sessionsOfAgent("a0-0"))).toEqual(["s0-1", "s1-1"]);
  expect(ids(reader.sessionsOfAgent("a b"))).toEqual(["s 2"]);
  expect(ids(reader.sessionsOfAgent("a0"))).toEqual([]);
  expect(ids(reader.sessionsOfAgent("aa11"))).toEqual([]);
  reader.close();
});

test("a segment without events leaves nothing", async () => {
  const { lines, file } = paths();
  writeFileSync(lines, "");
  expect(await new SegmentWriter(lines, file).finish()).toBe(true);
  expect(readdirSync(directory)).toEqual([]);
});

test("a segment that cannot be written, or is given up, leaves its file of lines", async () => {
  const { lines } = paths();
  const nowhere = new SegmentWriter(lines, join(directory, "none", "a.0000.seg"));
  write(nowhere, [log(1)]);
  expect(await nowhere.finish()).toBe(false);
  const given = new SegmentWriter(lines, paths().file);
  write(given, [invalid("s0-1", 1, "y".repeat(BLOCK_BYTES))]);
  await given.abandon();
  expect(readdirSync(directory)).toEqual(["a.0000.jsonl"]);
});

test("a held segment is sealed with the events that are wanted, and says so", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file, true);
  write(writer, [log(1), invalid("s0-1", 2), invalid("s0-2", 3, "y".repeat(BLOCK_BYTES))]);
  write(writer, [invalid("s0-1", 4)]);
  expect([writer.isHeld, readdirSync(directory)]).toEqual([true, ["a.0000.jsonl"]]);
  const bytes = await writer.compact(({ session }) => session !== "s0-2");
  expect(bytes).toBe(statSync(file).size);
  expect(writer.sealedBytes).toBe(bytes);
  expect(existsSync(lines)).toBe(false);
  const reader = opened();
  expect(reader.table.compacted).toBe(true);
  expect(reader.readBlockSync(0).toString()).toBe(
    `${[log(1), invalid("s0-1", 2), invalid("s0-1", 4)].map(encodeEvent).join("\n")}\n`,
  );
  expect(reader.sessionsWith("s").map(({ session }) => session)).toEqual(["s0-1"]);
  expect((await reader.readRunEvents()).toString()).toBe(`${encodeEvent(log(1))}\n`);
  reader.close();
});

test("a held segment without wanted events is written all the same, one without a file of lines is none", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file, true);
  write(writer, [invalid("s0-1", 2)]);
  expect(await writer.compact(() => false)).toBe(statSync(file).size);
  const reader = opened();
  expect(reader.table).toMatchObject({ blocks: [], compacted: true });
  reader.close();
  rmSync(file);
  expect(await new SegmentWriter(lines, file, true).compact(() => true)).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);
});

test("a held segment that is finished keeps all of it", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file, true);
  write(writer, [log(1), invalid("s0-1", 2)]);
  expect(await writer.finish()).toBe(true);
  const reader = opened();
  expect(reader.table.compacted).toBeUndefined();
  expect(reader.table.blocks.map(([, , events]) => events)).toEqual([2]);
  reader.close();
});

test("what is no segment is not opened", async () => {
  const { lines, file } = paths();
  const writer = new SegmentWriter(lines, file);
  write(writer, [log(1), invalid("s0-1", 2)]);
  await writer.finish();
  const whole = readFileSync(file);
  const changed = (at: number, by = 1): Buffer => {
    const bytes = Buffer.from(whole);
    bytes[at] = ((bytes[at] as number) + by) % 256;
    return bytes;
  };
  const damaged: Record<string, Buffer | string> = {
    empty: "",
    short: MAGIC,
    mark: changed(whole.length - 1),
    "length of the table": changed(whole.length - MAGIC.length - 1),
  };
  for (const [name, bytes] of Object.entries(damaged)) {
    writeFileSync(file, bytes);
    expect(SegmentReader.open(file), name).toBeUndefined();
  }
  expect(SegmentReader.open(join(directory, "none"))).toBeUndefined();
});
