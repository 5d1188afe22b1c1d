import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { encodeEvent } from "./event-encoding.ts";
import { openEventLog } from "./event-log.ts";
import { EventTail } from "./event-tail.ts";
import { linesFile, sealedFile } from "./segment-files.ts";
import { SegmentWriter } from "./segment-writer.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-tail-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const event = (at: number, message = "m"): string =>
  JSON.stringify({ type: "log", at, level: "info", part: "engine", message });
const write = (name: string, text: string): Promise<void> => appendFile(join(folder, name), text);

async function poll(tail: EventTail): Promise<number[]> {
  const seen: number[] = [];
  await tail.poll((one) => seen.push(one.at));
  return seen;
}

test("each poll brings what is new, processes merged by time, segments in order", async () => {
  const tail = new EventTail(folder);
  expect(await poll(tail)).toEqual([]);
  await write("engine.0001.jsonl", `${event(1)}\n${event(5)}\n`);
  await write("agents-0.0001.jsonl", `${event(2)}\n`);
  await write("agents-0.0002.jsonl", `${event(3)}\n`);
  expect(await poll(tail)).toEqual([1, 2, 3, 5]);
  expect(await poll(tail)).toEqual([]);
  await write("agents-0.0002.jsonl", `${event(6)}\n`);
  await write("agents-0.0003.jsonl", `${event(7)}\n`);
  expect(await poll(tail)).toEqual([6, 7]);
});

test("half a record waits for its other half; a broken line and other files are passed over", async () => {
  const tail = new EventTail(folder);
  const whole = event(4, "Größe");
  await write("engine.0001.jsonl", `${event(1)}\n{"type":\n${whole.slice(0, 30)}`);
  await write("notes.txt", `${event(2)}\n`);
  expect(await poll(tail)).toEqual([1]);
  await write("engine.0001.jsonl", `${whole.slice(30)}\n`);
  expect(await poll(tail)).toEqual([4]);
});

test("a record larger than a chunk is read whole", async () => {
  const tail = new EventTail(folder);
  await write("engine.0001.jsonl", `${event(1, "x".repeat(1_300_000))}\n${event(2)}\n`);
  expect(await poll(tail)).toEqual([1, 2]);
});

test("of segments that were sealed before, only wanted events are read; of later ones, all", async () => {
  const fail = (error: Error): never => {
    throw error;
  };
  const log = await openEventLog(folder, "agents-0", { onFailure: fail, segmentBytes: 10_000 });
  for (const one of plausibleEvents(200)) log.commit(one);
  await log.close();
  const tail = new EventTail(folder);
  await tail.begin(async () => ({ sessions: new Set(["s0-7"]) }));
  const later = await openEventLog(folder, "agents-0", { onFailure: fail });
  for (const one of plausibleEvents(3, { worker: 1 })) later.commit(one);
  const sessions = new Set<string>();
  await tail.poll((one) => {
    if ("session" in one) sessions.add(one.session);
  });
  expect([...sessions].sort()).toEqual(["s0-7", "s1-0", "s1-1", "s1-2"]);
  await later.close();
  expect(await poll(tail)).toEqual([]);
});

test("a file of lines that is compacted after a part of it was read brings the rest once", async () => {
  const events = plausibleEvents(30);
  const lines = join(folder, linesFile("agents-0", 0));
  const half = events.slice(0, 120);
  await write("agents-0.0000.jsonl", half.map((one) => `${encodeEvent(one)}\n`).join(""));
  const tail = new EventTail(folder);
  expect(await poll(tail)).toHaveLength(120);
  await write(
    "agents-0.0000.jsonl",
    events
      .slice(120)
      .map((one) => `${encodeEvent(one)}\n`)
      .join(""),
  );
  const writer = new SegmentWriter(lines, join(folder, sealedFile("agents-0", 0)), true);
  await writer.compact(({ type }) => type !== "step");
  const rest = events.slice(120).filter(({ type }) => type !== "step");
  expect(await poll(tail)).toEqual(rest.map(({ at }) => at));
  expect(await poll(tail)).toEqual([]);
});
