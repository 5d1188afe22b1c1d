import { Buffer } from "node:buffer";
import { closeSync, openSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type EventHead, headOf, isRunEvent } from "./event-encoding.ts";
import { PRIVATE_FILE } from "./private-mode.ts";
import { readAt } from "./read-at.ts";
import {
  BLOCK_BYTES,
  type BlockEntry,
  compress,
  MAGIC,
  type SegmentSession,
  type SegmentTable,
  sessionLine,
  TRAILER_BYTES,
  tableText,
} from "./segment-format.ts";

/** Blocks that wait in memory to be compressed; further ones are read from the file of lines when their turn comes. */
const MAX_HELD = 16;
/** Bytes that are read at once to compact a segment: they fill about half a block. */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** Room for a block and the write that fills it. */
const CAPACITY = BLOCK_BYTES + 96 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Writes a sealed segment beside the file of lines that it will replace, a block at a time while the lines come. It
 * appears under its name, and the file of lines is removed, when it is complete and on the disk; until then, and after
 * any error, the file of lines is what counts.
 */
export class SegmentWriter {
  readonly #lines: string;
  readonly #file: string;
  readonly #draft: string;
  readonly #blocks: BlockEntry[] = [];
  readonly #sessions = new Map<string, SegmentSession>();
  /** Lines of events of the run, which are few. */
  #runLines = "";
  /** The lines of the block that grows, up to `#end`. */
  #bytes = EMPTY;
  #end = 0;
  /** Bytes of all lines so far. */
  #added = 0;
  #block = 0;
  #events = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #handle: FileHandle | undefined;
  #failed = false;
  #sealedBytes = 0;
  readonly #isHeld: boolean;
  #isCompacted = false;
  /** One step of the file after the other. */
  #work: Promise<void> = Promise.resolve();

  /**
   * @param lines path of the file of lines
   * @param file path of the segment
   * @param isHeld true if nothing is compressed while the lines come, since {@link compact} will leave some of them out
   */
  constructor(lines: string, file: string, isHeld = false) {
    this.#lines = lines;
    this.#file = file;
    this.#isHeld = isHeld;
    this.#draft = `${file}.tmp`;
  }

  /** Adds an event to the index: its line is in the next bytes that are {@link add}ed. */
  note({ at, session, trace, agent }: EventHead): void {
    this.#events += 1;
    if (at < this.#from) this.#from = at;
    if (at > this.#to) this.#to = at;
    if (session === undefined) return;
    let entry = this.#sessions.get(session);
    if (entry === undefined) {
      entry = { session, trace: "", agent: "", blocks: [] };
      this.#sessions.set(session, entry);
    }
    if (trace !== undefined) entry.trace = trace;
    if (agent !== undefined) entry.agent = agent;
    const { blocks } = entry;
    if (blocks[blocks.length - 1] !== this.#block) blocks.push(this.#block);
  }

  /** Keeps the line of an event of the run apart, too. */
  noteRunEvent(line: string): void {
    this.#runLines += line;
    this.#runLines += "\n";
  }

  /**
   * Adds whole lines, those of all events that were noted since the last call, and encodes them: the caller writes the
   * same bytes to the file of lines, {@link bytes} from the returned position to {@link end}.
   */
  place(lines: string): number {
    const length = Buffer.byteLength(lines);
    if (this.#end + length > this.#bytes.length) {
      // The noted events belong to this block: it grows.
      const larger = Buffer.allocUnsafeSlow(Math.max(CAPACITY, this.#end + length));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    const start = this.#end;
    this.#bytes.write(lines, start);
    this.#end = start + length;
    this.#added += length;
    return start;
  }

  /** Bytes of the segment, once it is sealed. */
  get sealedBytes(): number {
    return this.#sealedBytes;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Ids of the sessions with events in this segment. */
  get sessions(): Iterable<string> {
    return this.#sessions.keys();
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get end(): number {
    return this.#end;
  }

  /** Ends the block if it is full: after its last bytes were written to the file of lines. */
  cutIfFull(): void {
    if (this.#end >= BLOCK_BYTES) this.#cut();
  }

  #cut(): void {
    if (this.#end === 0) return;
    if (this.#isHeld) {
      this.#end = 0;
      return;
    }
    const bytes = this.#bytes.subarray(0, this.#end);
    const entry: BlockEntry = [0, bytes.length, this.#events, this.#from, this.#to];
    const place = this.#added - bytes.length;
    this.#blocks.push(entry);
    this.#bytes = EMPTY;
    this.#end = 0;
    this.#block += 1;
    this.#events = 0;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = Number.NEGATIVE_INFINITY;
    const held = this.#waiting < MAX_HELD ? bytes : undefined;
    this.#waiting += 1;
    this.#then(async () => {
      this.#waiting -= 1;
      const compressed = compress(held ?? this.#readLines(place, entry[1]));
      entry[0] = compressed.length;
      entry[5] = crc32(compressed);
      this.#handle ??= await open(this.#draft, "w", PRIVATE_FILE);
      await this.#handle.appendFile(compressed);
    });
  }

  #readLines(position: number, length: number): Buffer {
    const fd = openSync(this.#lines, "r");
    try {
      return readAt(fd, position, length);
    } finally {
      closeSync(fd);
    }
  }

  /** Runs a step after all earlier ones; none runs after an error. */
  #then(step: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#failed ? undefined : step()))
      .catch(() => {
        this.#failed = true;
      });
  }

  /**
   * Ends a held segment: reads the complete file of lines again, and seals those that are wanted. Never rejects.
   * @returns bytes of the sealed segment; undefined if the file of lines stays
   */
  async compact(isWanted: (head: EventHead) => boolean): Promise<number | undefined> {
    const sealed = new SegmentWriter(this.#lines, this.#file);
    try {
      for await (const lines of readLinesOf(this.#lines)) {
        let wanted = "";
        for (const line of lines) {
          const head = headOf(line);
          if (head === undefined || !isWanted(head)) {
            sealed.#isCompacted = true;
            continue;
          }
          sealed.note(head);
          if (isRunEvent(head.type)) sealed.noteRunEvent(line);
          wanted += `${line}\n`;
        }
        if (wanted === "") continue;
        sealed.place(wanted);
        sealed.cutIfFull();
        await sealed.#work;
      }
    } catch {
      await sealed.abandon();
      return undefined;
    }
    if (!(await sealed.finish())) return undefined;
    this.#sealedBytes = sealed.#sealedBytes;
    return this.#sealedBytes;
  }

  /**
   * Ends the segment: the file of lines, which must be complete, is removed once the segment is on the disk. Never
   * rejects.
   * @returns whether the segment is sealed, or there was nothing to seal
   */
  async finish(): Promise<boolean> {
    if (this.#isHeld) return (await this.compact(() => true)) !== undefined;
    this.#cut();
    // A compacted segment without events is written too: its number shows that it was not lost.
    if (this.#blocks.length === 0 && !this.#isCompacted) {
      await rm(this.#lines, { force: true }).catch(() => undefined);
      return true;
    }
    this.#then(() => this.#seal());
    await this.#work;
    if (this.#failed) await this.abandon();
    return !this.#failed;
  }

  /** Gives the segment up: the file of lines stays. */
  async abandon(): Promise<void> {
    this.#failed = true;
    this.#bytes = EMPTY;
    this.#end = 0;
    await this.#work;
    await this.#handle?.close().catch(() => undefined);
    if (this.#handle !== undefined) await rm(this.#draft, { force: true }).catch(() => undefined);
    this.#handle = undefined;
  }

  async #seal(): Promise<void> {
    this.#handle ??= await open(this.#draft, "w", PRIVATE_FILE);
    const handle = this.#handle;
    const sessions = Buffer.from(Array.from(this.#sessions.values(), sessionLine).join(""));
    const run = this.#runLines === "" ? Buffer.alloc(0) : compress(Buffer.from(this.#runLines));
    const table: SegmentTable = {
      version: 1,
      blocks: this.#blocks,
      sessions: sessions.length,
      run: run.length,
      ...(this.#isCompacted ? { compacted: true } : {}),
      index: crc32(run, crc32(sessions)),
    };
    const text = Buffer.from(tableText(table));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(text.length);
    MAGIC.copy(trailer, 4);
    await handle.appendFile(Buffer.concat([sessions, run, text, trailer]));
    await handle.datasync();
    this.#sealedBytes = (await handle.stat()).size;
    await handle.close();
    this.#handle = undefined;
    await rename(this.#draft, this.#file);
    await rm(this.#lines, { force: true });
  }
}

/** The whole lines of a file, some at a time. */
async function* readLinesOf(file: string): AsyncGenerator<string[]> {
  const handle = await open(file, "r");
  try {
    let rest = EMPTY;
    for (;;) {
      const buffer = Buffer.allocUnsafe(rest.length + READ_BYTES);
      rest.copy(buffer);
      const { bytesRead } = await handle.read(buffer, rest.length, READ_BYTES);
      const filled = buffer.subarray(0, rest.length + bytesRead);
      const end = filled.lastIndexOf(NEWLINE) + 1;
      if (end > 0) yield filled.toString("utf8", 0, end - 1).split("\n");
      if (bytesRead === 0) return;
      rest = filled.subarray(end);
    }
  } finally {
    await handle.close();
  }
}
