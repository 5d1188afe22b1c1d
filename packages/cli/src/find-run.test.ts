import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { writeResume } from "@ape/engine/launch/resume-file";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRun, TestFolder } from "../test/run-directory.ts";
import { testIo } from "../test/test-io.ts";
import {
  continueHint,
  locateActive,
  locateContinuable,
  locateRun,
  requireActive,
  traceCommand,
} from "./find-run.ts";

const [OLD, NEW] = ["20261101-100000-aaaa", "20261102-100000-bbbb"];
let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const io = () => testIo({ cwd: folder.path });
const runs = (id: string): string => join(folder.path, ".ape", "runs", id);
/** Marks a run as one in containers whose engine died. */
const died = (id: string) =>
  writeResume(runs(id), { version: 1 } as unknown as Parameters<typeof writeResume>[1]);

test("a run is named by its id, its beginning or its path, or is the latest", async () => {
  await folder.addRun(OLD);
  await folder.addRun(NEW);
  expect(await locateRun(io())).toBe(runs(NEW));
  expect(await locateRun(io(), OLD)).toBe(runs(OLD));
  expect(await locateRun(io(), "20261101")).toBe(runs(OLD));
  expect(await locateRun(io(), `.ape/runs/${OLD}`)).toBe(runs(OLD));
  expect(await locateRun(testIo({ cwd: "/" }), runs(OLD))).toBe(runs(OLD));
  await expect(locateRun(io(), "./none")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("a run that is not here may be on the cluster, where the configuration speaks of one", async () => {
  await folder.addRun(OLD);
  const missing = () => locateRun(io(), "1999").catch((thrown: { code: string; hint?: string }) => thrown);
  expect(await missing()).toMatchObject({
    code: "RUN_NOT_FOUND",
    hint: expect.not.stringContaining("cluster"),
  });
  await folder.write("ape.config.yaml", "runtime: kubernetes\n");
  expect(await missing()).toMatchObject({
    code: "RUN_NOT_FOUND",
    hint: expect.stringMatching(
      /^Bring the results of a run from the cluster with `ape-test fetch`; .* --containers`\. \S/,
    ),
  });
});

test("the run to watch is the newest that is running, else the latest, or the named one", async () => {
  await folder.addRun(OLD);
  await folder.addRun(NEW);
  expect(await locateActive(io())).toBe(runs(NEW));
  await expect(requireActive(runs(OLD))).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: "the run is not active",
    hint: expect.stringContaining("`ape-test runs`"),
  });
  const control = await openTestRun(runs(OLD));
  try {
    expect(await locateActive(io())).toBe(runs(OLD));
    expect(await locateActive(io(), NEW)).toBe(runs(NEW));
    await requireActive(runs(OLD));
    await expect(locateContinuable(io(), OLD)).rejects.toMatchObject({
      code: "RUN_ACTIVE",
      message: `run ${OLD} is live: there is nothing to continue`,
    });
  } finally {
    await control.close();
  }
});

test("a run whose engine died in containers can be continued, the newest of them as the latest", async () => {
  await folder.addRun(OLD);
  await folder.addRun(NEW);
  await expect(locateContinuable(io(), "latest")).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: "no run of this folder can be continued",
  });
  expect(await continueHint(runs(OLD))).toBeUndefined();
  await died(OLD);
  expect(await locateContinuable(io(), "latest")).toBe(runs(OLD));
  expect(await locateContinuable(io(), NEW)).toBe(runs(NEW));
  expect(await locateContinuable(io(), `.ape/runs/${OLD}`)).toBe(runs(OLD));
  const hint = `Continue it with \`ape-test start --continue ${OLD}\`, or remove its containers with \`ape-test clean\`.`;
  expect(await continueHint(runs(OLD))).toBe(hint);
  await expect(requireActive(runs(OLD))).rejects.toMatchObject({
    message: "the run's engine died, its containers may be running",
    hint,
  });
});

test("a start that is in progress, or was cut off, is told as such", async () => {
  await folder.addRun(OLD);
  await mkdir(join(runs(NEW), "containers"), { recursive: true });
  expect(await locateActive(io())).toBe(runs(OLD));
  await writeFile(join(runs(NEW), "containers", "compose.yml"), "");
  await expect(locateActive(io())).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: `the start of run ${NEW} was cut off before the run began`,
    hint: expect.stringContaining("ape-test clean"),
  });
  await expect(locateActive(io(), NEW.slice(0, 10))).rejects.toMatchObject({
    message: expect.stringContaining("cut off"),
  });
  expect(await locateActive(io(), OLD)).toBe(runs(OLD));
  const lock = { run: NEW, pid: 7, host: `not-${hostname()}` };
  await writeFile(join(folder.path, ".ape", "containers.lock"), JSON.stringify(lock));
  await expect(locateActive(io())).rejects.toMatchObject({
    code: "RUN_NOT_ACTIVE",
    message: `run ${NEW} is starting: its containers are not ready yet`,
    hint: expect.stringContaining("process 7"),
  });
});

test("traces of runs of this folder need no name of the run", () => {
  expect(traceCommand(io(), runs(OLD))).toBe("ape-test trace");
  expect(traceCommand(io(), "/elsewhere/run")).toBe("ape-test trace --run /elsewhere/run");
  expect(traceCommand(io(), `${folder.path}/.ape/runs`)).toContain("--run");
});
