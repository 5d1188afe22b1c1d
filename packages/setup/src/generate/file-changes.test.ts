import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileChanges, writeChanges } from "./file-changes.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-placing-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file is new, the same, changed, or kept because it is the user's own", async () => {
  await writeFile(join(folder, "same"), "a");
  await writeFile(join(folder, "changed"), "a");
  await writeFile(join(folder, "own"), "mine");
  const found = await fileChanges(
    [
      { path: "new", text: "a" },
      { path: "same", text: "a" },
      { path: "changed", text: "b" },
      { path: "own", text: "b", once: true },
    ],
    folder,
  );
  expect(found.map(({ change }) => change)).toEqual(["new", "same", "changed", "kept"]);
  expect(found[2]?.before).toBe("a");
});

test("a file that adds takes nothing away, and has nothing to add a second time", async () => {
  await writeFile(join(folder, "list"), "mine\n");
  const file = {
    path: "list",
    text: "ours\n",
    merge: (before: string) => (before.includes("ours") ? before : `${before}ours\n`),
  };
  const [first] = await fileChanges([file], folder);
  expect(first).toMatchObject({ change: "added", before: "mine\n", file: { text: "mine\nours\n" } });
  await writeChanges(first === undefined ? [] : [first.file], folder);
  expect((await fileChanges([file], folder)).map(({ change }) => change)).toEqual(["same"]);
});

test("files are written with their folders and permissions, also over an open one", async () => {
  await writeFile(join(folder, "secret"), "old", { mode: 0o644 });
  await writeChanges(
    [
      { path: "a/b/c.yml", text: "x" },
      { path: "secret", text: "s", mode: 0o600 },
    ],
    folder,
  );
  expect(await readFile(join(folder, "a/b/c.yml"), "utf8")).toBe("x");
  expect((await stat(join(folder, "secret"))).mode & 0o777).toBe(0o600);
});

test("a folder in a file's place is told", async () => {
  await mkdir(join(folder, "ape.env"));
  const files = [{ path: "ape.env", text: "" }];
  await expect(fileChanges(files, folder)).rejects.toMatchObject({ code: "FILE_MISSING" });
  await expect(writeChanges(files, folder)).rejects.toMatchObject({ code: "RUN_DIRECTORY" });
});
