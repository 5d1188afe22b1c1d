import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readInstructions } from "./instructions.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-instructions-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("the file is read without what is only for its editors", async () => {
  await writeFile(join(folder, "own.md"), "<!-- For you:\nedit me. -->\n\nBe hasty.\n<!-- x -->");
  expect(await readInstructions({ instructions: "./own.md" }, folder)).toBe("Be hasty.");
  expect(await readInstructions({}, folder)).toBe("");
});

test("a file that is not there is told by its name", async () => {
  await expect(readInstructions({ instructions: "./none.md" }, folder)).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: "./none.md cannot be read",
  });
});
