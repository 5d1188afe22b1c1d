import type { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync } from "node:fs";
import { promisify } from "node:util";
import { brotliDecompress, brotliDecompressSync, crc32 } from "node:zlib";
import { readAt } from "./read-at.ts";
import {
  BLOCK_BYTES,
  indexField,
  MAGIC,
  readSessionLine,
  readTableText,
  type SegmentSession,
  type SegmentTable,
  TRAILER_BYTES,
} from "./segment-format.ts";

const decompress = promisify(brotliDecompress);

/** Most bytes of a block: one holds the lines of at most one write, which a single huge event may fill. */
const MAX_BLOCK_BYTES = 1 << 30;
/** Place of the checksum in a `BlockEntry`. */
const CRC_OF_BLOCK = 5;
const BROTLI = { maxOutputLength: MAX_BLOCK_BYTES, chunkSize: 2 * BLOCK_BYTES };
/** zlib's own minimum for a piece of what comes out. */
const LEAST_CHUNK = 64;
/** Most memory that a table's word is taken for. */
const MOST_CHUNK = 1 << 24;

/**
 * Reads a sealed segment: its table first, then any block by its number. Small ranges are read synchronously: a run has
 * hundreds of segments, and a command asks each of them for little.
 */
export class SegmentReader {
  readonly table: SegmentTable;
  readonly #fd: number;
  /** Where each block begins, and where the last one ends. */
  readonly #offsets: number[] = [0];
  /** The lines of sessions, and behind them the compressed lines of the run. */
  readonly #index: Buffer;

  /** @throws Error if the index is damaged */
  private constructor(fd: number, table: SegmentTable) {
    this.#fd = fd;
    this.table = table;
    for (const [size] of table.blocks) this.#offsets.push((this.#offsets.at(-1) ?? 0) + size);
    this.#index = readAt(fd, this.#offsets.at(-1) ?? 0, table.sessions + table.run);
    if (table.index !== undefined && crc32(this.#index) !== table.index)
      throw new Error("the index is damaged");
  }

  /** Opens a segment; undefined if the file cannot be read, is damaged, or is no segment of this version. */
  static open(file: string): SegmentReader | undefined {
    let fd: number | undefined;
    try {
      fd = openSync(file, "r");
      return new SegmentReader(fd, readTable(fd));
    } catch {
      if (fd !== undefined) closeSync(fd);
      return undefined;
    }
  }

  /** The lines of a block, decompressed by another thread; rejects if it is damaged. */
  async readBlock(number: number): Promise<Buffer> {
    return decompress(this.#compressed(number), this.#sizeOf(number));
  }

  /**
   * The lines of a block, decompressed by this thread.
   * @throws Error if it is damaged
   */
  readBlockSync(number: number): Buffer {
    return brotliDecompressSync(this.#compressed(number), this.#sizeOf(number));
  }

  #compressed(number: number): Buffer {
    const offset = this.#offsets[number] ?? 0;
    const bytes = readAt(this.#fd, offset, (this.#offsets[number + 1] ?? offset) - offset);
    const crc = this.table.blocks[number]?.[CRC_OF_BLOCK];
    if (crc !== undefined && crc32(bytes) !== crc) throw new Error("the block is damaged");
    return bytes;
  }

  /** A block comes out in one piece, if it is not huge: many small ones would have to be joined. */
  #sizeOf(number: number): typeof BROTLI {
    const [, bytes = 0] = this.table.blocks[number] ?? [];
    return { ...BROTLI, chunkSize: Math.min(MOST_CHUNK, Math.max(LEAST_CHUNK, bytes + 1)) };
  }

  /** The lines of events that belong to the run rather than to a session. */
  async readRunEvents(): Promise<Buffer> {
    const compressed = this.#index.subarray(this.table.sessions);
    return compressed.length === 0 ? compressed : decompress(compressed, BROTLI);
  }

  /** The sessions whose id or trace begins with a text. */
  sessionsWith(beginning: string): SegmentSession[] {
    const matches = ({ session, trace }: SegmentSession): boolean =>
      session.startsWith(beginning) || trace.startsWith(beginning);
    // Only a text that is written as it is can be searched for.
    if (indexField(beginning) !== beginning) return this.#sessions().filter(matches);
    const found = new Map<number, SegmentSession>();
    for (const wanted of [`\n${beginning}`, ` ${beginning}`])
      for (const [line, session] of this.#linesWith(wanted)) if (matches(session)) found.set(line, session);
    return [...found.values()];
  }

  /** The sessions with one of these ids. */
  sessionsOf(ids: ReadonlySet<string>): SegmentSession[] {
    if (ids.size > MANY) return this.#sessions().filter(({ session }) => ids.has(session));
    return [...ids].flatMap((id) =>
      [...this.#linesWith(`\n${indexField(id)} `)].map(([, session]) => session),
    );
  }

  /** The sessions that an agent began in this segment. */
  sessionsOfAgent(agent: string): SegmentSession[] {
    return [...this.#linesWith(` ${indexField(agent)} `)]
      .map(([, session]) => session)
      .filter((session) => session.agent === agent);
  }

  #sessions(): SegmentSession[] {
    const text = this.#index.toString("latin1", 0, this.table.sessions);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map(readSessionLine);
  }

  /** The lines of sessions that contain a text of ASCII characters, each once, by their place. */
  *#linesWith(wanted: string): Generator<[place: number, session: SegmentSession]> {
    const lines = this.#index.subarray(0, this.table.sessions);
    // No line break is before the first line.
    const isFirst = wanted === `\n${lines.toString("latin1", 0, wanted.length - 1)}`;
    for (let at = isFirst ? 0 : lines.indexOf(wanted, 0, "latin1"); at !== -1; ) {
      const begin = lines[at] === NEWLINE ? at + 1 : lines.lastIndexOf(NEWLINE, at) + 1;
      const end = lines.indexOf(NEWLINE, begin);
      if (end === -1) return;
      yield [begin, readSessionLine(lines.toString("latin1", begin, end))];
      at = lines.indexOf(wanted, end, "latin1");
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** @throws Error if the file is no segment of this version */
function readTable(fd: number): SegmentTable {
  const { size } = fstatSync(fd);
  const trailer = readAt(fd, size - TRAILER_BYTES, TRAILER_BYTES);
  const length = trailer.readUInt32LE();
  if (!trailer.subarray(4).equals(MAGIC) || length > size - TRAILER_BYTES)
    throw new Error("it is no segment");
  return readTableText(readAt(fd, size - TRAILER_BYTES - length, length).toString("utf8"));
}

const NEWLINE = 10;
/** Ids from which on reading every line costs less than searching for each id. */
const MANY = 50;
