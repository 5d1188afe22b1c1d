import { resolve } from "node:path";
import type { DataConfig } from "@ape/core/config/goal";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { writeJson } from "@ape/core/lib/lossless-number";
import { readCsvRows } from "./csv-rows.ts";
import { readJsonRows } from "./json-rows.ts";
import { columnProblem } from "./row-columns.ts";
import { openTextFile, type TextFile } from "./text-file.ts";

/** A data row: column to text. */
export type Row = Readonly<Record<string, string>>;

/** Properties of a table without its rows. */
export interface TableSummary {
  columns: readonly string[];
  rows: number;
  /** Encoding of its file; `windows-1252` is a guess, because the file does not state it. */
  encoding: string;
}

/** Whether a goal has a table of rows, beside or instead of generated columns. */
export function hasRows(data: DataConfig | undefined): data is DataConfig {
  return data !== undefined && (data.file !== undefined || data.rows !== undefined);
}

/**
 * Reads a goal's rows one after another from its file (CSV with a header line, or a JSON list of objects) or from the
 * configuration. Keeps none of them.
 * @throws ApeError FILE_MISSING; DATA_INVALID, with file and line
 */
export async function readTable(
  data: DataConfig,
  baseDir: string,
  onRow: (row: Row, index: number) => void = () => undefined,
): Promise<TableSummary> {
  let columns: readonly string[] | undefined;
  let rows = 0;
  const take = (row: Row): void => {
    columns ??= Object.keys(row);
    onRow(row, rows);
    rows += 1;
  };
  if (data.file === undefined) {
    for (const [index, row] of (data.rows ?? []).entries()) {
      const problem = columnProblem(columns ?? Object.keys(row), row);
      if (problem !== undefined)
        throw new ApeError("DATA_INVALID", `row ${index + 1} of \`rows\` ${problem}`, {
          hint: 'Give every row the same columns; one without a value has "".',
        });
      take(texts(row));
    }
    requireColumns(columns ?? [], data, "the rows");
    return { columns: columns ?? [], rows, encoding: "utf-8" };
  }
  const file = await openData(data.file, resolve(baseDir, data.file));
  if (/\.json$/i.test(data.file)) await readJsonRows(file.pieces(), data.file, (row) => take(texts(row)));
  else
    columns = await readCsvRows(file.pieces(), data.file, (names, values) =>
      take(Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]))),
    );
  if (rows === 0)
    throw new ApeError("DATA_INVALID", `the data file ${data.file} has no rows`, {
      hint: "A CSV file needs a header line and at least one line below it.",
    });
  requireColumns(columns ?? [], data, data.file);
  return { columns: columns ?? [], rows, encoding: file.encoding };
}

async function openData(file: string, path: string): Promise<TextFile> {
  try {
    return await openTextFile(path);
  } catch (cause) {
    const absent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = absent ? "" : `: ${messageOf(cause)}`;
    throw new ApeError("FILE_MISSING", `the data file ${file} cannot be read${why}`, {
      cause,
      hint: `Paths are relative to the configuration: ${path} was looked for.`,
    });
  }
}

/** Refuses secret columns that are missing, and columns that are both in the table and generated. */
function requireColumns(columns: readonly string[], data: DataConfig, table: string): void {
  const generated = Object.keys(data.generate ?? {});
  for (const column of data.secret)
    if (!columns.includes(column) && !generated.includes(column))
      throw new ApeError("DATA_INVALID", `the secret column "${column}" is not in ${table}`, {
        hint: `Its columns are ${[...columns, ...generated].join(", ")}.`,
      });
  for (const column of generated)
    if (columns.includes(column))
      throw new ApeError("DATA_INVALID", `the column "${column}" is in ${table} and generated too`, {
        hint: "Generate it under another name, or take it out of the table.",
      });
}

function texts(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      // What has no value is no text `null`.
      typeof value === "string" ? value : value === null ? "" : writeJson(value),
    ]),
  );
}

/** A notice that a file's encoding is a guess; undefined if it is not. */
export function encodingWarning(file: string | undefined, { encoding }: TableSummary): string | undefined {
  return file === undefined || encoding !== "windows-1252"
    ? undefined
    : `the data file ${file} is not UTF-8; it is read as windows-1252 (Latin-1)`;
}
