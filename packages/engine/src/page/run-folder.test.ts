import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { rebuild } from "../run/report.ts";
import { openEventLog } from "../store/event-log.ts";
import { createRunDirectory, writeManifest } from "../store/run-directory.ts";
import { RunFolder } from "./run-folder.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ape-folder-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const idOf = (number: number): string => `20261123-0652${String(number).padStart(2, "0")}-a1b2`;

async function makeRun(number: number): Promise<string> {
  const id = idOf(number);
  const directory = await createRunDirectory(home, id);
  await writeManifest(directory, sampleManifest({ id }));
  const log = await openEventLog(join(directory, "events"), "agents-0", {
    onFailure: (error) => {
      throw error;
    },
  });
  for (const event of plausibleEvents(20)) log.record(event);
  await log.close();
  return directory;
}

test("broken files of one run hide no other run, and results that are none are computed again", async () => {
  for (const number of [1, 2, 3, 4]) await rebuild(await makeRun(number));
  const file = (number: number, name: string): string => join(home, ".ape/runs", idOf(number), name);
  writeFileSync(file(1, "summary.json"), "{}");
  writeFileSync(file(2, "summary.json"), "null");
  writeFileSync(file(3, "run.json"), "{");
  writeFileSync(file(4, "report.json"), '{"version":1}');
  const folder = new RunFolder(home);
  const { runs, of } = await folder.folder();
  expect(of).toBe(4);
  expect(runs.map(({ id, status }) => [id, status])).toEqual([
    [idOf(4), "crashed"],
    [idOf(3), "crashed"],
    [idOf(2), "crashed"],
    [idOf(1), "crashed"],
  ]);
  for (const number of [1, 2, 4]) {
    const { summary, report } = await folder.run(idOf(number));
    expect(summary.sessions.ended).toBeGreaterThan(0);
    expect(report.operations.length).toBeGreaterThan(0);
  }
  await expect(folder.run(idOf(3))).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(folder.run("../../etc")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("of many runs the newest are listed, and their number is given", async () => {
  const manifest = JSON.stringify(sampleManifest());
  for (let number = 0; number < 230; number += 1) {
    const id = `20261123-06${String(Math.floor(number / 60)).padStart(2, "0")}${String(number % 60).padStart(2, "0")}-a1b2`;
    mkdirSync(join(home, ".ape/runs", id), { recursive: true });
    writeFileSync(join(home, ".ape/runs", id, "run.json"), manifest);
  }
  const { runs, of } = await new RunFolder(home).folder();
  expect([runs.length, of]).toEqual([200, 230]);
  expect(runs[0]?.id).toBe("20261123-060349-a1b2");
});

test("a folder without runs has none", async () => {
  expect(await new RunFolder(home).folder()).toEqual({ runs: [], of: 0, live: false });
});
