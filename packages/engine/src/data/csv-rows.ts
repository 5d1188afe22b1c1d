import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { CsvError, parse } from "csv-parse";

/** Maximum length of a row; a longer one most likely has an unclosed quote. */
const MAX_ROW = 1_000_000;

/**
 * Reads CSV (RFC 4180) with a header line, a row at a time.
 * @param file for messages
 * @param onRow called with the columns and the values of each row
 * @throws ApeError DATA_INVALID, with the line
 */
export async function readCsvRows(
  pieces: AsyncIterable<string>,
  file: string,
  onRow: (columns: readonly string[], values: readonly string[]) => void,
): Promise<readonly string[]> {
  let columns: readonly string[] | undefined;
  /** Line of the last complete row. */
  let ended = 0;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_ROW,
    on_record: (record: string[], { lines }) => {
      if (columns === undefined) columns = header(record, file, lines);
      else onRow(columns, record);
      ended = lines;
    },
  });
  const nothing = new Writable({ objectMode: true, write: (_record, _encoding, done) => done() });
  try {
    await pipeline(Readable.from(textOnly(pieces, file)), parser, nothing);
  } catch (thrown) {
    if (thrown instanceof CsvError) throw refused(thrown, file, ended + 1);
    throw thrown;
  }
  return columns ?? [];
}

/** Characters in which a file that is no CSV shows what it is. */
const MAX_BLANK = 1_000;

/**
 * Text that is no JSON, and without NUL characters, which no text file has; a table of numbers, or UTF-16 or UTF-32 without its
 * mark, does.
 */
async function* textOnly(pieces: AsyncIterable<string>, file: string): AsyncGenerator<string> {
  let line = 1;
  let begun = "";
  for await (const piece of pieces) {
    if (begun.trim() === "") {
      begun += piece.slice(0, MAX_BLANK);
      if (/^\ufeff?\s*(?:\{|\[\s*[{"\]])/.test(begun))
        throw new ApeError("DATA_INVALID", `${file}:1: JSON, although its name is not that of a JSON file`, {
          hint: 'Save it as a list with an object for each row, [{"email": "a@b.c"}], in a file that ends with .json.',
        });
    }
    const at = piece.indexOf("\0");
    const before = at < 0 ? piece : piece.slice(0, at);
    line += before.split("\n").length - 1;
    if (at >= 0)
      throw new ApeError("DATA_INVALID", `${file}:${line}: a NUL character, which no text has`, {
        hint: "Save the table as CSV in UTF-8.",
      });
    yield piece;
  }
}

/** Mistakes that show only at the end of the file or at the limit. */
const OPEN_ENDED = new Set(["CSV_QUOTE_NOT_CLOSED", "CSV_MAX_RECORD_SIZE"]);

function header(names: readonly string[], file: string, line: number): readonly string[] {
  const at = `${file}:${line}`;
  const [only = ""] = names;
  const separator = names.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (separator !== undefined)
    throw new ApeError(
      "DATA_INVALID",
      `${at}: the header has no comma; its columns seem to be separated by ${separator === "\t" ? "tabs" : separator}`,
      { hint: "Save the table with commas between its columns (RFC 4180)." },
    );
  const empty = names.indexOf("");
  if (empty >= 0)
    throw new ApeError("DATA_INVALID", `${at}: column ${empty + 1} of the header has no name`, {
      hint: "Every column needs a name of its own in the first line.",
    });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ApeError("DATA_INVALID", `${at}: the header names the column "${twice}" twice`, {
      hint: "Give each column another name: a row has one value for each.",
    });
  return [...names];
}

const HINTS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: "Put a value with a comma in it into double quotes.",
  CSV_QUOTE_NOT_CLOSED: "A value that begins with a double quote ends with one; within it, write it twice.",
  CSV_INVALID_CLOSING_QUOTE: "Within quotes, write a double quote twice.",
  INVALID_OPENING_QUOTE: "Put the whole value into double quotes, and write those within it twice.",
  CSV_MAX_RECORD_SIZE: "A double quote that is never closed makes one row of all that follows.",
};

/** @param begins line of the row that is wrong */
function refused(error: CsvError, file: string, begins: number): ApeError {
  const { code, message } = error;
  const details = error as unknown as { lines?: number; record?: readonly unknown[] };
  const line = OPEN_ENDED.has(code)
    ? begins
    : Number(/ (?:on|at) line (\d+)/.exec(message)?.[1] ?? details.lines ?? begins);
  const at = `${file}:${line}`;
  let what = messageOf(error).replace(/ (?:on|at) line \d+.*$/, "");
  if (code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH") {
    const [, wanted, got] = /expect (\d+), got (\d+)/.exec(message) ?? [];
    what = `the row has ${got} ${got === "1" ? "value" : "values"}, the header ${wanted} ${wanted === "1" ? "column" : "columns"}`;
  } else if (code === "CSV_QUOTE_NOT_CLOSED") what = "a double quote is never closed";
  else if (code === "CSV_INVALID_CLOSING_QUOTE") what = "something is behind a closing quote";
  else if (code === "INVALID_OPENING_QUOTE") what = "a double quote is in the middle of a value";
  else if (code === "CSV_MAX_RECORD_SIZE") what = `the row is longer than ${MAX_ROW} characters`;
  const hint = HINTS[code];
  return new ApeError("DATA_INVALID", `${at}: ${what}`, {
    hint: hint ?? "The first line names the columns; values are separated by commas (RFC 4180).",
  });
}
