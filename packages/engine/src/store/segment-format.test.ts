import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compress,
  indexField,
  MAGIC,
  readSessionLine,
  readTableText,
  type SegmentTable,
  sessionLine,
  TRAILER_BYTES,
  tableText,
} from "./segment-format.ts";

test("the line of a session is read as it was written, whatever its values are", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("", "-", "--", "a b", "%", "\n", "-%"),
  );
  fc.assert(
    fc.property(text, text, text, fc.array(fc.nat()), (session, trace, agent, blocks) => {
      const line = sessionLine({ session, trace, agent, blocks });
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(readSessionLine(line.slice(0, -1))).toEqual({ session, trace, agent, blocks });
    }),
  );
});

test.each([
  ["s0-17", "s0-17"],
  ["a.b:c/d@e+f", "a.b:c/d@e+f"],
  ["", "-"],
  ["-", "%2D"],
  ["a b", "a%20b"],
  ["- b", "%2D%20b"],
  ["-b", "-b"],
])("%j is the field %s", (value, field) => {
  expect(indexField(value)).toBe(field);
});

test("a session without trace, agent and blocks has a line all the same", () => {
  expect(sessionLine({ session: "s", trace: "", agent: "", blocks: [] })).toBe("s - - \n");
  expect(readSessionLine("s")).toEqual({ session: "s", trace: "", agent: "", blocks: [] });
});

test("a block is compressed without loss, and the trailer holds a length and the mark", () => {
  const lines = Buffer.from('{"type":"step"}\n'.repeat(500));
  const packed = compress(lines);
  expect(packed.length).toBeLessThan(lines.length / 10);
  expect(brotliDecompressSync(packed)).toEqual(lines);
  expect(TRAILER_BYTES).toBe(MAGIC.length + 4);
});

const TABLE: SegmentTable = {
  version: 1,
  blocks: [[10, 20, 3, 1, 2, 7]],
  sessions: 5,
  run: 0,
  index: 99,
};

test("a table is read as it was written, and one that was changed is damaged", () => {
  const text = tableText(TABLE);
  expect(readTableText(text)).toEqual(TABLE);
  expect(readTableText(tableText({ ...TABLE, compacted: true }))).toEqual({ ...TABLE, compacted: true });
  for (const [from, to] of [
    ['"run":0', '"run":1'],
    ["[10,20,3", "[11,20,3"],
    ['"index":99', '"index":98'],
  ] as const)
    expect(() => readTableText(text.replace(from, to))).toThrow("the table is damaged");
  expect(() => readTableText(text.replace(/,"table":\d+/, ""))).toThrow("the table is damaged");
  expect(() => readTableText(text.replace(/"table":\d+/, '"table":1'))).toThrow("the table is damaged");
});

test("tables of earlier versions have no checksum, those of later ones are not read", () => {
  const { index: _, ...old } = TABLE;
  expect(readTableText(JSON.stringify(old))).toEqual(old);
  expect(() => readTableText(JSON.stringify({ ...old, version: 2 }))).toThrow(
    "the segment has another version",
  );
});

test.each<Partial<SegmentTable>>([
  { sessions: -1 },
  { run: 0.5 },
  { run: 2 ** 53 },
  { sessions: "5" as never },
  { blocks: [[-1, 20, 3, 1, 2]] },
  { blocks: [[10, -1, 3, 1, 2]] },
  { blocks: [[10, 20, -1, 1, 2]] },
  {
    blocks: [
      [10, 20, 3, 1, 2],
      [10, 20, 0.5, 1, 2],
    ],
  },
])("a table with %j is damaged, whatever its checksum says", (more) => {
  expect(() => readTableText(tableText({ ...TABLE, ...more }))).toThrow("the table is damaged");
});

test("a moment before 1970 damages no table", () => {
  const early: SegmentTable = { ...TABLE, blocks: [[10, 20, 3, -5, -1]], sessions: 0 };
  expect(readTableText(tableText(early))).toEqual(early);
});
