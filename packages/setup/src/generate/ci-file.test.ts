import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ciFiles, ciGenerator } from "./ci-file.ts";
import type { GeneratorInput } from "./generator.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-ci-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const templates = new URL("../../templates", import.meta.url).pathname;
const written = { targets: { app: { baseUrl: "${APP_URL}", headers: { key: "${APP_KEY:-none}" } } } };
const GITHUB = ".github/workflows/ape-test.yml";
const GITLAB = ".gitlab/ape-test.yml";

test("a workflow gives the run each variable that has no value of its own", () => {
  for (const ci of ["github", "gitlab"] as const) {
    const [workflow] = ciFiles(ci, { written, templates });
    expect(workflow?.path).toBe(ci === "github" ? GITHUB : GITLAB);
    expect(workflow?.text).toContain("APP_URL");
    expect(workflow?.text).not.toContain("APP_KEY");
    expect(workflow).not.toHaveProperty("once");
  }
  expect(ciFiles("none", { written, templates })).toEqual([]);
});

test("GitLab's own file is the user's, and includes the workflow", () => {
  const files = ciFiles("gitlab", { written, templates });
  expect(files.map(({ path, once }) => [path, once])).toEqual([
    [GITLAB, undefined],
    [".gitlab-ci.yml", true],
  ]);
  expect(files[1]?.text).toContain(GITLAB);
  expect(ciFiles("github", { written, templates })).toHaveLength(1);
});

/** The files that are made where these are there already. */
async function made(there: string[], named?: boolean): Promise<string[]> {
  for (const path of there) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), "");
  }
  const input = { written, templates, directory: folder, ...(named === undefined ? {} : { named }) };
  return (await ciGenerator.files(input as GeneratorInput)).map(({ path }) => path);
}

test("only workflows that are there are updated; by its own name the generator makes GitHub's", async () => {
  expect(await made([])).toEqual([]);
  expect(await made([], false)).toEqual([]);
  expect(await made([], true)).toEqual([GITHUB]);
  expect(await made([GITLAB], true)).toEqual([GITLAB, ".gitlab-ci.yml"]);
  expect(await made([GITHUB])).toEqual([GITHUB, GITLAB, ".gitlab-ci.yml"]);
});
