import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import type { Event } from "@ape/core/protocol/events";
import { decodeEvent } from "./event-encoding.ts";
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

  /** @param directory the run's `events` folder */
  constructor(directory: string) {
    this.#directory = directory;
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
      const key = `${segment.part}.${segment.number}`;
      if (this.#read.get(key) === ALL) continue;
      if (segment.sealed) yield* this.#sealed(segment, key);
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
          yield eventsOf(buffer.toString("utf8", 0, end));
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

/** The events of whole lines. A line that a crash cut in two is no event; `ape-test report` counts those. */
function eventsOf(lines: string): Event[] {
  return lines
    .split("\n")
    .map(decodeEvent)
    .filter((event) => event !== undefined);
}
