import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { computeResults } from "@ape/engine/run/report";
import { startRun } from "@ape/engine/run/run";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";
import { Room } from "./room.ts";

let shop: Shop;
let folder: ProjectFolder;
beforeEach(async () => {
  shop = await startShop({ port: 0, control: 0, accounts: 200, faults: {} });
});
afterEach(async () => {
  await shop.close();
  await folder.remove();
});

async function begin(load: string, keep: number, members: number) {
  folder = await ProjectFolder.create(shopping(shop.url, { load }));
  const more = `compose: { agentsPerContainer: 20 }\nevents: { keep: ${keep}, send: kept }\n`;
  await appendFile(join(folder.directory, "ape.config.yaml"), more);
  const room = await Room.open(folder.directory, members);
  const run = await startRun(room.project, { workerEntry: "", version: "0", launcher: () => room });
  return { room, run };
}

test("a sample of the sessions crosses the bus whole, and the results count all of them", {
  timeout: 90_000,
}, async () => {
  const { run } = await begin("{ agents: 20, sessions: 300 }", 0.1, 1);
  const { summary, report, failure } = await run.finished;
  expect(failure).toBeUndefined();
  expect(summary.sessions).toMatchObject({ started: 300, ended: 300, succeeded: 300, interrupted: 0 });
  expect(shop.books().orders.length).toBe(300);
  expect(summary.metrics.actions?.values.count).toBe(run.progress().actions);
  // Decisions are counted by agents, calls of the model by the proxy.
  expect(summary.metrics.inference_duration?.values.count).toBeGreaterThan(200);
  expect(report.series.actions.count.reduce((sum, count) => sum + count, 0)).toBe(
    summary.metrics.actions?.values.count,
  );
  const events = await folder.events();
  const of = (type: string): string[] =>
    events.flatMap((event) => (event.type === type && "session" in event ? [event.session] : []));
  // A report's sample of sessions, and a tenth of the others.
  const begun = new Set(of("session_started"));
  expect(begun.size).toBeGreaterThan(125);
  expect(begun.size).toBeLessThan(290);
  expect(new Set(of("session_ended"))).toEqual(begun);
  expect(new Set(of("step"))).toEqual(begun);
  expect(summary.events).toMatchObject({ successful: 300, withSteps: begun.size });
  const again = await computeResults(run.directory);
  expect(again.summary).toEqual(summary);
});

test("a worker that is cut off before its digest counts with the figures that it had sent", {
  timeout: 90_000,
}, async () => {
  const { room, run } = await begin("{ agents: 40, duration: 6s }", 0, 2);
  await eventually(async () => run.progress().actions > 100);
  room.mutedMembers.add("m0");
  const { summary } = await run.finished;
  // Nothing that was counted live is missing.
  expect(summary.metrics.actions?.values.count).toBe(run.progress().actions);
  expect(summary.sessions.started).toBe(run.progress().sessions.started);
  expect(summary.sessions.interrupted).toBe(summary.sessions.started - summary.sessions.ended);
});
