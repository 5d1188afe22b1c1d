import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inRepository, runCommand } from "./command.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ape-command-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const node = (code: string, env: Record<string, string> = {}, cwd = tmpdir()) =>
  runCommand(process.execPath, ["-e", code], { cwd, env });

test("a program that succeeds says nothing, whatever it wrote", async () => {
  expect(await node("console.error('a warning')")).toBeUndefined();
});

test.each([
  ["console.error(' no such package \\n'); process.exit(1)", "no such package"],
  ["process.exit(3)", "it ended with 3"],
  ["process.stderr.write('x'.repeat(3000) + 'end'); process.exitCode = 1", `${"x".repeat(1_997)}end`],
])("what fails says why: %s", async (code, reason) => {
  expect(await node(code)).toBe(reason);
});

test("a program that is not there is a reason", async () => {
  const reason = await runCommand("no-such-program-here", [], { cwd: tmpdir(), env: {} });
  expect(reason).toContain("no-such-program-here");
});

test("it runs in the folder, with the given environment alone", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "here"), "");
  const code =
    "const fs = require('fs'); process.exit(fs.existsSync('here') && process.env.GIVEN === 'yes' && !process.env.HOME ? 0 : 9)";
  expect(await node(code, { GIVEN: "yes" }, folder)).toBeUndefined();
});

test("a folder is in a repository where one above it has .git", async () => {
  const folder = await temporaryFolder();
  const inner = join(folder, "a", "b");
  await mkdir(inner, { recursive: true });
  expect(inRepository(inner)).toBe(false);
  await mkdir(join(folder, "a", ".git"));
  expect(inRepository(inner)).toBe(true);
  expect(inRepository(join(folder, "a"))).toBe(true);
  expect(inRepository(folder)).toBe(false);
});
