import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunProgress } from "@ape/core/report/progress";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRun, TestFolder } from "../../test/run-directory.ts";
import { crossedSummary } from "../../test/test-io.ts";

const OLD = "20260101-000000-aaaa";
const NEW = "20260202-000000-bbbb";
let folder: TestFolder;
let old: string;
let running: Awaited<ReturnType<typeof openTestRun>>;

beforeEach(async () => {
  folder = await TestFolder.create();
  old = await folder.addRun(OLD);
  running = await openTestRun(old);
  await folder.addRun(NEW);
});
afterEach(async () => {
  await running.close();
  await folder.remove();
});

test("stop and scale steer the newest run that continues, and say which", async () => {
  expect((await folder.run("scale --agents 7")).io.stdout()).toBe(`${OLD}: 7 agents from now on\n`);
  expect((await folder.run("stop")).io.stdout()).toBe(`${OLD}: stopping: running sessions may end\n`);
  expect((await folder.run("stop --force")).io.stdout()).toBe(`${OLD}: cut off\n`);
  expect(running.told).toEqual(["scale 7", "stop", "kill"]);
});

test("a run is named by its beginning or its path; a wrong name and an ended run are refused", async () => {
  expect((await folder.run("stop 20260101")).exit).toBe(0);
  expect((await folder.run(`stop ${old}`)).exit).toBe(0);
  expect((await folder.run("stop ./.ape/runs/20260101-000000-aaaa")).exit).toBe(0);
  expect(running.told).toEqual(["stop", "stop", "stop"]);
  const nowhere = await folder.run("stop ./elsewhere");
  expect(nowhere.io.stderr()).toContain("RUN_NOT_FOUND");
  for (const line of [`stop ${NEW}`, `scale ${NEW} --agents 3`]) {
    const { exit, io } = await folder.run(line);
    expect(exit).toBe(104);
    expect(io.stderr()).toMatch(/^error RUN_NOT_ACTIVE: [\s\S]*hint: /);
  }
  expect(running.told).toHaveLength(3);
});

test("status of a run that has ended shows its figures", async () => {
  const { exit, io } = await folder.run(`status ${NEW}`);
  expect(exit).toBe(0);
  expect(io.stdout()).toMatch(new RegExp(`^run ${NEW} has ended\n`));
  expect(io.stdout()).toContain("no session ended");
  const json = await folder.run(`status ${NEW} --json`);
  expect(JSON.parse(json.io.stdout())).toMatchObject({ schema: 1, run: { id: NEW, status: "crashed" } });
});

test("status shows the block, or the whole progress as JSON", async () => {
  const { io } = await folder.run("status");
  expect(io.stdout()).toMatch(new RegExp(`^run ${OLD}\n`));
  expect(io.stdout()).toContain("agents    5 of 5");
  const json = await folder.run("status --json");
  expect(JSON.parse(json.io.stdout()) as RunProgress).toMatchObject({ run: OLD, agentsActive: 5 });
});

test("a watcher sees the run until it ends, then how it ended", async () => {
  let waits = 0;
  const { exit, io } = await folder.run("status --watch --json", {
    onSleep: async () => {
      waits += 1;
      if (waits === 2) await running.close();
      if (waits === 3) await writeFile(join(old, "summary.json"), JSON.stringify(crossedSummary));
    },
  });
  expect(exit).toBe(0);
  expect(io.stdout().trim().split("\n")).toHaveLength(2);
  expect(io.stderr()).toBe(
    "the run has ended: finished, the planned time has passed: see `ape-test report`\n",
  );
});

test("a run that is still running has no report and is not deleted", async () => {
  expect((await folder.run(`report ${OLD}`)).io.stderr()).toMatch(
    /the run is still running[\s\S]*status --watch/,
  );
  expect((await folder.run("runs")).io.stdout()).toMatch(new RegExp(`${OLD}\\s+running`));
  expect((await folder.run("runs prune --keep 0")).io.stderr()).toContain("delete 1 of 2 runs");
  expect((await folder.run("runs prune --keep 0 --yes")).io.stdout()).toBe("1 runs deleted\n");
  expect((await folder.run("runs --json")).io.stdout()).toContain(OLD);
});

test("logs --follow brings each event once, the last ones too, and then ends", async () => {
  const file = join(old, "events", "engine.0001.jsonl");
  const log = (at: number): string =>
    `${JSON.stringify({ type: "log", at, level: "info", part: "engine", message: `word ${at}` })}\n`;
  await appendFile(file, log(1) + log(2) + log(3));
  let waits = 0;
  const { io } = await folder.run("logs --follow --tail 2", {
    onSleep: async () => {
      waits += 1;
      if (waits < 3) await appendFile(file, log(10 * waits) + log(10 * waits + 1) + log(10 * waits + 2));
      else {
        await running.close();
        await appendFile(file, log(99));
      }
    },
  });
  expect(io.stdout().match(/word \d+/g)).toEqual(
    [2, 3, 10, 11, 12, 20, 21, 22, 99].map((at) => `word ${at}`),
  );
});
