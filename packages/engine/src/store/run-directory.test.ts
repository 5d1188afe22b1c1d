import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { randomFrom } from "@ape/core/lib/random";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sampleManifest, sampleSummary } from "../../test/sample-run.ts";
import {
  createRunDirectory,
  findRun,
  makeRunId,
  pruneRuns,
  readManifest,
  readSummary,
  removeUnbegun,
  runDirectories,
  runIds,
  writeManifest,
  writeSummary,
  writeWhole,
} from "./run-directory.ts";

let project = "";
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ape-runs-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

async function makeRun(id: string): Promise<string> {
  const directory = await createRunDirectory(project, id);
  await writeManifest(directory, sampleManifest({ id }));
  return directory;
}

/** Resolves when what is made next is younger than a directory: file systems count in ticks. */
async function untilYounger(directory: string): Promise<void> {
  const { birthtimeMs } = statSync(directory);
  await vi.waitFor(
    () => {
      const probe = mkdtempSync(join(project, "probe-"));
      expect(statSync(probe).birthtimeMs).toBeGreaterThan(birthtimeMs);
    },
    { timeout: 5_000, interval: 1 },
  );
}

test("ids are readable, sort by time and differ within a second", () => {
  const random = randomFrom(1);
  const first = makeRunId(new Date("2026-11-23T06:52:24.999Z"), random);
  const second = makeRunId(new Date("2026-11-23T06:52:25Z"), random);
  expect(first).toMatch(/^20261123-065224-[0-9a-f]{4}$/);
  expect(first < second).toBe(true);
  expect(makeRunId(new Date("2026-11-23T06:52:25Z"), random)).not.toBe(second);
});

test("a run has a place for events and logs, and keeps what it was", async () => {
  const directory = await makeRun("20261123-065224-a1b2");
  expect(readdirSync(directory).sort()).toEqual(["events", "logs", "run.json"]);
  expect(await readManifest(directory)).toEqual(sampleManifest({ id: "20261123-065224-a1b2" }));
  expect(await readSummary(directory)).toBeUndefined();
  await writeSummary(directory, sampleSummary());
  expect(await readSummary(directory)).toEqual(sampleSummary());
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("runs come newest first, also within one second; what never began is not listed", async () => {
  for (const id of ["20261123-065224-ffff", "20261124-000000-0000", "20261123-065224-0000"]) {
    await untilYounger(await makeRun(id));
  }
  await createRunDirectory(project, "20270101-000000-0000");
  mkdirSync(join(project, ".ape", "runs", "notes"));
  expect(await runIds(project)).toEqual([
    "20261124-000000-0000",
    "20261123-065224-0000",
    "20261123-065224-ffff",
  ]);
  expect(await runIds(join(project, "elsewhere"))).toEqual([]);
});

test("a run is found by id, by a start that is its alone, and as the latest", async () => {
  await makeRun("20261123-065224-a1b2");
  await makeRun("20261124-000000-0000");
  const found = async (wanted: string): Promise<string> => basename(await findRun(project, wanted));
  expect(await found("latest")).toBe("20261124-000000-0000");
  expect(await found("20261123-065224-a1b2")).toBe("20261123-065224-a1b2");
  expect(await found("20261123")).toBe("20261123-065224-a1b2");
  await expect(found("202611")).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
    message: '2 runs begin with "202611"',
  });
  for (const wanted of ["2025", "", "../../etc"])
    await expect(found(wanted)).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
      details: ["20261124-000000-0000", "20261123-065224-a1b2"],
    });
});

test("without runs the error says how to get one", async () => {
  await expect(findRun(project, "latest")).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
    hint: expect.stringContaining("ape-test start"),
  });
});

test("pruning keeps the newest and whatever is active", async () => {
  for (const id of [
    "20260101-000000-0000",
    "20260102-000000-0000",
    "20260103-000000-0000",
    "20260104-000000-0000",
  ])
    await makeRun(id);
  const isActive = async (directory: string): Promise<boolean> => directory.includes("20260101");
  expect(await pruneRuns(project, 1, isActive)).toEqual(["20260103-000000-0000", "20260102-000000-0000"]);
  expect(await runIds(project)).toEqual(["20260104-000000-0000", "20260101-000000-0000"]);
});

test("a place that cannot be written is RUN_DIRECTORY, with a hint", async () => {
  writeFileSync(join(project, ".ape"), "a file where a folder should be");
  await expect(createRunDirectory(project, "20261123-065224-a1b2")).rejects.toMatchObject({
    code: "RUN_DIRECTORY",
    hint: expect.stringContaining("writable"),
  });
});

test("a run.json that is none is RUN_NOT_FOUND", async () => {
  const directory = await makeRun("20261123-065224-a1b2");
  writeFileSync(join(directory, "run.json"), '{"schema": 1, "id"');
  await expect(readManifest(directory)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  writeFileSync(join(directory, "run.json"), "null");
  await expect(readManifest(directory)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("a run.json of another version is refused in words, whatever it lacks", async () => {
  const directory = await makeRun("20261123-065224-a1b2");
  const { behaviour: _, ...older } = sampleManifest({ id: "20261123-065224-a1b2" });
  writeFileSync(join(directory, "run.json"), JSON.stringify(older));
  await expect(readManifest(directory)).rejects.toThrow(/another version/);
});

test("the directory of a run that never began is removed; one with a run.json stays", async () => {
  const unbegun = await createRunDirectory(project, "20261128-043426-bcb3");
  await removeUnbegun(unbegun);
  expect(() => readdirSync(unbegun)).toThrow(/ENOENT/);
  await removeUnbegun(unbegun);
  const begun = await createRunDirectory(project, "20261128-043426-bcb4");
  writeFileSync(join(begun, "run.json"), "{}");
  await removeUnbegun(begun);
  expect(readdirSync(begun)).toContain("run.json");
});

test("ids say the second in UTC", () => {
  expect(makeRunId(new Date("2026-11-23T06:52:24.999+01:00"), randomFrom(1))).toMatch(
    /^20261123-055224-[0-9a-f]{4}$/,
  );
});

test("a run's directory is its owner's alone, and made once", async () => {
  const directory = await makeRun("20261123-065224-a1b2");
  expect(directory).toBe(join(project, ".ape", "runs", "20261123-065224-a1b2"));
  for (const folder of [
    join(project, ".ape", "runs"),
    directory,
    join(directory, "events"),
    join(directory, "logs"),
  ])
    expect(statSync(folder).mode & 0o077, folder).toBe(0);
  expect(statSync(join(directory, "run.json")).mode & 0o077).toBe(0);
  await expect(createRunDirectory(project, "20261123-065224-a1b2")).rejects.toMatchObject({
    code: "RUN_DIRECTORY",
    message: `the run directory ${directory} cannot be made`,
    cause: expect.objectContaining({ code: "EEXIST" }),
  });
});

test("files are written whole, as JSON for people, or not at all", async () => {
  const directory = await makeRun("20261123-065224-a1b2");
  const text = readFileSync(join(directory, "run.json"), "utf8");
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  mkdirSync(join(directory, "taken", "inner"), { recursive: true });
  await expect(writeWhole(join(directory, "taken"), "x")).rejects.toMatchObject({
    code: "RUN_DIRECTORY",
    message: `${join(directory, "taken")} cannot be written`,
    hint: "See that the directory is writable and its disk has room; events that were recorded are kept.",
  });
  await expect(writeWhole(join(directory, "none", "x"), "x")).rejects.toMatchObject({
    code: "RUN_DIRECTORY",
  });
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test.each(["run", "sessions", "metrics"])("a summary without its %s is none", async (name) => {
  const directory = await makeRun("20261123-065224-a1b2");
  for (const value of [undefined, null, 3]) {
    writeFileSync(join(directory, "summary.json"), JSON.stringify({ ...sampleSummary(), [name]: value }));
    expect(await readSummary(directory)).toBeUndefined();
  }
  writeFileSync(join(directory, "summary.json"), "{");
  expect(await readSummary(directory)).toBeUndefined();
});

test.each(["id", "model", "thresholds", "behaviour", "goals"])(
  "a run.json without its %s is of another version",
  async (name) => {
    const directory = await makeRun("20261123-065224-a1b2");
    const manifest = { ...sampleManifest({ id: "20261123-065224-a1b2" }), [name]: undefined };
    writeFileSync(join(directory, "run.json"), JSON.stringify(manifest));
    await expect(readManifest(directory)).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
      message: `${join(directory, "run.json")} was written by another version of APE`,
      hint: "Look at the run with the version that made it; its summary.json can be read as it is.",
    });
  },
);

test("a run.json that cannot be read says where runs are listed", async () => {
  await expect(readManifest(project)).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
    message: `${join(project, "run.json")} cannot be read`,
    hint: "A run directory has a run.json; see `ape-test runs`.",
    cause: expect.objectContaining({ code: "ENOENT" }),
  });
  const directory = await makeRun("20261123-065224-a1b2");
  writeFileSync(join(directory, "run.json"), JSON.stringify({ ...sampleManifest(), schema: 2 }));
  await expect(readManifest(directory)).rejects.toThrow(/another version/);
});

test("a run that is not there is told with the ten newest that are", async () => {
  for (let day = 10; day < 22; day += 1) await makeRun(`202611${day}-000000-0000`);
  const newest = Array.from({ length: 10 }, (_, at) => `202611${21 - at}-000000-0000`);
  await expect(findRun(project, "2025")).rejects.toMatchObject({
    message: 'there is no run "2025"',
    hint: "Name one of these, or `latest`.",
    details: newest,
  });
  await expect(findRun(project, "2026")).rejects.toMatchObject({
    message: '12 runs begin with "2026"',
    details: newest,
  });
  expect(await findRun(project, "20261110")).toBe(join(project, ".ape", "runs", "20261110-000000-0000"));
  await expect(findRun(join(project, "none"), "latest")).rejects.toMatchObject({
    message: `there are no runs in ${join(project, "none", ".ape", "runs")}`,
  });
});

test("of two runs of which one id begins the other both are found by their ids", async () => {
  await makeRun("20261123-065224-a1b2");
  for (const name of ["20261123-065224-a1b2x", "x20261123-065224-a1b2", "20261123-065224-A1B2"])
    mkdirSync(join(project, ".ape", "runs", name));
  expect(await runDirectories(project)).toEqual(["20261123-065224-a1b2"]);
  expect(await pruneRuns(project, 1, async () => false)).toEqual([]);
  expect(await pruneRuns(project, 0, async () => false)).toEqual(["20261123-065224-a1b2"]);
});
