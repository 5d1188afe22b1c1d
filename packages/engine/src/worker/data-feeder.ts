import type { DataConfig } from "@ape/core/config/goal";
import { randomFrom, seedOf, shuffled } from "@ape/core/lib/random";
import { RowStore } from "../data/row-store.ts";
import { type Row, readTable } from "../data/table.ts";

/** Every worker holds tables up to this many rows, whatever its share. */
const SMALL_TABLE = 10_000;

/** A worker's part of the rows: `worker` of `workers`. */
export interface RowShare {
  unique: boolean;
  worker: number;
  workers: number;
}

/** The rows of a table, by their index in it; those of other workers are undefined. */
export interface FeederRows {
  /** Of the whole table. */
  readonly length: number;
  at(index: number): Row | undefined;
}

/** Whether a worker deals only the rows whose index is its own modulo the number of workers. */
const isDivided = (length: number, { unique }: Pick<RowShare, "unique">): boolean =>
  unique || length > SMALL_TABLE;

/**
 * Reads a goal's rows and keeps those that a worker deals: all of a small table, else its share.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function openRows(data: DataConfig, baseDir: string, share: RowShare): Promise<FeederRows> {
  const { worker, workers } = share;
  const mine = new RowStore();
  let all = share.unique ? undefined : new RowStore();
  const { rows: length } = await readTable(data, baseDir, (row, index) => {
    if (index % workers === worker) mine.add(row);
    if (index >= SMALL_TABLE) all = undefined;
    all?.add(row);
  });
  if (!isDivided(length, share) && all !== undefined) return all;
  return {
    length,
    at: (index) => (index % workers === worker ? mine.at((index - worker) / workers) : undefined),
  };
}

/**
 * Reads all of a goal's rows.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function loadRows(data: DataConfig, baseDir: string): Promise<Row[]> {
  const rows: Row[] = [];
  await readTable(data, baseDir, (row) => rows.push(row));
  return rows;
}

/** A row taken by a session. */
export interface LeasedRow {
  index: number;
  values: Row;
  /** Milliseconds that the session waited for it. */
  waitedMs: number;
}

/**
 * Deals one goal's rows to the sessions of one worker, in a seeded order that wraps. With `unique`, a worker owns
 * the rows whose index is its own modulo the number of workers, and a row in use is passed over: so no row is in two
 * sessions at once anywhere, without a word between the workers. Without, workers begin at different rows of one order;
 * a large table is divided all the same, so that each holds a part of it only.
 */
export class DataFeeder {
  readonly #rows: FeederRows;
  readonly #order: Uint32Array;
  readonly #unique: boolean;
  readonly #busy = new Set<number>();
  readonly #waiting: (() => void)[] = [];
  #cursor = 0;

  constructor(rows: FeederRows, options: RowShare & { seed: number }) {
    const { unique, seed, worker, workers } = options;
    this.#rows = rows;
    this.#unique = unique;
    const order = shuffled(rows.length, randomFrom(seedOf(seed, "rows")));
    this.#order = Uint32Array.from(
      isDivided(rows.length, options)
        ? order.filter((index) => index % workers === worker)
        : rotated(order, worker, workers),
    );
  }

  /** Rows that this worker can deal. */
  get size(): number {
    return this.#order.length;
  }
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The next row; waits while all are in use. Undefined if the signal ends the wait. */
  async take(now: () => number, signal: AbortSignal): Promise<LeasedRow | undefined> {
    const since = now();
    let woken = false;
    for (;;) {
      if (signal.aborted) {
        // A row that was released for this session is for the next one.
        if (woken) this.#waiting.shift()?.();
        return undefined;
      }
      const index = this.#next();
      if (index !== undefined) return { index, values: this.#rows.at(index) as Row, waitedMs: now() - since };
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          woken = true;
          signal.removeEventListener("abort", leave);
          resolve();
        };
        const leave = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(wake), 1);
          resolve();
        };
        woken = false;
        this.#waiting.push(wake);
        signal.addEventListener("abort", leave, { once: true });
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

  /** Releases a row. */
  release(index: number): void {
    if (this.#busy.delete(index)) this.#waiting.shift()?.();
  }
}

function rotated(order: readonly number[], worker: number, workers: number): number[] {
  const start = Math.floor((order.length * worker) / workers);
  return [...order.slice(start), ...order.slice(0, start)];
}
