import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Books } from "@ape/shop/books";
import { afterAll, expect, test } from "vitest";
import { reconcile } from "../reconcile.ts";
import { ProjectFolder } from "./ape.ts";

const folders: ProjectFolder[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

async function demo(args: readonly string[]) {
  const folder = await ProjectFolder.create();
  folders.push(folder);
  const finished = await folder.run(["demo", ...args]);
  const books = JSON.parse(await readFile(join(await folder.lastRun(), "shop-books.json"), "utf8")) as Books;
  return { folder, finished, books, summary: await folder.summary(), events: await folder.events() };
}

test("the demo: 50 agents, verdicts equal to the shop's own record, joined by session", {
  timeout: 120_000,
}, async () => {
  const { finished, summary, books, events } = await demo([]);
  expect(finished.stderr + finished.stdout).not.toContain("error");
  expect(finished.exit).toBe(0);
  expect(summary.run).toMatchObject({ status: "finished", agents: 50, model: { simulated: true } });
  expect(summary.metrics.session_success?.values.rate).toBeGreaterThanOrEqual(0.95);
  expect(summary.metrics.time_between_actions?.values.avg).toBeLessThan(1000);
  const record = reconcile(events, books);
  expect(record).toMatchObject({ onlyApe: [], onlyShop: [] });
  expect(record.succeeded).toBe(summary.sessions.succeeded);
  expect(record.succeeded).toBeGreaterThan(50);
  expect(books).toMatchObject({ sharedCredentials: 0, crossAccountReads: { attempted: 0, leaked: 0 } });
  const actions = events.filter((event) => event.type === "step" && event.action !== undefined).length;
  const probes = events.filter((event) => event.type === "probe").length;
  const served = Object.values(books.traces).reduce((sum, trace) => sum + trace.requests, 0);
  expect(actions + probes).toBe(served);
  expect(finished.stdout).toMatch(/decision/i);
  expect(finished.stdout).toMatch(/simulated/i);
});

test("the demo with faults: at least 90% succeed, every failure is attributed, verdicts still agree", {
  timeout: 120_000,
}, async () => {
  const faults = {
    unavailable503: { rate: 0.05, retryAfter: 1 },
    tokenExpiry: { rate: 0.02 },
    latency: { rate: 0.01, ms: 2000 },
  };
  const { summary, books, events } = await demo(["--faults", JSON.stringify(faults)]);
  for (const kind of Object.keys(faults)) expect(books.faults[kind]?.count).toBeGreaterThan(0);
  expect(summary.metrics.session_success?.values.rate).toBeGreaterThanOrEqual(0.9);
  expect(reconcile(events, books)).toMatchObject({ onlyApe: [], onlyShop: [] });
  for (const event of events)
    if (event.type === "session_ended" && event.outcome !== "succeeded")
      expect(event.attribution).toBeDefined();
  for (const event of events)
    if (event.type === "step" && event.action?.failed === true)
      expect(event.action.attribution).toBeDefined();
});
