import type { Event } from "@ape/core/protocol/events";
import type { Comparison } from "@ape/core/report/comparison";
import { plausibleEvents } from "@ape/engine/test/plausible-events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const slower = (events: readonly Event[], factor: number): Event[] =>
  events.map((event) =>
    event.type === "step" && event.action !== undefined
      ? { ...event, action: { ...event.action, durationMs: event.action.durationMs * factor } }
      : event,
  );

test("a run that got slower ends with 99 and says what; the other way round it is better", async () => {
  await folder.addRun("20260101-000000-aaaa", plausibleEvents(200));
  await folder.addRun("20260202-000000-bbbb", slower(plausibleEvents(200, { seed: 2 }), 2));
  const { exit, io } = await folder.run("compare 20260101");
  expect(exit).toBe(99);
  expect(io.stdout()).toMatch(
    /^\s*✗ \d+ figures are worse\n {2}20260202-000000-bbbb against 20260101-000000-aaaa/,
  );
  expect(io.stdout()).toMatch(/action_duration\s+med .*\+\d+\.\d\d%.*worse/);
  const back = await folder.run("compare 20260202 20260101 --json");
  expect(back.exit).toBe(0);
  const comparison = JSON.parse(back.io.stdout()) as Comparison;
  expect(comparison).toMatchObject({ a: "20260202-000000-bbbb", regressions: 0, tolerance: 0.1 });
  expect(comparison.figures.some(({ verdict }) => verdict === "better")).toBe(true);
  expect((await folder.run("compare 20260101 --tolerance 500")).exit).toBe(0);
});

test("runs with too few sessions prove nothing; bad words are refused", async () => {
  await folder.addRun("20260101-000000-aaaa", plausibleEvents(2));
  await folder.addRun("20260202-000000-bbbb", []);
  const { exit, io } = await folder.run("compare 20260101 20260202");
  expect(exit).toBe(110);
  expect(io.stdout()).toContain("too few values to compare");
  expect((await folder.run("compare nothing 20260202")).exit).toBe(104);
  expect((await folder.run("compare 20260101 --tolerance much")).exit).toBe(104);
  expect((await folder.run("compare")).exit).toBe(104);
});
