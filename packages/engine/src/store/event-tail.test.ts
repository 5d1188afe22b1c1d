import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventTail } from "./event-tail.ts";

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
