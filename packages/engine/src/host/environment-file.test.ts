import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentFileProblems, parseEnvironment, readEnvironmentFile } from "./environment-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-env-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("it follows Node's rules: quotes, comments behind them, several lines, export", () => {
  expect(
    parseEnvironment(
      `# c\nA=1\nexport B="two words"\nC='x' \nD=v # note\nTOK="abc" # comment\nKEY="a\nb"\n\nbad line\n`,
    ),
  ).toMatchObject({ A: "1", B: "two words", C: "x", D: "v", TOK: "abc", KEY: "a\nb" });
});

test.each([
  ["a byte-order mark", Buffer.from("\ufeffA=1\r\nB=ü\r\n")],
  ["UTF-16", Buffer.from("\ufeffA=1\nB=ü\n", "utf16le")],
  ["windows-1252", Buffer.from("A=1\nB=ü\n", "latin1")],
])("%s is read", async (_what, bytes) => {
  await writeFile(join(folder, "ape.env"), bytes);
  expect(await readEnvironmentFile(folder)).toMatchObject({ A: "1", B: "ü" });
});

test("a file that is not there is none; one that cannot be read is said to be so", async () => {
  expect(await readEnvironmentFile(folder)).toEqual({});
  await mkdir(join(folder, "ape.env"));
  await expect(readEnvironmentFile(folder)).rejects.toMatchObject({ code: "FILE_MISSING" });
});

test("lines that set nothing, or never end, are found with their place", () => {
  const text = `# c\nA=1\nTOKEN: abc\nexport B = 'x'\nplain\n1A=2\nMANY="a\n  no equals here\nb"\nC=it's fine\nOPEN="abc\nD=4\n`;
  expect(environmentFileProblems(text).map(({ line, message }) => `${line} ${message}`)).toEqual([
    "3 has no `=`, so it sets nothing",
    "5 has no `=`, so it sets nothing",
    "6 `1A` is no name of a variable",
    '11 the quote " never ends',
  ]);
  expect(environmentFileProblems("")).toEqual([]);
});

test.each([
  ["a line without =", "plain\nA=1\nTOKEN: abc\r\nB=2\n"],
  ["a line without a name", "A=1\n=x\nB=2\n"],
  ["lines within a value stay", 'A=1\nnote\nC="x\nno equals here\n"\nB=2'],
])("%s takes no other with it", (_, text) => {
  const read = parseEnvironment(text);
  expect(read).toMatchObject({ A: "1", B: "2" });
  if ("C" in read) expect(read.C).toBe("x\nno equals here\n");
});
