import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RowStore } from "./row-store.ts";
import { encodingWarning, type Row, readTable } from "./table.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-table-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function read(file: string, content: string | Uint8Array) {
  await writeFile(join(directory, file), content);
  const rows: Row[] = [];
  const summary = await readTable({ file, unique: false, secret: [] }, directory, (row) => rows.push(row));
  return { rows, summary };
}

test.each([
  ["a.csv", "a,b\n1,2,3\n", "a.csv:2: the row has 3 values, the header 2 columns"],
  ["a.csv", 'a,b\n"x\ny",2\n\n1\n', "a.csv:5: the row has 1 value, the header 2 columns"],
  ["a.csv", "a,b,a\n1,2,3\n", 'a.csv:1: the header names the column "a" twice'],
  ["a.csv", "a,,c\n1,2,3\n", "a.csv:1: column 2 of the header has no name"],
  ["a.csv", 'a,b\n1,2\n"3,4\n5,6\n', "a.csv:3: a double quote is never closed"],
  ["a.csv", 'a,b\n1,2\n"3"x,4\n', "a.csv:3: something is behind a closing quote"],
  ["a.csv", 'a,b\n1,x"y\n', "a.csv:2: a double quote is in the middle of a value"],
  ["a.csv", `a,b\n1,2\n${"x".repeat(1_100_000)},3\n`, "a.csv:3: the row is longer than 1000000 characters"],
  ["a.csv", "a;b\n1;2\n", "a.csv:1: the header has no comma; its columns seem to be separated by ;"],
  ["a.csv", "a\tb\n1\t2\n", "a.csv:1: the header has no comma; its columns seem to be separated by tabs"],
  ["a.csv", "sep=;\na;b\n", "a.csv:1: the header has no comma; its columns seem to be separated by ;"],
  ["a.csv", "a,b\n1,2\n3,\0\n", "a.csv:3: a NUL character, which no text has"],
  ["a.csv", Buffer.from("fffe0000610000002c000000", "hex"), "a.csv:1: a NUL character, which no text has"],
  [
    "a.json",
    `[{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}]`,
    "a.json:1: the row is nested more than 500 levels deep",
  ],
  ["a.csv", "", "the data file a.csv has no rows"],
  ["a.csv", "a,b\n", "the data file a.csv has no rows"],
  ["a.json", "", "a.json:1: not a list of objects"],
  ["a.json", '{"a":1}', "a.json:1: not a list of objects"],
  ["a.json", "[]", "the data file a.json has no rows"],
  ["a.json", '[\n{"a":1},\n2]', "a.json:3: row 2 is no object"],
  ["a.json", '[\n{"a":1},\n\n{"a":}\n]', "a.json:4: row 2 is not JSON: "],
  ["a.json", '[{"a":1},]', "a.json:1: row 2 is not JSON: "],
  ["a.json", '[{"a":1}', "a.json:1: the list is not closed"],
  ["a.json", '[{"a":1}] 2', "a.json:1: not a list of objects"],
])("%s of case %# is refused with its place and the next step", async (file, text, message) => {
  await expect(read(file, text)).rejects.toMatchObject({
    code: "DATA_INVALID",
    message: expect.stringContaining(message) as string,
    hint: expect.stringMatching(/./) as string,
  });
});

test("64-bit ids of a JSON file keep their digits; odd keys are columns like others", async () => {
  const { rows } = await read("a.json", '[{"id":9007199254740993123,"p":1.10},{"__proto__":"x","id":[1,2]}]');
  expect(rows.map((row) => Object.entries(row))).toEqual([
    [
      ["id", "9007199254740993123"],
      ["p", "1.10"],
    ],
    [
      ["__proto__", "x"],
      ["id", "[1,2]"],
    ],
  ]);
});

test.each([
  ["UTF-8 with a mark", Buffer.from("\ufeffname,city\nJosé,Köln\n"), "utf-8"],
  ["UTF-16", Buffer.from("\ufeffname,city\nJosé,Köln\n", "utf16le"), "utf-16le"],
  ["Latin-1", Buffer.from("name,city\nJosé,Köln\n", "latin1"), "windows-1252"],
])("%s is read, and a guess is said to be one", async (_what, bytes, encoding) => {
  const table = await read("names.csv", bytes);
  expect(table).toMatchObject({ rows: [{ name: "José", city: "Köln" }], summary: { rows: 1, encoding } });
  expect(encodingWarning("names.csv", table.summary) !== undefined).toBe(encoding === "windows-1252");
});

test("whatever rows hold, CSV and JSON of them are read as they were written", async () => {
  const value = fc.string({ unit: "grapheme" }).map((text) => text.trim());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), async (pairs) => {
      const rows = pairs.map(([one, other]) => ({ a: one, b: `x${other}` }));
      const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const csv = ["a,b", ...rows.map(({ a, b }) => `${quote(a)},${quote(b)}`)].join("\n");
      const expected = rows.map((row) => ({ ...row }));
      expect((await read("p.json", JSON.stringify(rows, null, 1))).rows).toEqual(expected);
      expect((await read("p.csv", csv)).rows).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("rows that are kept come back as they were", () => {
  const row = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const store = new RowStore();
      for (const one of rows) store.add(one);
      expect(rows.map((_row, index) => store.at(index))).toEqual(rows);
      expect(store.at(rows.length)).toBeUndefined();
    }),
  );
});
