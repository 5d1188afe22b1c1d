import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
  await folder.write(
    "ape.config.yaml",
    `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
goals:
  - { name: look, prompt: Look around., success: [{ action: { operation: GET / } }], budget: { steps: 2, time: 5s, tokens: auto } }
inference: { provider: simulated }
load: { agents: 1, duration: 1s }
`,
  );
});
afterEach(() => folder.remove());

const lines = async (line: string): Promise<string[]> => {
  const { exit, io } = await folder.run(line);
  expect(exit).toBe(0);
  return io.stdout().trim().split("\n");
};

test("files are written once, and kept while they are what the configuration says", async () => {
  const first = await lines("generate compose");
  expect(first.length).toBeGreaterThan(1);
  expect(first.every((line) => line.startsWith("wrote "))).toBe(true);
  const second = await lines("generate compose");
  expect(second).toEqual(first.map((line) => line.replace("wrote", "kept")));
  expect(await lines("generate compose --check")).toEqual([
    "every generated file is what the configuration says",
  ]);
});

test("a check names what is missing or stale, writes nothing, and says the command", async () => {
  const missing = await folder.run("generate compose --check");
  expect(missing.exit).toBeGreaterThan(100);
  expect(missing.io.stderr()).toContain("CONFIG_INVALID");
  expect(missing.io.stderr()).toContain("generated files are not what the configuration says");
  expect(missing.io.stderr()).toMatch(/\S+ is missing/);
  expect(missing.io.stderr()).toContain("Run `ape-test generate compose` and commit what it writes.");

  const [path = ""] = (await lines("generate compose")).map((line) => line.replace("wrote ", ""));
  const whole = await readFile(join(folder.path, path), "utf8");
  await writeFile(join(folder.path, path), `${whole}\n# changed\n`);
  const stale = await folder.run("generate compose --check");
  expect(stale.io.stderr()).toContain(`${path} is stale`);
  expect(stale.io.stderr()).not.toContain("is missing");
  await rm(join(folder.path, path));
  expect((await folder.run("generate compose --check")).io.stderr()).toContain(`${path} is missing`);
});

test("where nothing is named, only what the configuration needs is made", async () => {
  const all = await lines("generate");
  const compose = await lines("generate compose");
  expect(all.length).toBeLessThan(compose.length);
  const { exit, io } = await folder.run("generate nothing");
  expect(exit).toBe(104);
  expect(io.stderr()).toContain("compose");
});
