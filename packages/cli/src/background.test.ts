import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startInBackground } from "./background.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ape-background-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function program(text: string): Promise<string> {
  const file = join(home, "program.mjs");
  await writeFile(file, text);
  return file;
}

test("what announces its run keeps running, its output in the run's logs", async () => {
  const directory = join(home, "run");
  await mkdir(join(directory, "logs"), { recursive: true });
  const file = await program(`
    console.log("begun with", process.argv.slice(2).join(" "), process.env.COLOUR);
    process.send({ run: "r1", directory: ${JSON.stringify(directory)} }, () => console.error("announced"));
    process.on("disconnect", () => console.log("left alone"));
  `);
  const started = await startInBackground(file, ["start", "--quiet"], home, {
    env: { ...process.env, COLOUR: "blue" },
    cwd: home,
  });
  expect(started).toEqual({ run: "r1", directory, log: join(directory, "logs", "start.log") });
  await expect
    .poll(() => readFile(join(directory, "logs", "start.log"), "utf8"))
    .toMatch(/begun with start --quiet blue[\s\S]*left alone/);
});

test("what ends without a word hands back its output and exit code", async () => {
  const file = await program('console.error("error USAGE: no"); process.exitCode = 104;');
  const ended = await startInBackground(file, [], home, { env: process.env, cwd: home });
  expect(ended).toEqual({ exitCode: 104, output: "error USAGE: no\n" });
  expect(await readdir(join(home, ".ape/logs"))).toEqual([]);
});

test("a folder that cannot be written is told", async () => {
  await writeFile(join(home, ".ape"), "a file where a folder is wanted");
  await expect(
    startInBackground("program.mjs", [], home, { env: process.env, cwd: home }),
  ).rejects.toMatchObject({ code: "RUN_DIRECTORY" });
});
