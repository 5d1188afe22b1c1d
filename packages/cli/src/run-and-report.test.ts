import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { RunProgress } from "@ape/core/report/progress";
import { ReportBuilder } from "@ape/engine/report/report-builder";
import type { RunHandle, RunResult } from "@ape/engine/run/progress";
import { expect, test, vi } from "vitest";
import { sampleProgress as progress, crossedSummary as summary, testIo } from "../test/test-io.ts";
import { runAndReport } from "./run-and-report.ts";

function fakeRun() {
  const did: string[] = [];
  let finish: (result: RunResult) => void = () => undefined;
  let tell: (progress: RunProgress) => void = () => undefined;
  const run: RunHandle = {
    id: "r",
    directory: "/d",
    onProgress: (listener) => {
      tell = listener;
    },
    progress: () => progress,
    stop: () => void did.push("stop"),
    kill: () => void did.push("kill"),
    scale: () => undefined,
    finished: new Promise((resolve) => {
      finish = resolve;
    }),
  };
  return {
    run,
    did,
    tell: (one: RunProgress) => tell(one),
    end: (failure?: ApeError) =>
      finish({
        summary,
        report: new ReportBuilder(1).read("r"),
        exit: "thresholds",
        directory: "/d",
        ...(failure === undefined ? {} : { failure }),
      }),
  };
}

test("the first interrupt stops, the second kills; the exit is the run's", async () => {
  const io = testIo();
  const { run, did, end } = fakeRun();
  const conducted = runAndReport(async () => run, io, {});
  await Promise.resolve();
  io.interrupt();
  expect(io.stderr()).toContain("again to cut them off");
  io.interrupt();
  expect(did).toEqual(["stop", "kill"]);
  end();
  expect((await conducted).exit).toBe("thresholds");
  io.interrupt();
  expect(did).toEqual(["stop", "kill"]);
});

test("--json is one object, --json=stream is NDJSON, quiet is silent, elsewhere a plain line", async () => {
  const show = async (how: Parameters<typeof runAndReport>[2], tty = false) => {
    const io = testIo({ tty });
    const { run, tell, end } = fakeRun();
    const conducted = runAndReport(async () => run, io, how);
    await Promise.resolve();
    tell(progress);
    end();
    await conducted;
    return io;
  };
  expect(JSON.parse((await show({ json: "object" })).stdout())).toMatchObject({ schema: 1 });
  const stream = (await show({ json: "stream" }))
    .stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  expect(stream.map(({ type }) => type)).toEqual(["progress", "summary"]);
  const quiet = await show({ quiet: true });
  expect(quiet.stdout() + quiet.stderr()).toBe("");
  expect((await show({})).stderr()).toMatch(/^running 1s, 5\/5 agents, 2 sessions ended, 100\.00% succeeded/);
  const tty = (await show({}, true)).stderr();
  expect(tty).toContain("█");
  expect(tty).toContain("\u001b[0J");
});

test("GitHub gets an annotation for a crossed threshold, and the JSON stays JSON", async () => {
  const io = testIo({ env: { GITHUB_ACTIONS: "true" } });
  const { run, end } = fakeRun();
  const conducted = runAndReport(async () => run, io, { quiet: true, json: "object" });
  end();
  await conducted;
  expect(io.stderr()).toMatch(/^::error .*rate>0\.95/m);
  expect(JSON.parse(io.stdout())).toMatchObject({ run: { exitCode: 99 } });
});

test("an interrupt before the load begins gives the start up", async () => {
  const io = testIo();
  const conducted = runAndReport(
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new ApeError("INTERRUPTED", "stopped")));
      }),
    io,
    {},
  );
  io.interrupt();
  expect(io.stderr()).toContain("has not begun yet");
  await expect(conducted).rejects.toMatchObject({ code: "INTERRUPTED", exit: "interrupted" });
  expect(io.left).toEqual([]);
});

test("a run that began all the same is cut off", async () => {
  const io = testIo();
  const { run, did, end } = fakeRun();
  let begin: (run: RunHandle) => void = () => undefined;
  const starting = new Promise<RunHandle>((resolve) => {
    begin = resolve;
  });
  const conducted = runAndReport(() => starting, io, {});
  io.interrupt();
  begin(run);
  await expect.poll(() => did).toEqual(["kill"]);
  end();
  await conducted;
});

test("interrupts in a quick row lose no results; one after two seconds of writing leaves at once", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const io = testIo();
    const { run, did, end } = fakeRun();
    const conducted = runAndReport(async () => run, io, {});
    await Promise.resolve();
    for (let count = 0; count < 5; count += 1) io.interrupt();
    expect(did).toEqual(["stop", "kill"]);
    expect(io.left).toEqual([]);
    vi.advanceTimersByTime(2_000);
    io.interrupt();
    expect(io.left).toEqual([105]);
    end();
    await conducted;
    expect(io.stdout()).not.toBe("");
  } finally {
    vi.useRealTimers();
  }
});

test("an interrupt twice before the load begins leaves at once", async () => {
  const io = testIo();
  const refused = Promise.reject(new ApeError("TARGET_UNREACHABLE", "refused"));
  const conducted = runAndReport(() => refused, io, {});
  io.interrupt();
  io.interrupt();
  expect(io.left).toEqual([105]);
  await expect(conducted).rejects.toMatchObject({ code: "TARGET_UNREACHABLE" });
  io.interrupt();
  expect(io.left).toEqual([105]);
});

test("what broke is told with its code, details and hint, and the block is taken off the terminal first", async () => {
  const io = testIo({ tty: true, env: { NO_COLOR: "1" } });
  const { run, tell, end } = fakeRun();
  const conducted = runAndReport(async () => run, io, {});
  await Promise.resolve();
  tell(progress);
  end(new ApeError("WORKER_DIED", "agents-0 ended", { details: ["signal SIGKILL"], hint: "See the logs." }));
  await conducted;
  const [, after] = io.stderr().split("\u001b[0J");
  expect(after).toBe("error WORKER_DIED: agents-0 ended\n  signal SIGKILL\nhint: See the logs.\n");
});

test("in a job of GitHub the run is added to the job's summary; a file that cannot be written is a warning", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ape-summary-"));
  const file = join(folder, "summary.md");
  writeFileSync(file, "before\n");
  for (const [path, warned] of [
    [file, false],
    [folder, true],
  ] as const) {
    const io = testIo({ env: { GITHUB_STEP_SUMMARY: path } });
    const { run, end } = fakeRun();
    const done = runAndReport(async () => run, io, { quiet: true });
    end();
    await done;
    expect(io.stderr().includes("the summary of the job is not written")).toBe(warned);
  }
  expect(readFileSync(file, "utf8")).toMatch(/^before\n### . APE: /);
  rmSync(folder, { recursive: true });
});
