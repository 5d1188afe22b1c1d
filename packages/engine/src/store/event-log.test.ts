import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApeError } from "@ape/core/lib/errors";
import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openEventLog, type WriteBytes } from "./event-log.ts";
import { readEvents } from "./event-reader.ts";
import { digestedParts, readDigest } from "./part-digest-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-log-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const note = (at: number, message = "ü"): Event => ({
  type: "log",
  at,
  level: "info",
  part: "test",
  message,
});
const failed = (error: ApeError): never => {
  throw error;
};
async function readBack(from = directory): Promise<{ events: Event[]; torn: number; bad: number }> {
  const events: Event[] = [];
  const { torn, bad } = await readEvents(from, (event) => events.push(event));
  return { events, torn, bad };
}

test("what is recorded can be read back, in order", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  for (let i = 0; i < 1000; i += 1) log.record(note(i));
  await log.close();
  expect((await readBack()).events).toEqual(Array.from({ length: 1000 }, (_, i) => note(i)));
  expect(readdirSync(directory)).toEqual(["engine.0000.seg"]);
});

test("a log without events leaves no file", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  await log.close();
  expect(readdirSync(directory)).toEqual([]);
});

test("a file of lines is read until its segment is complete, and never twice", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed, segmentBytes: 500 });
  const seen = new Set<string>();
  for (let i = 0; i < 60; i += 1) {
    log.commit(note(i));
    for (const name of readdirSync(directory)) seen.add(name.replace(/.*\./, ""));
    expect((await readBack()).events.map(({ at }) => at)).toEqual(Array.from({ length: i + 1 }, (_, n) => n));
  }
  await log.close();
  expect(seen).toContain("jsonl");
  expect(readdirSync(directory).every((name) => name.endsWith(".seg"))).toBe(true);
});

test("more blocks than are held in memory are compressed too", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  for (let i = 0; i < 30_000; i += 1) log.record(note(i, "x".repeat(150)));
  await log.close();
  expect(readdirSync(directory)).toEqual(["engine.0000.seg"]);
  expect((await readBack()).events.map(({ at }) => at)).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
});

test("a segment that cannot be written leaves the file of lines", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  log.record(note(1));
  mkdirSync(join(directory, "engine.0000.seg.tmp"));
  await log.close();
  expect(readdirSync(directory)).toContain("engine.0000.jsonl");
  expect((await readBack()).events).toEqual([note(1)]);
});

test("a log continues after the segments of an earlier process, and removes its drafts", async () => {
  const first = await openEventLog(directory, "engine", { onFailure: failed });
  first.record(note(1));
  await first.close();
  writeFileSync(join(directory, "engine.0001.jsonl"), `${JSON.stringify(note(2))}\n`);
  writeFileSync(join(directory, "engine.0001.seg.tmp"), "half a segment");
  const second = await openEventLog(directory, "engine", { onFailure: failed });
  second.record(note(3));
  await second.close();
  expect(readdirSync(directory).sort()).toEqual(["engine.0000.seg", "engine.0001.jsonl", "engine.0002.seg"]);
  expect(await readBack()).toEqual({ events: [note(1), note(2), note(3)], torn: 0, bad: 0 });
});

test("kill -9 loses nothing that was recorded 200 ms before, and needs no repair", async () => {
  const script = `
    import { openEventLog } from ${JSON.stringify(new URL("./event-log.ts", import.meta.url).href)};
    const log = await openEventLog(${JSON.stringify(directory)}, "agents-0", { onFailure: () => {}, segmentBytes: 3000 });
    for (let i = 0; ; i += 1) {
      log.record({ type: "log", at: i, level: "info", part: "agents-0", message: "x".repeat(100) });
      process.stdout.write(i + " " + performance.now() + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString("utf8");
      if (told.split("\n").length > 300) resolve();
    });
  });
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const recorded = told
    .split("\n")
    .filter((line) => /^\d+ [\d.]+$/.test(line))
    .map((line) => line.split(" ").map(Number) as [at: number, moment: number]);
  const killed = recorded.at(-1)?.[1] ?? 0;
  const old = recorded.filter(([, moment]) => moment < killed - 200).map(([at]) => at);
  expect(old.length).toBeGreaterThan(50);
  const { events, bad } = await readBack();
  expect(bad).toBe(0);
  expect(events.slice(0, old.length).map(({ at }) => at)).toEqual(old);
});

test("a committed event, and all before it, are in the file when commit returns", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  log.record(note(1));
  log.commit(note(2));
  expect(readFileSync(join(directory, "engine.0000.jsonl"), "utf8").split("\n")).toHaveLength(3);
  await log.close();
});

test("a recorded event reaches the file by itself", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  log.record(note(1));
  await vi.waitFor(async () => expect((await readBack()).events).toEqual([note(1)]), { timeout: 10_000 });
  await log.close();
});

test("segments end at a line and are read as one", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed, segmentBytes: 500 });
  for (let i = 0; i < 100; i += 1) log.commit(note(i));
  await log.close();
  const files = readdirSync(directory).sort();
  expect(files.length).toBeGreaterThan(5);
  expect((await readBack()).events.map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test("a torn file of an earlier process is left as it is", async () => {
  writeFileSync(join(directory, "engine.0000.jsonl"), `${JSON.stringify(note(1))}\n{"type":"lo`);
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  log.record(note(2));
  await log.close();
  expect(await readBack()).toEqual({ events: [note(1), note(2)], torn: 1, bad: 0 });
});

test("an event after close is dropped and counted", async () => {
  const log = await openEventLog(directory, "engine", { onFailure: failed });
  await log.close();
  log.record(note(1));
  expect(log.dropped).toBe(1);
});

test("a digest is kept only where all events are: none was lost", async () => {
  const disk = smallDisk(250);
  const lossy = await openEventLog(directory, "lossy", {
    onFailure: () => undefined,
    write: disk.write,
    backlogBytes: 100,
  });
  for (let i = 0; i < 50; i += 1) lossy.commit(note(i));
  expect(lossy.dropped).toBeGreaterThan(0);
  disk.grow(1_000_000);
  await lossy.close({ n: 1 });
  const whole = await openEventLog(directory, "whole", { onFailure: failed });
  whole.commit(note(1));
  await whole.close({ n: 1 });
  await whole.close({ n: 2 });
  const bare = await openEventLog(directory, "bare", { onFailure: failed });
  bare.commit(note(1));
  await bare.close();
  expect(await digestedParts(directory)).toEqual(["whole"]);
  expect(await readDigest(directory, "whole", [])).toEqual({ digest: { n: 1 }, last: 0 });
});

test("an error without a code is told all the same", async () => {
  const errors: ApeError[] = [];
  const log = await openEventLog(directory, "engine", {
    onFailure: (error) => errors.push(error),
    write: () => {
      throw new Error("odd");
    },
  });
  log.commit(note(1));
  await log.close();
  expect(errors[0]?.message).toBe("events can no longer be written (unknown)");
});

test("a directory that cannot be made is RUN_DIRECTORY", async () => {
  writeFileSync(join(directory, "file"), "");
  await expect(openEventLog(join(directory, "file"), "engine", { onFailure: failed })).rejects.toMatchObject({
    code: "RUN_DIRECTORY",
  });
});

/** A disk with room for `room` bytes that writes what fits and then refuses. */
function smallDisk(room: number): { write: WriteBytes; grow: (bytes: number) => void } {
  let left = room;
  return {
    write: (fd, bytes, offset, length) => {
      if (left === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      const fits = Math.min(left, length);
      left -= fits;
      return writeSync(fd, bytes, offset, fits);
    },
    grow: (bytes) => {
      left += bytes;
    },
  };
}

test("a full disk throws nothing, is told once, and no line is torn when there is room again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const errors: ApeError[] = [];
  const disk = smallDisk(250);
  const log = await openEventLog(directory, "engine", {
    onFailure: (error) => errors.push(error),
    write: disk.write,
  });
  for (let i = 0; i < 20; i += 1) log.commit(note(i));
  // It tries again by itself, in vain.
  await vi.advanceTimersByTimeAsync(450);
  log.commit(note(20));
  expect(errors.map(({ code }) => code)).toEqual(["STORE_FULL"]);
  expect(errors[0]).toMatchObject({
    message: "events can no longer be written (ENOSPC)",
    hint: `Make room on the disk of ${directory}; what was written is kept.`,
    cause: expect.objectContaining({ code: "ENOSPC" }),
  });
  expect((await readBack()).torn).toBe(1);
  disk.grow(1_000_000);
  await log.close();
  expect(await readBack()).toEqual({
    events: Array.from({ length: 21 }, (_, i) => note(i)),
    torn: 0,
    bad: 0,
  });
  expect(log.dropped).toBe(0);
});

test("beyond the backlog events are dropped, counted, and the log says so later", async () => {
  const disk = smallDisk(250);
  const log = await openEventLog(directory, "engine", {
    onFailure: () => undefined,
    write: disk.write,
    backlogBytes: 1000,
  });
  for (let i = 0; i < 500; i += 1) log.commit(note(i));
  expect(log.dropped).toBeGreaterThan(400);
  const { dropped } = log;
  disk.grow(1_000_000);
  await log.flush();
  log.record(note(1000));
  await log.close();
  const { events, torn, bad } = await readBack();
  expect({ torn, bad }).toEqual({ torn: 0, bad: 0 });
  expect(events).toHaveLength(500 - dropped + 2);
  expect(events.at(-2)).toMatchObject({
    level: "error",
    message: `${dropped} events were lost while the disk refused them`,
  });
});

test("an error of another kind, and one that never ends, does not keep close from ending", async () => {
  const errors: ApeError[] = [];
  const log = await openEventLog(directory, "engine", {
    onFailure: (error) => errors.push(error),
    write: () => {
      throw Object.assign(new Error("input/output error"), { code: "EIO" });
    },
  });
  log.record(note(1));
  await log.close();
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toContain("EIO");
});

const mountable = canMount();

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "ape-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

test.skipIf(!mountable)(
  "a really full file system keeps what it took (skipped where tmpfs cannot be mounted)",
  async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
    try {
      const errors: ApeError[] = [];
      const log = await openEventLog(directory, "engine", { onFailure: (error) => errors.push(error) });
      for (let i = 0; i < 300; i += 1) log.commit(note(i, "x".repeat(500)));
      expect(errors.map(({ code }) => code)).toEqual(["STORE_FULL"]);
      const before = await readBack();
      expect(before.events.length).toBeGreaterThan(50);
      expect(before.torn).toBe(1);
      execFileSync("mount", ["-o", "remount,size=1m", directory]);
      await log.close();
      const after = await readBack();
      expect(after.torn + after.bad).toBe(0);
      expect(after.events.map(({ at }) => at)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    } finally {
      execFileSync("umount", [directory]);
    }
  },
);
