import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually, ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

let shop: Shop;
const folders: ProjectFolder[] = [];
beforeAll(async () => {
  shop = await startShop({});
});
afterAll(() => shop.close());
afterEach(() => Promise.all(folders.splice(0).map((folder) => folder.remove())));

const LONG = "{ agents: 4, duration: 60s, gracefulStop: 10s, thinkTime: { constant: 100ms } }";
async function project(options: Partial<Parameters<typeof shopping>[1]> = {}) {
  const folder = await ProjectFolder.create(shopping(shop.url, { load: LONG, ...options }));
  folders.push(folder);
  return folder;
}
async function status(folder: ProjectFolder): Promise<RunProgress> {
  const { stdout } = await folder.run(["status", "--json"]);
  return JSON.parse(stdout) as RunProgress;
}
const underway = (folder: ProjectFolder): Promise<void> =>
  eventually(async () => {
    try {
      return (await status(folder)).sessions.ended >= 4;
    } catch {
      return false;
    }
  }, 20_000);

test("Ctrl-C once: sessions may end, results are kept, exit 105", { timeout: 60_000 }, async () => {
  const folder = await project();
  const command = folder.start(["start"]);
  await underway(folder);
  command.process.kill("SIGINT");
  const { exit, stdout } = await command.finished;
  expect(exit).toBe(105);
  const summary = await folder.summary();
  expect(summary.run.status).toBe("interrupted");
  expect(summary.sessions.interrupted).toBe(0);
  expect(summary.sessions.ended).toBe(summary.sessions.started);
  expect(stdout).toContain("interrupted");
});

test("Ctrl-C twice: cut off at once, started = ended + interrupted, exit 105", {
  timeout: 60_000,
}, async () => {
  const folder = await project({
    load: "{ agents: 4, duration: 60s, gracefulStop: 60s, thinkTime: { constant: 2s } }",
  });
  const command = folder.start(["start"]);
  await command.says(/\S/);
  await eventually(async () => (await status(folder).catch(() => undefined))?.sessions.started === 4, 20_000);
  command.process.kill("SIGINT");
  await command.says("again");
  const before = performance.now();
  command.process.kill("SIGINT");
  expect((await command.finished).exit).toBe(105);
  expect(performance.now() - before).toBeLessThan(30_000);
  const { sessions } = await folder.summary();
  expect(sessions.interrupted).toBeGreaterThan(0);
  expect(sessions.started).toBe(sessions.ended + sessions.interrupted);
});

test("Ctrl-C before the load begins gives the start up: exit 105, and nothing is left running", {
  timeout: 60_000,
}, async () => {
  const asked: string[] = [];
  const silent = createServer((request) => void asked.push(request.url ?? ""));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const folder = await ProjectFolder.create(
      shopping(url, { load: LONG, more: 'setup: [{ operation: "GET /products" }]\n' }),
    );
    folders.push(folder);
    const command = folder.start(["start"]);
    await eventually(() => asked.length > 0, 20_000);
    const before = performance.now();
    command.process.kill("SIGINT");
    const { exit, stderr } = await command.finished;
    expect(exit, stderr).toBe(105);
    expect(stderr).toContain("error INTERRUPTED");
    expect(performance.now() - before).toBeLessThan(20_000);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test("kill -9 of the engine: the workers leave, and a report is rebuilt from the events", {
  timeout: 60_000,
}, async () => {
  const folder = await project();
  const command = folder.start(["start"]);
  await underway(folder);
  const { workers, sessions } = await status(folder);
  // What the figures count is in the events, too, before the engine dies.
  await eventually(async () => {
    const ended = (await folder.events()).filter(({ type }) => type === "session_ended");
    return ended.length >= sessions.ended;
  });
  command.process.kill("SIGKILL");
  await command.finished;
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  await eventually(() => workers.every(({ pid }) => !alive(pid)));
  const { exit, stdout } = await folder.run(["report", "--json"]);
  expect(exit).toBe(107);
  const summary = JSON.parse(stdout) as Summary;
  expect(summary.run.status).toBe("crashed");
  expect(summary.sessions.ended).toBeGreaterThanOrEqual(sessions.ended);
  expect(await folder.summary()).toEqual(summary);
});

test("kill -9 of a worker: the run ends with what was measured, calls in flight are listed, exit 107", {
  timeout: 60_000,
}, async () => {
  const folder = await project({
    load: "{ agents: 8, duration: 60s, gracefulStop: 1s, workers: 2, thinkTime: { constant: 50ms } }",
  });
  const command = folder.start(["start"]);
  await underway(folder);
  const { workers } = await status(folder);
  expect(workers).toHaveLength(2);
  process.kill(workers[0]?.pid ?? 0, "SIGKILL");
  const { exit, stderr } = await command.finished;
  expect(exit).toBe(107);
  expect(stderr).toContain("WORKER_DIED");
  const summary = await folder.summary();
  expect(summary.run.status).toBe("crashed");
  expect(summary.sessions.ended).toBeGreaterThan(3);
});

test("two runs at once in one project keep apart", { timeout: 60_000 }, async () => {
  const folder = await project({ load: "{ agents: 2, sessions: 4, thinkTime: { constant: 50ms } }" });
  const both = await Promise.all([folder.run(["start", "--quiet"]), folder.run(["start", "--quiet"])]);
  expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
  const runs = await folder.runs();
  expect(runs).toHaveLength(2);
  for (const run of runs) {
    const summary = JSON.parse(await readFile(join(run, "summary.json"), "utf8")) as Summary;
    expect(summary.sessions).toMatchObject({ started: 4, ended: 4 });
  }
});

test("a detached run can be watched, scaled, followed and stopped from outside", {
  timeout: 90_000,
}, async () => {
  const folder = await project();
  const { exit, stdout } = await folder.run(["start", "--detach"]);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/\d{8}-\d{6}/);
  await underway(folder);
  expect(await folder.run(["scale", "--agents", "7"])).toMatchObject({ exit: 0 });
  await eventually(async () => (await status(folder)).agentsActive === 7);
  expect((await folder.run(["runs"])).stdout).toMatch(/running/);
  const { trace } = JSON.parse(
    JSON.stringify((await folder.events()).find((event) => event.type === "session_started")),
  ) as { trace: string };
  const timeline = await folder.run(["trace", trace]);
  expect(timeline.stdout).toMatch(/POST \/login/);
  expect((await folder.run(["logs", "--grep", trace, "--tail", "5"])).exit).toBe(0);
  expect(await folder.run(["stop"])).toMatchObject({ exit: 0 });
  await eventually(async () => (await folder.run(["status"])).stdout.includes("has ended"), 20_000);
  expect((await folder.summary()).run.status).toBe("interrupted");
  expect((await folder.run(["stop"])).exit).toBe(104);
});

test("thresholds decide the exit, and abortOnFail ends the run early", { timeout: 60_000 }, async () => {
  const crossed = await project({
    load: "{ agents: 2, sessions: 4 }",
    thresholds: '{ session_steps: ["max<2"] }',
  });
  const ended = await crossed.run(["start"]);
  expect(ended.exit).toBe(99);
  expect(ended.stdout).toContain("max<2");
  const junit = await readFile(join(await crossed.lastRun(), "junit.xml"), "utf8");
  expect(junit).toMatch(/<failure/);
  const unjudged = await crossed.run(["start", "--no-thresholds"]);
  expect(unjudged.exit, unjudged.stdout).toBe(0);
  expect((await crossed.summary()).metrics.session_steps?.thresholds).toBeUndefined();
  const aborted = await project({
    thresholds: '{ actions: [{ expression: "count<5", abortOnFail: true }] }',
  });
  expect((await aborted.run(["start"])).exit).toBe(108);
  expect((await aborted.summary()).run.status).toBe("aborted");
});

test("setup and teardown are made, and a failing setup starts no load", { timeout: 60_000 }, async () => {
  const good = await project({
    load: "{ agents: 1, sessions: 1 }",
    more: 'setup: [{ operation: "GET /products" }]\nteardown: [{ operation: "GET /products" }]\n',
  });
  expect((await good.run(["start"])).exit).toBe(0);
  expect((await good.events()).filter((event) => event.type === "hook")).toHaveLength(2);
  const bad = await project({ more: 'setup: [{ operation: "POST /orders" }]\n' });
  const failed = await bad.run(["start"]);
  expect(failed.stderr).toContain("HOOK_FAILED");
  expect(failed.exit).toBe(107);
});

test("no secret is written anywhere", { timeout: 60_000 }, async () => {
  const folder = await project({ load: "{ agents: 2, sessions: 6 }" });
  await folder.run(["start"]);
  const { stdout } = {
    stdout: execFileSync("grep", ["-rhoE", "password[^,]{0,40}", join(folder.directory, ".ape")], {
      encoding: "utf8",
    }),
  };
  const passwords = (await readFile(join(folder.directory, "accounts.csv"), "utf8"))
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").at(-1)?.trim() ?? "")
    .filter((text) => text.length > 5);
  expect(passwords.length).toBeGreaterThan(100);
  for (const password of passwords) expect(stdout).not.toContain(password);
});

const isRoot = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!isRoot)(
  "a disk that fills up ends the run, says so, and keeps what was measured (needs root)",
  { timeout: 60_000 },
  async () => {
    const folder = await project({ load: "{ agents: 8, duration: 60s, gracefulStop: 2s }" });
    const disk = join(folder.directory, ".ape");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", disk]);
    try {
      const { exit, stdout, stderr } = await folder.run(["start"]);
      expect(stderr).toContain("STORE_FULL");
      expect(exit).toBe(107);
      expect(stdout).toMatch(/successful stateful sessions/);
      expect(
        (await folder.events()).filter((event) => event.type === "session_ended").length,
      ).toBeGreaterThan(5);
    } finally {
      execFileSync("umount", [disk]);
    }
  },
);

test("--out writes every sample to a file, and a bad destination fails before the load", {
  timeout: 60_000,
}, async () => {
  const folder = await project({ load: "{ agents: 2, sessions: 4 }" });
  expect((await folder.run(["start", "--out", "csv=samples.csv", "--out", "json=samples.ndjson"])).exit).toBe(
    0,
  );
  expect(await readFile(join(folder.directory, "samples.csv"), "utf8")).toMatch(/action_duration/);
  expect(
    (await readFile(join(folder.directory, "samples.ndjson"), "utf8")).split("\n").length,
  ).toBeGreaterThan(20);
  expect((await folder.run(["start", "--out", "carrier-pigeon=x"])).exit).toBe(104);
});
