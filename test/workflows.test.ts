import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = new URL("..", import.meta.url).pathname;
const FOLDER = join(ROOT, ".github/workflows");

interface Job {
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string }[];
}
const workflows = readdirSync(FOLDER).map((file) => ({
  file,
  workflow: parse(readFileSync(join(FOLDER, file), "utf8")) as {
    permissions?: Record<string, string>;
    jobs: Record<string, Job>;
  },
}));
const steps = workflows.flatMap(({ file, workflow }) =>
  Object.values(workflow.jobs).flatMap((job) => job.steps.map((step) => ({ file, ...step }))),
);
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

test("every action is pinned by commit, and every workflow has no right that it does not name", () => {
  const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
  for (const { file, uses } of steps) if (uses !== undefined) expect(uses, file).toMatch(pinned);
  for (const { file, workflow } of workflows)
    expect(Object.values(workflow.permissions ?? { all: "write" }), file).not.toContain("write");
});

test("every command of this repository that a workflow runs is there", () => {
  for (const { file, run = "" } of steps) {
    for (const [, script = ""] of run.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts, file).toHaveProperty([script]);
    for (const [, path = ""] of run.matchAll(/tsx (scripts\/[\w-]+\.ts)/g))
      expect(existsSync(join(ROOT, path)), `${file}: ${path}`).toBe(true);
    if (/npm test\b/.test(run)) expect(scripts.test).toBeDefined();
    for (const [, name = ""] of run.matchAll(/npm publish .*-w ([\w-]+)/g)) {
      const [manifest] = readdirSync(join(ROOT, "packages"))
        .map((folder) => join(ROOT, "packages", folder, "package.json"))
        .filter((path) => (JSON.parse(readFileSync(path, "utf8")) as { name: string }).name === name);
      expect(manifest, `${file}: ${name}`).toBeDefined();
      expect(JSON.parse(readFileSync(manifest ?? "", "utf8"))).not.toHaveProperty("private", true);
    }
  }
});

test("tests run before anything is published", () => {
  for (const { file, workflow } of workflows)
    for (const { steps: all } of Object.values(workflow.jobs)) {
      const publishes = all.findIndex(({ run }) => run?.includes("npm publish") === true);
      const tests = all.findIndex(({ run }) => run === "npm test");
      if (publishes >= 0) expect(tests >= 0 && tests < publishes, file).toBe(true);
    }
});

test("a release whose tag is another version's is refused, with every reason", () => {
  const { status, stderr } = spawnSync("npx", ["tsx", "scripts/release-check.ts", "v99.0.0"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("v99.0.0 is not the tag of ape-test");
  expect(stderr).toContain("v99.0.0 is not the tag of create-ape-test");
});

test("the version that Node's managers pick is the oldest that APE runs on", () => {
  const wanted = readFileSync(join(ROOT, ".nvmrc"), "utf8").trim();
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toBe(`>=${wanted}.19.0`);
  expect(execFileSync(process.execPath, ["--version"], { encoding: "utf8" })).toMatch(/^v\d+/);
});
