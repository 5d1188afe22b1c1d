import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  digestedParts,
  digestFile,
  encodeWholeDigest,
  readDigest,
  writeDigest,
  writeDigestFile,
} from "./part-digest-file.ts";
import type { EventSegment } from "./segment-files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ape-digest-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const segments = (...numbers: number[]): EventSegment[] =>
  numbers.map((number) => ({ part: "a", number, file: "", sealed: true }));

test.each<[first: number, last: number, there: number[], last: number | undefined]>([
  [0, 2, [0, 1, 2], 2],
  [0, 2, [0, 1, 2, 3, 4], 2],
  // The last one may have stayed empty.
  [0, 2, [0, 1], 2],
  [0, 2, [0, 1, 3], 2],
  [0, 2, [0, 2], undefined],
  [0, 2, [1, 2], undefined],
  [1, 2, [1, 2], 2],
  [1, 2, [0, 1, 2], undefined],
  [0, 0, [], 0],
  [0, 0, [0], 0],
])(
  "a digest of the segments %d to %d beside the segments %j counts up to %j",
  async (first, last, there, counted) => {
    expect(await writeDigest(directory, "a", { first, last }, { n: 1 })).toBe(true);
    expect(await readDigest(directory, "a", segments(...there))).toEqual(
      counted === undefined ? undefined : { digest: { n: 1 }, last: counted },
    );
  },
);

test("a digest of all events of a part counts whatever segments are there", async () => {
  const bytes = await encodeWholeDigest({ n: 2 });
  expect(await writeDigestFile(directory, "a", bytes)).toBe(true);
  expect(await readDigest(directory, "a", segments(4))).toEqual({ digest: { n: 2 }, last: Infinity });
  expect(await digestedParts(directory)).toEqual(["a"]);
  expect(statSync(join(directory, digestFile("a"))).mode & 0o077).toBe(0);
});

test("a damaged digest is none, one of an earlier version has no checksum, one of a later version is none", async () => {
  const file = join(directory, digestFile("a"));
  const bytes = await encodeWholeDigest({ n: 3 });
  for (const at of [0, bytes.length - 9]) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    expect(await readDigest(directory, "a", [])).toBeUndefined();
  }
  const old = (stored: object) => writeFileSync(file, brotliCompressSync(JSON.stringify(stored)));
  old({ version: 1, range: { first: 0, last: 0 }, digest: 4 });
  expect(await readDigest(directory, "a", segments(0))).toEqual({ digest: 4, last: 0 });
  for (const more of [{}, { range: { first: 0, last: 0 } }]) {
    old({ version: 2, ...more, digest: 5 });
    expect(await readDigest(directory, "a", segments(0))).toBeUndefined();
  }
  writeFileSync(file, "");
  expect(await readDigest(directory, "a", [])).toBeUndefined();
});

test("where nothing can be written there is no digest, and no part of one", async () => {
  const none = join(directory, "none");
  expect(await writeDigest(none, "a", { first: 0, last: 0 }, {})).toBe(false);
  expect(await readDigest(none, "a", [])).toBeUndefined();
  expect(await digestedParts(none)).toEqual([]);
  const circular: { self?: object } = {};
  circular.self = circular;
  expect(await writeDigest(directory, "a", { first: 0, last: 0 }, circular)).toBe(false);
  await writeDigest(directory, "b", { first: 0, last: 0 }, {});
  expect(await digestedParts(directory)).toEqual(["b"]);
  expect(
    readFileSync(join(directory, digestFile("b")))
      .subarray(-8)
      .toString(),
  ).toBe("APE-DIG1");
});

test("only files of digests are parts with one", async () => {
  for (const name of ["a.0000.seg", "b.digest.tmp", "xdigest"]) writeFileSync(join(directory, name), "");
  await writeDigest(directory, "c.d", { first: 0, last: 0 }, {});
  expect(await digestedParts(directory)).toEqual(["c.d"]);
  expect(digestFile("c.d")).toBe("c.d.digest");
});
