import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Script, scriptedPrompter } from "../../test/scripted-prompter.ts";
import type { GeneratedFile } from "../generate/generator.ts";
import { writeProject } from "../generate/writing.ts";
import { writeAfterAsking } from "./files-question.ts";
import { Cancelled } from "./prompter.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-asking-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FILES: GeneratedFile[] = [
  { path: "new.md", text: "new" },
  { path: "same.md", text: "same" },
  { path: "own.md", text: "ours", once: true },
  { path: "list.md", text: "x", merge: (before) => `${before}x` },
  { path: "changed.md", text: "fresh" },
];

/** A folder with a file of each kind. */
async function fill(): Promise<void> {
  for (const name of ["same", "own", "list", "changed"]) await writeFile(join(folder, `${name}.md`), name);
}

const contents = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(
        async (name) => [name, await readFile(join(folder, name), "utf8")] as const,
      ),
    ),
  );

const ask = async (script: Script, files = FILES) => {
  const { prompter, said, unused } = scriptedPrompter(script);
  const settled = await writeAfterAsking(files, folder, prompter);
  expect(unused()).toEqual([]);
  return { settled: settled.map(({ file, change }) => [file.path, change]), said };
};

test("what would be written is shown, and a file that differs is kept unless its user agrees", async () => {
  await fill();
  const { settled, said } = await ask([["Write 2 files?", true]]);
  expect(said[0]).toBe(
    [
      `Files in ${folder}`,
      "new.md  new",
      "same.md  there already, the same",
      "own.md  there already, yours",
      "list.md  added to",
      "changed.md  there already, differs",
    ].join("\n"),
  );
  expect(said[1]).toBe("changed.md\nline 1:\n- changed\n+ fresh");
  expect(said[2]).toBe("Write over changed.md?");
  expect(settled).toEqual([
    ["new.md", "new"],
    ["same.md", "same"],
    ["own.md", "kept"],
    ["list.md", "added"],
    ["changed.md", "kept"],
  ]);
  expect(await contents()).toEqual({
    "new.md": "new",
    "same.md": "same",
    "own.md": "own",
    "list.md": "listx",
    "changed.md": "changed",
  });
});

test("a file that differs is written over where its user agrees", async () => {
  await fill();
  const { settled } = await ask([
    ["Write over changed.md?", true],
    ["Write 3 files?", true],
  ]);
  expect(settled.at(-1)).toEqual(["changed.md", "changed"]);
  expect((await contents())["changed.md"]).toBe("fresh");
});

test("nothing is written without the last word", async () => {
  await fill();
  await expect(ask([["Write 2 files?", false]])).rejects.toBeInstanceOf(Cancelled);
  expect(await contents()).not.toHaveProperty("new.md");
});

test("a folder of more than two files with the same change is one line", async () => {
  const inFolder = (count: number): GeneratedFile[] =>
    Array.from({ length: count }, (_, index) => ({ path: `made/${index}.md`, text: "x" }));
  const lines = async (files: GeneratedFile[]) =>
    (
      await ask(
        [["Write", true]],
        [{ path: "a.md", text: "x" }, { path: "b.md", text: "x" }, { path: "c.md", text: "x" }, ...files],
      )
    ).said[0]
      ?.split("\n")
      .slice(1);
  expect(await lines(inFolder(2))).toEqual([
    "a.md  new",
    "b.md  new",
    "c.md  new",
    "made/0.md  new",
    "made/1.md  new",
  ]);
  await rm(folder, { recursive: true });
  await mkdir(folder);
  expect(await lines(inFolder(3))).toEqual(["a.md  new", "b.md  new", "c.md  new", "made/ (3 files)  new"]);
  await writeFile(join(folder, "made/0.md"), "other");
  expect((await lines(inFolder(3)))?.slice(3)).toEqual([
    "made/0.md  there already, differs",
    "made/1.md  there already, the same",
    "made/2.md  there already, the same",
  ]);
});

const CONFIG = (text: string): GeneratedFile => ({ path: "ape.config.yaml", text });

test("without asking, files that differ are kept, or all written over", async () => {
  await fill();
  const write = async (overwrite: boolean) =>
    (await writeProject(FILES, folder, overwrite)).map(({ change }) => change);
  expect(await write(false)).toEqual(["new", "same", "kept", "added", "kept"]);
  expect((await contents())["changed.md"]).toBe("changed");
  expect(await write(true)).toEqual(["same", "same", "kept", "added", "changed"]);
  expect((await contents())["changed.md"]).toBe("fresh");
});

test("without asking, another configuration is in the way, and nothing is written beside it", async () => {
  await writeFile(join(folder, "ape.config.yaml"), "old");
  const files = [{ path: "new.md", text: "new" }, CONFIG("new")];
  await expect(writeProject(files, folder, false)).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(`there is an ape.config.yaml in ${folder} already`),
    hint: expect.stringContaining("--overwrite"),
  });
  expect(Object.keys(await contents())).toEqual(["ape.config.yaml"]);
  expect((await writeProject([CONFIG("old")], folder, false)).map(({ change }) => change)).toEqual(["same"]);
  expect((await writeProject(files, folder, true)).map(({ change }) => change)).toEqual(["new", "changed"]);
});
