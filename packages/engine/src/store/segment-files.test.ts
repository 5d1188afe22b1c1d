import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isSegmentOf, linesFile, numbersOf, sealedFile, sealedInstead, segmentsOf } from "./segment-files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-segments-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("segments of each part are found in their order, the sealed file where there are both", async () => {
  const names = [
    "a.0010.jsonl",
    "a.0002.seg",
    "a.0002.jsonl",
    "a.0003.jsonl",
    "a.10000.seg",
    "a.b.0001.jsonl",
    "a.0004.jsonl.tmp",
    "a.001.seg",
    "xa.0001.segment",
    ".0001.seg",
  ];
  for (const name of names) writeFileSync(join(directory, name), "");
  const found = await segmentsOf(directory);
  const shown = Object.fromEntries(
    [...found].map(([part, list]) => [
      part,
      list.map(({ number, sealed }) => `${number}${sealed ? " sealed" : ""}`),
    ]),
  );
  expect(shown).toEqual({ a: ["2 sealed", "3", "10", "10000 sealed"], "a.b": ["1"] });
  const open = found.get("a")?.[1];
  expect(open?.file).toBe(join(directory, "a.0003.jsonl"));
  expect(open && sealedInstead(open)).toEqual({
    part: "a",
    number: 3,
    file: join(directory, "a.0003.seg"),
    sealed: true,
  });
  expect(numbersOf(names, "a")).toEqual([10, 2, 2, 3, 10_000]);
  expect(names.filter((name) => isSegmentOf(name, "a.b"))).toEqual(["a.b.0001.jsonl"]);
});

test("a folder that is missing has none, one that is a file is an error", async () => {
  expect(await segmentsOf(join(directory, "none"))).toEqual(new Map());
  writeFileSync(join(directory, "file"), "");
  await expect(segmentsOf(join(directory, "file"))).rejects.toThrow(/ENOTDIR/);
});

test("files are named by part and number, of four digits and more", () => {
  expect([linesFile("a", 7), sealedFile("a", 12_345)]).toEqual(["a.0007.jsonl", "a.12345.seg"]);
});
