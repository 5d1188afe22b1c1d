import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { DataConfig } from "@ape/core/config/goal";
import { ApeError } from "@ape/core/errors";
import { isJsonObject } from "@ape/core/json";
import { randomFrom, seedOf, shuffled } from "@ape/core/random";
import { parse } from "csv-parse/sync";

/** A data row: column to text. */
export type Row = Readonly<Record<string, string>>;

/** Whether a goal has a table of rows, beside or instead of generated columns. */
export function hasRows(data: DataConfig | undefined): data is DataConfig {
  return data !== undefined && (data.file !== undefined || data.rows !== undefined);
}

/**
 * Reads a goal's rows from its file (CSV with a header line, or a JSON list of objects) or from the configuration.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function loadRows(data: DataConfig, baseDir: string): Promise<Row[]> {
  if (data.file === undefined) return checked((data.rows ?? []).map(texts), data, "the rows");
  const path = resolve(baseDir, data.file);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `the data file ${data.file} cannot be read`, {
      cause,
      hint: `Paths are relative to the configuration: ${path} was looked for.`,
    });
  }
  const rows = data.file.endsWith(".json") ? fromJson(text, data.file) : fromCsv(text, data.file);
  if (rows.length === 0)
    throw new ApeError("DATA_INVALID", `the data file ${data.file} has no rows`, {
      hint: "A CSV file needs a header line and at least one line below it.",
    });
  return checked(rows, data, data.file);
}

/** Refuses secret columns that are not there, and columns that are both in the table and generated. */
function checked(rows: Row[], data: DataConfig, table: string): Row[] {
  const columns = Object.keys(rows[0] ?? {});
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
  return rows;
}

function texts(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function fromCsv(text: string, file: string): Row[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `the data file ${file} is not CSV`, { cause });
  }
}

function fromJson(text: string, file: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApeError("DATA_INVALID", `the data file ${file} is not JSON`, { cause });
  }
  if (!Array.isArray(value) || !value.every(isJsonObject))
    throw new ApeError("DATA_INVALID", `the data file ${file} is not a list of objects`);
  return value.map(texts);
}

/** A row taken by a session. */
export interface TakenRow {
  index: number;
  values: Row;
  /** Milliseconds that the session waited for it. */
  waitedMs: number;
}

/**
 * Deals one goal's rows to the sessions of one worker, in a seeded order that wraps. With `unique`, a worker owns
 * the rows whose index is its own modulo the number of workers, and a row in use is passed over: so no row is in two
 * sessions at once anywhere, without a word between the workers.
 */
export class RowDealer {
  readonly #rows: readonly Row[];
  readonly #order: readonly number[];
  readonly #unique: boolean;
  readonly #busy = new Set<number>();
  readonly #waiting: (() => void)[] = [];
  #cursor = 0;

  constructor(
    rows: readonly Row[],
    options: { unique: boolean; seed: number; worker: number; workers: number },
  ) {
    const { unique, seed, worker, workers } = options;
    this.#rows = rows;
    this.#unique = unique;
    const order = shuffled(rows.length, randomFrom(seedOf(seed, "rows")));
    this.#order = unique
      ? order.filter((index) => index % workers === worker)
      : rotated(order, worker, workers);
  }

  /** Rows that this worker can deal. */
  get size(): number {
    return this.#order.length;
  }
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The next row; waits while all are in use. Undefined where the signal ends the wait. */
  async take(now: () => number, signal: AbortSignal): Promise<TakenRow | undefined> {
    const since = now();
    for (;;) {
      if (signal.aborted) return undefined;
      const index = this.#next();
      if (index !== undefined) return { index, values: this.#rows[index] as Row, waitedMs: now() - since };
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.#waiting.push(wake);
        signal.addEventListener("abort", wake, { once: true });
      });
    }
  }

  #next(): number | undefined {
    for (let tried = 0; tried < this.#order.length; tried += 1) {
      const index = this.#order[this.#cursor % this.#order.length] as number;
      this.#cursor += 1;
      if (!this.#unique) return index;
      if (this.#busy.has(index)) continue;
      this.#busy.add(index);
      return index;
    }
    return undefined;
  }

  /** Gives a row back. */
  release(index: number): void {
    if (this.#busy.delete(index)) this.#waiting.shift()?.();
  }
}

function rotated(order: readonly number[], worker: number, workers: number): number[] {
  const start = Math.floor((order.length * worker) / workers);
  return [...order.slice(start), ...order.slice(0, start)];
}
