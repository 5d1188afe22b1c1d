import { closeSync, fdatasync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { Event, Recorder } from "@ape/core/protocol/events";
import { type EventHead, encodeEvent, isRunEvent } from "./event-encoding.ts";
import { HeldSegments, type LogCompaction } from "./held-segments.ts";
import { type DigestRange, writeDigest } from "./part-digest-file.ts";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "./private-mode.ts";
import { linesFile, numbersOf, sealedFile } from "./segment-files.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** Lines wait at most this long in memory, after the 20 ms that events wait in their batch; with {@link SYNC_MS} they are on
 * disk well within 200 ms. */
const WRITE_MS = 30;
const WRITE_CHARS = 64 * 1024;
const SYNC_MS = 100;
const RETRY_MS = 200;

/** Writes like `fs.writeSync`: returns the number of bytes written. */
export type WriteBytes = (fd: number, bytes: Buffer, offset: number, length: number) => number;

export interface EventLogOptions {
  /** Bytes of lines beyond which a new segment begins. Default 16 MiB. */
  segmentBytes?: number;
  /** Bytes of events kept in memory while the disk refuses them; later ones are dropped and counted. Default 8 MiB. */
  backlogBytes?: number;
  /** Called once, with STORE_FULL, when events can no longer be written. */
  onFailure: (error: ApeError) => void;
  write?: WriteBytes;
  /** Leaves out the steps of some sessions; without it all events are kept. */
  compaction?: LogCompaction;
}

/**
 * Opens the event log of one process. Every event is first a line of `events/<part>.0000.jsonl`, see {@link encodeEvent};
 * a file that is full, or whose log is closed, is replaced by a compressed segment with an index, `<part>.0000.seg`. An
 * existing file is never appended to, since it may end in a torn record: the next segment is opened instead.
 * @throws ApeError RUN_DIRECTORY
 */
export async function openEventLog(
  directory: string,
  part: string,
  options: EventLogOptions,
): Promise<EventLog> {
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    return new EventLog(directory, part, options);
  } catch (cause) {
    throw new ApeError("RUN_DIRECTORY", `events cannot be written to ${directory}`, {
      cause,
      hint: "See that the directory is writable and the disk has room.",
    });
  }
}

/** The append-only log of one process, in segments. A disk error never throws into the caller. */
export class EventLog implements Recorder {
  readonly #directory: string;
  readonly #part: string;
  readonly #segmentBytes: number;
  readonly #backlogBytes: number;
  readonly #onFailure: (error: ApeError) => void;
  readonly #write: WriteBytes;
  /** Old segments that are being synced and compressed. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #compaction: LogCompaction | undefined;
  readonly #held: HeldSegments | undefined;
  #segment: number;
  /** Number of this log's first segment. */
  readonly #first: number;
  #fd: number;
  #writer: SegmentWriter;
  #segmentSize = 0;
  /** Complete lines not yet written to the operating system. */
  #text = "";
  /**
   * Bytes of an earlier write that were refused, from `#restFrom` on: the file may end in the middle of one of their
   * lines.
   */
  #rest: Buffer | undefined;
  #restFrom = 0;
  #restTo = 0;
  #writeTimer: NodeJS.Timeout | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> | undefined;
  #dirty = false;
  #failing = false;
  #isFailureReported = false;
  #closed = false;
  #dropped = 0;
  #droppedReported = 0;
  #lastAt = 0;

  constructor(directory: string, part: string, options: EventLogOptions) {
    this.#directory = directory;
    this.#part = part;
    this.#segmentBytes = options.segmentBytes ?? 16 * 1024 * 1024;
    this.#backlogBytes = options.backlogBytes ?? 8 * 1024 * 1024;
    this.#onFailure = options.onFailure;
    this.#write = options.write ?? writeSync;
    this.#segment = Math.max(-1, ...numbersOf(readdirSync(directory), part)) + 1;
    this.#first = this.#segment;
    // A digest counts for all segments of a part: those of an earlier process have none, so that all is kept.
    this.#compaction = this.#first === 0 ? options.compaction : undefined;
    if (this.#compaction !== undefined) this.#held = new HeldSegments(directory, part, this.#compaction);
    // An earlier process of this part ended while it compressed a segment: its file of lines is still there.
    for (const name of readdirSync(directory))
      if (name.startsWith(`${part}.`) && name.endsWith(".tmp"))
        rmSync(join(directory, name), { force: true });
    this.#fd = this.#openNext();
    this.#writer = this.#makeWriter();
  }

  /** Events lost because the disk refused them for too long, or because they came after `close`. */
  get dropped(): number {
    return this.#dropped;
  }

  record(event: Event): void {
    if (!this.#hasRoom()) return;
    this.#append(encodeEvent(event), event);
    this.#writeSoon();
  }

  /** Keeps a line that {@link encodeEvent} made elsewhere, without its end. */
  recordLine(line: string, head: EventHead): void {
    if (!this.#hasRoom()) return;
    this.#append(line, head);
    this.#writeSoon();
  }

  #writeSoon(): void {
    if (this.#text.length >= WRITE_CHARS && !this.#failing) this.#drain();
    else if (this.#writeTimer === undefined)
      this.#writeTimer = setTimeout(this.#onTimer, this.#failing ? RETRY_MS : WRITE_MS);
  }

  commit(event: Event): void {
    if (!this.#hasRoom()) return;
    this.#append(encodeEvent(event), event);
    if (!this.#failing) this.#drain();
  }

  /** Writes everything to the operating system and waits until it is on the disk. */
  async flush(): Promise<void> {
    this.#drain();
    await this.#syncing;
    await this.#sync();
    await Promise.all(this.#leaving);
  }

  /**
   * Flushes and closes; later events are counted as dropped.
   * @param digest JSON of what was computed from all events of this log; kept if all of them are in its segments
   */
  async close(digest?: object): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#writeTimer);
    await this.flush();
    clearTimeout(this.#writeTimer);
    clearTimeout(this.#syncTimer);
    this.#closeQuietly(this.#fd);
    // What could not be written is in the segment, but not in the file of lines.
    if (this.#backlog > 0) {
      await this.#writer.abandon();
      return;
    }
    const whole = this.#dropped === 0 ? digest : undefined;
    if (this.#held !== undefined && this.#writer.isHeld)
      await this.#held.close(this.#writer, this.#range, whole);
    else {
      if (whole !== undefined) await writeDigest(this.#directory, this.#part, this.#range, whole);
      await this.#finish(this.#writer);
    }
  }

  /** The segments of this log until now. */
  get #range(): DigestRange {
    return { first: this.#first, last: this.#segment - 1 };
  }

  async #finish(writer: SegmentWriter): Promise<void> {
    if (await writer.finish()) this.#compaction?.retention.addSealed(writer.sealedBytes);
  }

  #hasRoom(): boolean {
    if (!this.#closed && !(this.#failing && this.#backlog > this.#backlogBytes)) return true;
    this.#dropped += 1;
    return false;
  }

  #append(line: string, head: EventHead): void {
    this.#lastAt = head.at;
    this.#text += line;
    this.#text += "\n";
    this.#writer.note(head);
    if (isRunEvent(head.type)) this.#writer.noteRunEvent(line);
  }

  get #backlog(): number {
    return this.#text.length + (this.#rest === undefined ? 0 : this.#restTo - this.#restFrom);
  }

  readonly #onTimer = (): void => {
    this.#writeTimer = undefined;
    this.#drain();
  };

  /** Writes pending lines; a timer that waits for them stays, which costs less than a new one per write. Bytes that are refused stay, with the position where the next attempt continues. */
  #drain(): void {
    while (this.#rest !== undefined || this.#text !== "") {
      if (this.#rest === undefined) {
        this.#restFrom = this.#writer.place(this.#text);
        this.#rest = this.#writer.bytes;
        this.#restTo = this.#writer.end;
        this.#text = "";
      }
      try {
        const bytes = this.#rest;
        while (this.#restFrom < this.#restTo) {
          const written = this.#write(this.#fd, bytes, this.#restFrom, this.#restTo - this.#restFrom);
          this.#restFrom += written;
          this.#segmentSize += written;
          if (written > 0) this.#markDirty();
        }
      } catch (cause) {
        this.#fail(cause);
        return;
      }
      this.#rest = undefined;
      this.#writer.cutIfFull();
      if (this.#segmentSize >= this.#segmentBytes) this.#rotate();
    }
    this.#failing = false;
    if (this.#dropped > this.#droppedReported && !this.#closed) this.#reportDropped();
  }

  /** Records the number of lost events, once the disk accepts writes again. */
  #reportDropped(): void {
    const count = this.#dropped - this.#droppedReported;
    this.#droppedReported = this.#dropped;
    this.commit({
      type: "log",
      at: this.#lastAt,
      level: "error",
      part: this.#part,
      message: `${count} events were lost while the disk refused them`,
    });
  }

  #fail(cause: unknown): void {
    this.#failing = true;
    if (!this.#closed) this.#writeTimer ??= setTimeout(this.#onTimer, RETRY_MS);
    if (this.#isFailureReported) return;
    this.#isFailureReported = true;
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    this.#onFailure(
      new ApeError("STORE_FULL", `events can no longer be written (${code})`, {
        cause,
        hint: `Make room on the disk of ${this.#directory}; what was written is kept.`,
      }),
    );
  }

  #markDirty(): void {
    this.#dirty = true;
    if (this.#syncing === undefined && this.#syncTimer === undefined)
      this.#syncTimer = setTimeout(this.#onSync, SYNC_MS);
  }

  readonly #onSync = (): void => {
    this.#syncTimer = undefined;
    void this.#sync();
  };

  /** One asynchronous fdatasync at a time: the synchronous one would stall every agent of the process. */
  #sync(): Promise<void> {
    if (this.#syncing !== undefined || !this.#dirty) return this.#syncing ?? Promise.resolve();
    this.#dirty = false;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#fd, (error) => {
        this.#syncing = undefined;
        if (error !== null) this.#fail(error);
        if (this.#dirty && !this.#closed) this.#markDirty();
        resolve();
      });
    });
    return this.#syncing;
  }

  #openNext(): number {
    for (;;) {
      const file = join(this.#directory, linesFile(this.#part, this.#segment));
      this.#segment += 1;
      try {
        return openSync(file, "ax", PRIVATE_FILE);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
      }
    }
  }

  /** Of the segment that was opened last. */
  #makeWriter(): SegmentWriter {
    const number = this.#segment - 1;
    return new SegmentWriter(
      join(this.#directory, linesFile(this.#part, number)),
      join(this.#directory, sealedFile(this.#part, number)),
      this.#held?.isNeeded,
    );
  }

  /** Continues in the next segment, at a line's end; if none can be opened, the old one just grows. */
  #rotate(): void {
    const old = this.#fd;
    const range = this.#range;
    try {
      this.#fd = this.#openNext();
    } catch (cause) {
      this.#segment -= 1;
      this.#fail(cause);
      this.#failing = false;
      return;
    }
    this.#segmentSize = 0;
    const writer = this.#writer;
    this.#writer = this.#makeWriter();
    const written = this.#leave(old, this.#syncing);
    const left =
      this.#held !== undefined && writer.isHeld && this.#dropped === 0
        ? this.#held.add(writer, range, written)
        : written.then(() => this.#finish(writer));
    this.#leaving.add(left);
    void left.then(() => this.#leaving.delete(left));
  }

  /** Closes a full file when it is on the disk. */
  async #leave(fd: number, syncing: Promise<void> | undefined): Promise<void> {
    await syncing;
    await new Promise<void>((resolve) => {
      fdatasync(fd, (error) => {
        if (error !== null) this.#fail(error);
        this.#closeQuietly(fd);
        resolve();
      });
    });
  }

  #closeQuietly(fd: number): void {
    try {
      closeSync(fd);
    } catch (cause) {
      this.#fail(cause);
    }
  }
}
