import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Summary } from "@ape/core/report/summary";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shopperEvents, TestFolder } from "../../test/run-directory.ts";

const FIRST = "20260101-000000-aaaa";
const SECOND = "20260202-000000-bbbb";
const OTHER_TRACE = "11111111222222223333333344444444";
let folder: TestFolder;
let second: string;

beforeEach(async () => {
  folder = await TestFolder.create();
  await folder.addRun(FIRST, shopperEvents("s0-7"));
  const at = 1_800_000_000_000;
  second = await folder.addRun(SECOND, [
    { type: "run_started", at, run: SECOND, seed: 7 },
    ...shopperEvents("s0-1", { at, trace: OTHER_TRACE, agent: "a0-2", response: "\u001b[2Jboom" }),
    ...shopperEvents("s0-12", { at: at + 1_000, trace: `1111${OTHER_TRACE.slice(4).replaceAll("2", "9")}` }),
    {
      type: "health",
      at: at + 2_000,
      part: "agents-0",
      eventLoopDelayP99Ms: 2,
      cpu: 0.5,
      cpuSeconds: 1,
      rssBytes: 1e8,
    },
    { type: "run_ended", at: at + 2_001, status: "finished", reason: "the planned time has passed" },
  ]);
});
afterEach(() => folder.remove());

const lines = async (line: string): Promise<string[]> => {
  const { exit, io } = await folder.run(line);
  expect(io.stderr()).toBe("");
  expect(exit).toBe(0);
  return io.stdout().trim().split("\n");
};

test("logs are the latest run's events, one readable line each", async () => {
  const all = await lines("logs");
  expect(all).toHaveLength(23);
  expect(all[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} engine +run 20260202-000000-bbbb begins, seed 7$/);
  expect(all.join("\n")).toContain("s0-1 step 2 POST /orders -> 500 in 5 ms (target)");
  expect(all.join("\n")).not.toContain("\u001b");
  expect(await lines("logs --tail 2")).toEqual(all.slice(-2));
  expect(await lines(`logs --run ${FIRST}`)).toHaveLength(10);
});

test("logs of one service, under both of its names; the gateway's answers among them", async () => {
  const gateway = await lines("logs gateway");
  expect(gateway).toEqual(await lines("logs mcp_gateway"));
  expect(gateway).toHaveLength(8);
  expect(gateway.join("\n")).toMatch(/POST \/login -> 200/);
  expect(await lines("logs cerebras_proxy")).toHaveLength(2);
  expect((await lines("logs engine")).join("\n")).not.toContain("s0-1");
  expect((await lines("logs llama_agent")).join("\n")).toContain("agents-0: event loop p99 2 ms");
});

test("logs of an agent, of sessions, with a text, of a trace", async () => {
  for (const line of await lines("logs --agent a0-2")) expect(line).toContain(" s0-1 ");
  expect(await lines("logs --session s0-1 --session s0-12")).toHaveLength(20);
  expect(await lines("logs --grep 500 --session s0-1")).toHaveLength(2);
  expect(await lines(`logs --grep ${OTHER_TRACE}`)).toHaveLength(10);
  expect(await lines("logs --grep 900")).toHaveLength(2);
  expect(await lines("logs --since 2027-01-15T08:00:01Z")).toHaveLength(12);
  const json = await lines("logs --agent a0-2 --json");
  expect(JSON.parse(json[0] ?? "")).toMatchObject({ type: "session_started", agent: "a0-2" });
});

test("a trace is one session as a timeline", async () => {
  const text = (await lines(`trace ${OTHER_TRACE.slice(0, 12)}`)).join("\n");
  expect(text).toContain("s0-1 of a0-2: goal buy, row 3");
  expect(text).toMatch(
    /\+0\.345s {2}step 1: POST \/login {2}200 in 5\.00ms {2}decided in 40ms, thought 300ms/,
  );
  expect(text).toContain("learned accessToken");
  expect(text).toContain("✓ check 1 holds: step 1: POST /login -> 200");
  expect(text).toContain("- probe GET /orders/o-1 -> 404");
  expect(text).toContain("step 2: invalid decision: no tool was called");
  expect(text).toContain("answered ?[2Jboom");
  expect(text).toContain("fault of: target");
  expect(text).toContain("failed after 3 steps, 451ms: POST /orders answered 500 in step 2 (target)");
  expect(text).toContain("✗ action POST /orders: step 2: POST /orders -> 500");
});

test("a session is looked for in older runs too, a whole id is that session alone", async () => {
  expect((await lines("trace 0af76519")).join("\n")).toContain("s0-7 of a0-1");
  expect((await lines("trace s0-1")).join("\n")).toContain("s0-1 of a0-2");
  const json = await lines("trace s0-7 --json");
  expect(json).toHaveLength(10);
  expect(JSON.parse(json[9] ?? "")).toMatchObject({ type: "session_ended", session: "s0-7" });
});

test("a beginning of several traces is refused and they are named; one of none, too", async () => {
  const several = await folder.run("trace 1111");
  expect(several.exit).toBe(104);
  expect(several.io.stderr()).toMatch(
    /2 sessions begin with "1111"\n {2}s0-1, trace 1111[\s\S]*s0-12, trace/,
  );
  const none = await folder.run("trace ffff");
  expect(none.io.stderr()).toMatch(/RUN_NOT_FOUND: no session or trace begins with "ffff" in the runs/);
  expect((await folder.run(`trace s0-7 --run ${SECOND}`)).io.stderr()).toContain("in this run");
});

test("a report is computed from the events and ends with the run's exit code", async () => {
  const { exit, io } = await folder.run("report");
  expect(exit).toBe(99);
  expect(io.stdout()).toContain("✗ 0.00% successful stateful sessions (0 of 2)");
  expect(io.stdout()).toContain("✗ session_success rate>0.95 (rate 0.00%) default");
  expect(io.stdout()).toContain("2x target POST /orders answered 500 in step 2");
  expect(io.stdout()).toContain("ape-test trace 11111111");
  const json = await folder.run(`report ${second} --json`);
  expect(JSON.parse(json.io.stdout()) as Summary).toMatchObject({
    run: { id: SECOND, status: "finished" },
    attribution: { target: 2 },
  });
  const crashed = await folder.run(`report ${FIRST}`);
  expect(crashed.exit).toBe(107);
});

test("from elsewhere the report names the run in its trace commands", async () => {
  const { io } = await folder.run(`report ${second}`, { cwd: "/" });
  expect(io.stdout()).toContain(`ape-test trace --run ${second} 11111111`);
});

test("runs: what became of each, also of one that cannot be read", async () => {
  await folder.run("report");
  await writeFile(join(folder.path, ".ape/runs", FIRST, "run.json"), "{ half");
  const table = (await lines("runs")).map((line) => line.trim().split(/\s{2,}/));
  expect(table[0]).toEqual(["run", "status", "exit", "agents", "time", "ended", "succeeded"]);
  expect(table[1]).toEqual([SECOND, "finished", "99", "5", "2.00s", "2", "0.00%"]);
  expect(table[2]?.join(" ")).toContain("unreadable");
});
