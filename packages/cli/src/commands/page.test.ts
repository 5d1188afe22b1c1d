import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRun, TestFolder } from "../../test/run-directory.ts";

const RUN = "20260101-000000-aaaa";
let folder: TestFolder;
let directory: string;
beforeEach(async () => {
  folder = await TestFolder.create();
  directory = await folder.addRun(RUN);
});
afterEach(() => folder.remove());

test("a run that goes on without a page is told from one that has none yet", async () => {
  const running = await openTestRun(directory);
  try {
    const { exit, io } = await folder.run(`page ${RUN}`);
    expect(exit).toBe(104);
    expect(io.stdout()).toBe("");
    expect(io.stderr()).toContain("the run was started without a page");
    expect(io.stderr()).toContain("Watch it with `ape-test status --watch`; start runs with --page.");
  } finally {
    await running.close();
  }
});

test("a run outside of a folder of runs has a report, and no page", async () => {
  const elsewhere = join(folder.path, "elsewhere");
  await mkdir(elsewhere);
  await cp(directory, join(elsewhere, RUN), { recursive: true });
  const { exit, io } = await folder.run(`page ./elsewhere/${RUN}`);
  expect(exit).toBe(104);
  expect(io.stderr()).toContain(`${join(elsewhere, RUN)} is not in a folder of runs`);
  expect(io.stderr()).toContain("Open its report.html, which `ape-test report --html` writes again.");
});

test.each(["page nothing", "page --port 65536", "page --port -1"])("%s is refused", async (line) => {
  expect((await folder.run(line)).exit).toBe(104);
});
