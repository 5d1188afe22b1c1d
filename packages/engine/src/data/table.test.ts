import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@ape/core/lib/errors";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJsonRows } from "./json-rows.ts";
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
  ["a.json", '[{"a":1},\n{"b":2}]', 'a.json:2: row 2 has no "a", which the first row has'],
  ["a.json", '[{"a":1},\n{"a":1,\n"b":2}]', 'a.json:2: row 2 has "b", which the first row has not'],
  ["a.json", '[{"a":1},\n\n{"a":1,\n"a":2}]', 'a.json:3: row 2 names the column "a" twice'],
  ["a.json", '[{"x":{"a":1},"b":1,"b":1}]', 'a.json:1: row 1 names the column "b" twice'],
  ["a.json", "[{}]", "a.json:1: row 1 has no columns"],
  ["a.jsonl", '{"a":1}\n{"a":2}\n', "a.jsonl:1: JSON, although its name is not that of a JSON file"],
  ["a.csv", '\n [{"a":1}]', "a.csv:1: JSON, although its name"],
  ["a.csv", "[]", "a.csv:1: JSON, although its name"],
  ["a.json", '[{"a":1,"":1}]', "a.json:1: row 1 has a value without a name"],
  ["a.json", '[{"a":1}', "a.json:1: the list is not closed"],
  ["a.json", '[{"a":1}] 2', "a.json:1: not a list of objects"],
])("%s of case %# is refused with its place and the next step", async (file, text, message) => {
  await expect(read(file, text)).rejects.toMatchObject({
    code: "DATA_INVALID",
    message: expect.stringContaining(message) as string,
    hint: expect.stringMatching(/./) as string,
  });
});

test("what is wrong with a row is said once", async () => {
  const thrown = await read("a.csv", "a,b\n1\n").catch((error: unknown) => error);
  expect(messageOf(thrown)).toBe("a.csv:2: the row has 1 value, the header 2 columns");
});

test.each<[string, string, string, string]>([
  [
    "a.csv",
    `a\n${"x".repeat(1_200_000)}\n`,
    "a.csv:2: the row is longer than 1000000 characters",
    "A double quote that",
  ],
  ["a.csv", `a\n"x\ny`, "a.csv:2: a double quote is never closed", "A value that begins"],
  ["a.csv", `a,b\n1\n`, "a.csv:2: the row has 1 value, the header 2 columns", "Put a value with a comma"],
  ["a.csv", `a\n1,2\n`, "a.csv:2: the row has 2 values, the header 1 column", "Put a value with a comma"],
  [
    "a.csv",
    "a|b\n1|2\n",
    "a.csv:1: the header has no comma; its columns seem to be separated by |",
    "Save the table",
  ],
  ["a.csv", 'a\n1x"y\n', "a.csv:2: a double quote is in the middle of a value", "Put the whole value"],
  ["a.csv", 'a\n"1"x\n', "a.csv:2: something is behind a closing quote", "Within quotes"],
  [
    "a.json",
    `[{"a":"${"x".repeat(1_200_000)}"}]`,
    "a.json:1: the row is longer than",
    "Is a quote or a brace missing?",
  ],
  [
    "a.json",
    '[\n\n{"a":1',
    "a.json:3: the list is not closed",
    "It ends with ], and each object in it with }.",
  ],
  ["a.json", '[{"a":1}]\n\n,', "a.json:3: not a list of objects", "The file is a list"],
])("%s of %# says what to do", async (file, text, message, hint) => {
  await expect(read(file, text)).rejects.toMatchObject({
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});

test("rows of the configuration have texts, and name themselves in messages", async () => {
  const rows: Row[] = [];
  const data = {
    rows: [
      { a: 1, b: "x" },
      { a: true, b: "" },
    ],
    unique: false,
    secret: [],
  };
  expect(await readTable(data, directory, (row) => rows.push(row))).toEqual({
    columns: ["a", "b"],
    rows: 2,
    encoding: "utf-8",
  });
  expect(rows).toEqual([
    { a: "1", b: "x" },
    { a: "true", b: "" },
  ]);
  const unknown = readTable({ ...data, secret: ["c"] }, directory);
  await expect(unknown).rejects.toThrow('the secret column "c" is not in the rows');
});

test.each([1, 2, 3, 1_000])("white space and pieces of %i characters change no row of JSON", async (size) => {
  const text =
    '\t[\r\n {"a": "x\\"],{", "b": [1, {"c": 2}]} \n,\t\r{"a":"" ,\n"b": 3 } , {"b":null, "a":[{}]}\n]\r\n\t ';
  async function* pieces(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  const rows: unknown[] = [];
  await readJsonRows(pieces(), "a.json", (row) => rows.push(row));
  expect(JSON.stringify(rows)).toBe(JSON.stringify(JSON.parse(text)));
});

test.each([1, 7])(
  "the line of a wrong row is that of its beginning, in pieces of %i characters",
  async (size) => {
    const text = '[ {"a":1},\n\n  {"a":2},\n {"b"\n:} ]';
    async function* pieces(): AsyncGenerator<string> {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    }
    await expect(readJsonRows(pieces(), "a.json", () => undefined)).rejects.toThrow(
      "a.json:4: row 3 is not JSON",
    );
  },
);

test("a row of 500 levels is read", async () => {
  const deep = `${"[".repeat(499)}${"]".repeat(499)}`;
  expect((await read("deep.json", `[{"a":${deep}}]`)).rows[0]?.a).toBe(deep);
  await expect(read("deep.json", `[{"a":[${deep}]}]`)).rejects.toThrow("more than 500 levels");
});

test("a text that is not UTF-8 at its end is a guess too, and a directory is no table", async () => {
  expect((await read("end.csv", Buffer.from("a\nx\xe9", "latin1"))).summary.encoding).toBe("windows-1252");
  await expect(readTable({ file: ".", unique: false, secret: [] }, directory)).rejects.toThrow(
    "the data file . cannot be read: it is no regular file",
  );
  await expect(readTable({ file: "no.csv", unique: false, secret: [] }, directory)).rejects.toThrow(
    /^the data file no.csv cannot be read$/,
  );
});

test("a value of null is an empty text, and a CSV file may begin with a bracket", async () => {
  expect((await read("a.json", '[{"a":null,"b":[null]}]')).rows).toEqual([{ a: "", b: "[null]" }]);
  expect((await read("a.csv", "[id],name\n1,x\n")).rows).toEqual([{ "[id]": "1", name: "x" }]);
});

test("64-bit ids of a JSON file keep their digits; odd keys are columns like others", async () => {
  const { rows } = await read("a.json", '[{"id":9007199254740993123,"p":1.10},{"p":"x","id":[1,2]}]');
  expect((await read("b.json", '[{"__proto__":"x"}]')).rows.map((row) => Object.entries(row))).toEqual([
    [["__proto__", "x"]],
  ]);
  expect(rows.map((row) => Object.entries(row))).toEqual([
    [
      ["id", "9007199254740993123"],
      ["p", "1.10"],
    ],
    [
      ["p", "x"],
      ["id", "[1,2]"],
    ],
  ]);
});

test("rows of a configuration have the same columns", async () => {
  const rowsOf = (...rows: Record<string, string | number>[]) =>
    readTable({ rows, unique: false, secret: [] }, directory);
  expect(await rowsOf({ a: 1, b: "" }, { b: "x", a: 2 })).toMatchObject({ columns: ["a", "b"], rows: 2 });
  await expect(rowsOf({ a: 1 }, { b: 2 })).rejects.toMatchObject({
    code: "DATA_INVALID",
    message: 'row 2 of `rows` has no "a", which the first row has',
  });
  await expect(rowsOf({ "": 1 })).rejects.toThrow("row 1 of `rows` has a value without a name");
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
