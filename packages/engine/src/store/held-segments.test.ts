import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EventHead } from "./event-encoding.ts";
import { HeldSegments } from "./held-segments.ts";
import { digestFile } from "./part-digest-file.ts";
import type { SegmentWriter } from "./segment-writer.ts";
import { StepRetention } from "./step-retention.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-held-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const STEP = { type: "step", at: 1, session: "s1" } as EventHead;
const ENDED = { type: "session_ended", at: 1, session: "s1" } as EventHead;
const RANGE = { first: 0, last: 0 };
const written = Promise.resolve();

/** A held log whose segments only say which events they kept. */
function log({ keep = 0, isDigested = true } = {}) {
  const retention = new StepRetention(1, keep);
  const sealed: string[] = [];
  const held = new HeldSegments(directory, "a", {
    retention,
    checkpoint: () => (isDigested ? { n: 1 } : undefined),
  });
  const segment = (name: string, sessions: string[], bytes: number | undefined = 10): SegmentWriter =>
    ({
      sessions,
      compact: async (isWanted: (head: EventHead) => boolean) => {
        sealed.push(
          `${name}:${[STEP, ENDED]
            .filter(isWanted)
            .map(({ type }) => type)
            .join()}`,
        );
        return bytes;
      },
    }) as unknown as SegmentWriter;
  return { retention, held, sealed, segment };
}
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
/** Ends a session so that its steps are dropped. */
const drop = (retention: StepRetention): void => {
  retention.begin("s1");
  expect(retention.end("s1", false)).toBe(false);
};

test("a segment is sealed when its sessions have ended, without the steps that are dropped", async () => {
  const { retention, held, sealed, segment } = log();
  retention.begin("s1");
  retention.begin("s2");
  await held.add(segment("one", ["s1"]), RANGE, written);
  expect(sealed).toEqual([]);
  expect(retention.end("s1", false)).toBe(false);
  await held.add(segment("two", ["s2"]), RANGE, written);
  expect(sealed).toEqual(["one:session_ended"]);
  expect(existsSync(join(directory, digestFile("a")))).toBe(true);
  retention.end("s2", true);
  await held.add(segment("three", []), RANGE, written);
  expect(sealed.slice(1)).toEqual(["two:session_ended", "three:session_ended"]);
});

test("two segments wait for open sessions; with a third the oldest is sealed all the same", async () => {
  const { retention, held, sealed, segment } = log();
  retention.begin("s1");
  await held.add(segment("one", ["s0", "s1"]), RANGE, written);
  await held.add(segment("two", ["s1"]), RANGE, written);
  expect(sealed).toEqual([]);
  await held.add(segment("three", ["s1"]), RANGE, written);
  expect(sealed).toEqual(["one:step,session_ended"]);
  await held.add(segment("four", []), RANGE, written);
  expect(sealed).toEqual(["one:step,session_ended", "two:step,session_ended"]);
});

test("without a digest, or where it cannot be written, all events stay", async () => {
  const closing = log({ isDigested: false });
  drop(closing.retention);
  await closing.held.add(closing.segment("one", ["s1"]), RANGE, written);
  expect(closing.sealed).toEqual(["one:step,session_ended"]);
  const full = log();
  drop(full.retention);
  rmSync(directory, { recursive: true });
  await full.held.add(full.segment("one", ["s1"]), RANGE, written);
  expect(full.sealed).toEqual(["one:step,session_ended"]);
});

test("a decision that came after the digest drops nothing yet", async () => {
  const { retention, held, sealed, segment } = log();
  const { promise, resolve } = withResolvers();
  const adding = held.add(segment("one", []), RANGE, promise);
  drop(retention);
  resolve();
  await adding;
  expect(sealed).toEqual(["one:step,session_ended"]);
});

test("closing seals whatever is held, the last one too", async () => {
  const { retention, held, sealed, segment } = log();
  retention.begin("s2");
  await held.add(segment("one", ["s2"]), RANGE, written);
  drop(retention);
  await held.close(segment("two", ["s1"]), RANGE, { n: 2 });
  expect(sealed).toEqual(["one:session_ended", "two:session_ended"]);
  await held.close(segment("three", ["s1"]), RANGE, undefined);
  expect(sealed.at(-1)).toBe("three:step,session_ended");
  expect(readdirSync(directory)).toEqual([digestFile("a")]);
});

test("segments are held while a share of the steps is left out, and count with their bytes", async () => {
  expect([log().held.isNeeded, log({ keep: 0.5 }).held.isNeeded, log({ keep: 1 }).held.isNeeded]).toEqual([
    true,
    true,
    false,
  ]);
  const retention = new StepRetention(1, "auto");
  const held = new HeldSegments(directory, "a", { retention, checkpoint: () => ({}) });
  expect(held.isNeeded).toBe(false);
  const { segment } = log();
  await held.add(segment("one", [], 600_000_000), RANGE, written);
  expect(held.isNeeded).toBe(true);
  const { share } = retention;
  await held.add(
    { sessions: [], compact: async () => undefined } as unknown as SegmentWriter,
    RANGE,
    written,
  );
  expect(retention.share).toBe(share);
});
