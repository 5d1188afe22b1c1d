import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { startRun } from "@ape/engine/run/run";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";
import { unaccounted } from "../e2e/unaccounted.ts";
import { reconcile } from "../reconcile.ts";
import { Room } from "./room.ts";

let shop: Shop;
const folders: ProjectFolder[] = [];
beforeEach(async () => {
  shop = await startShop({ port: 0, control: 0, accounts: 200, faults: {} });
});
afterEach(async () => {
  await shop.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function begin(load: string, count: number, patience: Room["patience"] = {}) {
  const folder = await ProjectFolder.create(shopping(shop.url, { load }));
  folders.push(folder);
  await appendFile(join(folder.directory, "ape.config.yaml"), "compose: { agentsPerContainer: 20 }\n");
  const room = await Room.open(folder.directory, count, patience);
  const run = await startRun(room.project, { workerEntry: "", version: "0", launcher: () => room });
  return { folder, room, run };
}

test("agents over the message bus, the gateway and the proxy over HTTP: verdicts and figures are the shop's", {
  timeout: 60_000,
}, async () => {
  const { folder, room, run } = await begin("{ agents: 40, sessions: 120 }", 2);
  await eventually(async () => {
    const page = await fetch(room.members[0]?.url ?? "", { headers: { authorization: "Bearer run" } });
    return /^ape_sessions_ended_total\{run="[^"]+",goal="buy",outcome="succeeded"\} [1-9]/m.test(
      await page.text(),
    );
  });
  const { summary, exit, failure } = await run.finished;
  expect(failure).toBeUndefined();
  expect(exit).toBe("ok");
  for (const { finished } of room.members) expect(await finished).toBe("dismissed");
  expect(summary.sessions).toMatchObject({ started: 120, ended: 120, succeeded: 120, interrupted: 0 });
  const events = await folder.events();
  expect(reconcile(events, shop.books())).toMatchObject({ onlyApe: [], onlyShop: [], succeeded: 120 });
  expect(unaccounted(events, shop.books())).toEqual([]);
  const asked = events.flatMap((event) =>
    event.type === "step" && event.inference !== undefined ? [event.inference] : [],
  );
  const answered = new Set(events.flatMap((event) => (event.type === "inference" ? [event.inference] : [])));
  for (const id of asked) expect(answered).toContain(id);
  expect(summary.run.runtime).toBe("compose");
});

test("a member is told to stop: its sessions end, the others take its agents, a new one takes its rows", {
  timeout: 60_000,
}, async () => {
  const { room, run } = await begin("{ agents: 40, duration: 4s }", 2);
  room.members[0]?.stop();
  expect(await room.members[0]?.finished).toBe("drained");
  await room.join("late");
  await eventually(() => run.progress().workers.length === 2);
  const { summary } = await run.finished;
  expect(summary.sessions).toMatchObject({ interrupted: 0, started: summary.sessions.ended });
  expect(summary.run.status).toBe("finished");
  expect(shop.books().sharedCredentials).toBe(0);
});

test("an engine that goes silent: agents finish and wait, then stop by themselves", {
  timeout: 60_000,
}, async () => {
  const { room, run } = await begin("{ agents: 10, duration: 60s, thinkTime: { constant: 50ms } }", 1, {
    silentMs: 1_500,
    lostMs: 4_000,
  });
  await eventually(() => run.progress().sessions.ended > 5);
  room.muted = true;
  expect(await room.members[0]?.finished).toBe("no engine");
  run.stop();
  const { summary } = await run.finished;
  expect(summary.sessions).toMatchObject({ interrupted: 0, started: summary.sessions.ended });
});

test("the message bus is away for a while: no agent is lost, no action counts as slow, and the run is marked", {
  timeout: 90_000,
}, async () => {
  const { room, run } = await begin("{ agents: 20, duration: 12s, thinkTime: { constant: 50ms } }", 2);
  await eventually(() => run.progress().sessions.ended > 5);
  room.bus.interrupt();
  await eventually(() => room.bus.awayMs > 5_000);
  room.bus.resume();
  await eventually(() => run.progress().agentsActive === 20);
  const { summary, exit } = await run.finished;
  expect(summary.sessions).toMatchObject({ interrupted: 0, started: summary.sessions.ended });
  expect(summary.sessions.succeeded).toBe(summary.sessions.ended);
  expect(summary.health.busAwayMs).toBeGreaterThan(4_000);
  expect(summary.metrics.action_duration?.values.max).toBeLessThan(4_000);
  expect(summary.run.reason).toMatch(/the message bus did not answer for \d/);
  expect([summary.run.status, exit]).toEqual(["inconclusive", "inconclusive"]);
});

test("the message bus loses its stream: the run ends as crashed with what was recorded", {
  timeout: 60_000,
}, async () => {
  const { room, run } = await begin("{ agents: 10, duration: 10m, thinkTime: { constant: 50ms } }", 2);
  await eventually(() => run.progress().sessions.ended > 5);
  room.bus.lose();
  for (const member of room.members) expect(await member.finished).toBe("bus lost");
  const { summary, exit, failure } = await run.finished;
  expect(failure?.message).toMatch(/has lost its stream/);
  expect([summary.run.status, exit]).toEqual(["crashed", "crashed"]);
  expect(summary.sessions.ended).toBeGreaterThan(5);
});

test("a second interrupt ends a run whose message bus is away", { timeout: 60_000 }, async () => {
  const { room, run } = await begin("{ agents: 10, duration: 10m, thinkTime: { constant: 50ms } }", 1);
  await eventually(() => run.progress().sessions.ended > 5);
  room.bus.interrupt();
  await eventually(() => room.bus.awayMs > 0);
  run.stop();
  run.kill();
  // What the room itself waits for at its end.
  await eventually(() => run.progress().phase === "ended");
  room.bus.resume();
  const { summary, exit } = await run.finished;
  expect([summary.run.status, exit]).toEqual(["interrupted", "interrupted"]);
  expect(summary.sessions.ended).toBeGreaterThan(5);
});
