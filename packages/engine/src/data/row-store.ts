import { Buffer } from "node:buffer";
import type { Row } from "./table.ts";

/** Size of a block; a longer row has its own. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Rows in little memory: their values as JSON in UTF-8, in large blocks outside of the garbage collector's heap. A row
 * is built on request. Costs about 12 bytes plus the row's text.
 */
export class RowStore {
  readonly #blocks: Buffer[] = [];
  /** Of the last block. */
  #used = BLOCK_BYTES;
  /** Block, first byte and length of each row. */
  #places = new Uint32Array(3 * 1_024);
  #length = 0;
  #columns: readonly string[] | undefined;

  get length(): number {
    return this.#length;
  }

  add(row: Row): void {
    const columns = Object.keys(row);
    this.#columns ??= columns;
    const own = this.#columns;
    // Objects of a JSON file may have different fields.
    const same = columns.length === own.length && columns.every((name, index) => name === own[index]);
    const text = JSON.stringify(same ? Object.values(row) : row);
    const bytes = Buffer.byteLength(text);
    if (bytes > BLOCK_BYTES - this.#used) {
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_BYTES)));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    this.#blocks[block]?.write(text, this.#used);
    if (this.#length * 3 === this.#places.length) {
      const grown = new Uint32Array(this.#places.length * 2);
      grown.set(this.#places);
      this.#places = grown;
    }
    this.#places.set([block, this.#used, bytes], this.#length * 3);
    this.#used += bytes;
    this.#length += 1;
  }

  at(index: number): Row | undefined {
    const [block, start, length] = this.#places.subarray(index * 3, index * 3 + 3);
    if (index >= this.#length || block === undefined || start === undefined || length === undefined)
      return undefined;
    const read = JSON.parse(this.#blocks[block]?.toString("utf8", start, start + length) ?? "null") as
      | string[]
      | Row;
    if (!Array.isArray(read)) return read;
    return Object.fromEntries((this.#columns ?? []).map((name, at) => [name, read[at] as string]));
  }
}
