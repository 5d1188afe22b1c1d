import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compress,
  indexField,
  MAGIC,
  readSessionLine,
  sessionLine,
  TRAILER_BYTES,
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
