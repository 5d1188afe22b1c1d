import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import type { Event } from "@ape/core/protocol/events";
import { decodeEvent } from "./event-encoding.ts";
import { type EventSelection, noProblems, readSealed } from "./event-reader.ts";
import { mergeEvents } from "./merge-events.ts";
import { type EventSegment, sealedInstead, segmentsOf } from "./segment-files.ts";
import { SegmentReader } from "./segment-reader.ts";

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;
/** Position in a segment that is sealed and was read to its end. */
const ALL = Number.POSITIVE_INFINITY;

/**
 * Reads a run's events while they are written: each poll returns what is new since the last, so that following a run
 * costs no more than the run writes. An incomplete record waits for the next poll.
 */
export class EventTail {
  readonly #directory: string;
  /** Bytes of lines that were read of each segment; they are the same before and after it is sealed. */
  readonly #read = new Map<string, number>();
  /** Moment of the last event that was read of each segment. */
  readonly #lastAt = new Map<string, number>();
  /** Segments that were sealed when reading began, and which of their events are wanted. */
  readonly #earlier = new Set<string>();
  #selection: EventSelection = {};

  /** @param directory the run's `events` folder */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Begins to read, before the first poll: of segments that are sealed already only wanted events are read, by their
   * index. All later events are passed on.
   * @param select is called once these segments are known
   */
  async begin(select: () => Promise<EventSelection>): Promise<void> {
    for (const segments of (await segmentsOf(this.#directory)).values())
      for (const segment of segments) if (segment.sealed) this.#earlier.add(keyOf(segment));
    this.#selection = await select();
  }

  /** Passes every new event of one poll to `visit`, the earliest first. */
  async poll(visit: (event: Event) => void): Promise<void> {
    const segments = [...(await segmentsOf(this.#directory).catch(() => new Map())).values()];
    await mergeEvents(
      segments.map((files) => this.#fresh(files)),
      visit,
    );
  }

  async *#fresh(segments: readonly EventSegment[]): AsyncGenerator<Event[], void> {
    for (const segment of segments) {
      const key = keyOf(segment);
      if (this.#read.get(key) === ALL) continue;
      if (this.#earlier.has(key)) {
        this.#read.set(key, ALL);
        yield* readSealed(segment, noProblems(), this.#selection);
      } else if (segment.sealed) yield* this.#sealed(segment, key);
      else yield* this.#lines(segment, key);
    }
  }

  async *#lines(segment: EventSegment, key: string): AsyncGenerator<Event[], void> {
    const handle = await open(segment.file, "r").catch(() => undefined);
    if (handle === undefined) {
      yield* this.#sealed(sealedInstead(segment), key);
      return;
    }
    try {
      let size = CHUNK_BYTES;
      for (;;) {
        const from = this.#read.get(key) ?? 0;
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, from);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
        if (end > 0) {
          this.#read.set(key, from + end);
          const events = eventsOf(buffer.toString("utf8", 0, end));
          this.#lastAt.set(key, events.at(-1)?.at ?? this.#lastAt.get(key) ?? 0);
          yield events;
        } else if (bytesRead < size) break;
        else size *= 2;
      }
    } finally {
      await handle.close();
    }
  }

  async *#sealed({ file }: EventSegment, key: string): AsyncGenerator<Event[], void> {
    const reader = SegmentReader.open(file);
    if (reader === undefined) return;
    try {
      const read = this.#read.get(key) ?? 0;
      if (reader.table.compacted === true && read > 0) {
        // The lines that were read are not at the same place any more.
        const lastAt = this.#lastAt.get(key) ?? 0;
        this.#read.set(key, ALL);
        for (const number of reader.table.blocks.keys())
          yield eventsOf((await reader.readBlock(number)).toString("utf8")).filter(({ at }) => at > lastAt);
        return;
      }
      let begin = 0;
      for (const [number, [, bytes]] of reader.table.blocks.entries()) {
        const from = Math.max(0, read - begin);
        begin += bytes;
        if (from >= bytes) continue;
        const lines = await reader.readBlock(number);
        this.#read.set(key, begin);
        yield eventsOf(lines.toString("utf8", from));
      }
      this.#read.set(key, ALL);
    } finally {
      reader.close();
    }
  }
}

const keyOf = ({ part, number }: EventSegment): string => `${part}.${number}`;

/** The events of whole lines. A line that a crash cut in two is no event; `ape-test report` counts those. */
function eventsOf(lines: string): Event[] {
  return lines
    .split("\n")
    .map(decodeEvent)
    .filter((event) => event !== undefined);
}
