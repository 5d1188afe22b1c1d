import { Buffer } from "node:buffer";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { parseEventLine } from "@ape/engine/store/event-reader";

const SEGMENT = /^(.+)\.(\d{4,})\.jsonl$/;
const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/**
 * Reads a run's events while they are written: each poll returns what is new since the last, so that following a run
 * costs no more than the run writes. An incomplete record waits for the next poll.
 */
export class EventTail {
  readonly #directory: string;
  readonly #read = new Map<string, number>();

  /** @param directory the run's `events` folder */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Passes every new event of one poll to `visit`, the earliest first. */
  async poll(visit: (event: Event) => void): Promise<void> {
    const parts = await Promise.all((await this.#parts()).map((files) => Part.open(this.#fresh(files))));
    for (;;) {
      let first: Part | undefined;
      for (const part of parts)
        if (part.next !== undefined && (first?.next === undefined || part.next.at < first.next.at))
          first = part;
      if (first?.next === undefined) return;
      visit(first.next);
      await first.advance();
    }
  }

  /** The segments of each process, oldest first. */
  async #parts(): Promise<string[][]> {
    const parts = new Map<string, string[]>();
    const names = (await readdir(this.#directory).catch(() => [])).filter((name) => SEGMENT.test(name));
    const number = (name: string): number => Number(SEGMENT.exec(name)?.[2]);
    for (const name of names.sort((a, b) => number(a) - number(b))) {
      const part = SEGMENT.exec(name)?.[1] ?? "";
      parts.set(part, [...(parts.get(part) ?? []), name]);
    }
    return [...parts.values()];
  }

  async *#fresh(names: readonly string[]): AsyncGenerator<Event[], undefined> {
    for (const name of names) {
      const handle = await open(join(this.#directory, name), "r").catch(() => undefined);
      if (handle === undefined) continue;
      try {
        let size = CHUNK_BYTES;
        for (;;) {
          const from = this.#read.get(name) ?? 0;
          const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, from);
          const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
          if (end > 0) {
            this.#read.set(name, from + end);
            yield eventsOf(buffer.toString("utf8", 0, end));
          } else if (bytesRead < size) break;
          else size *= 2;
        }
      } finally {
        await handle.close();
      }
    }
  }
}

/** The events of one process, one at a time. */
class Part {
  next: Event | undefined;
  readonly #chunks: AsyncGenerator<Event[], undefined>;
  #batch: Event[] = [];
  #index = -1;

  private constructor(chunks: AsyncGenerator<Event[], undefined>) {
    this.#chunks = chunks;
  }

  static async open(chunks: AsyncGenerator<Event[], undefined>): Promise<Part> {
    const part = new Part(chunks);
    await part.advance();
    return part;
  }

  async advance(): Promise<void> {
    this.#index += 1;
    while (this.#index >= this.#batch.length) {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        this.next = undefined;
        return;
      }
      this.#batch = value;
      this.#index = 0;
    }
    this.next = this.#batch[this.#index];
  }
}

function eventsOf(lines: string): Event[] {
  const events: Event[] = [];
  for (const line of lines.split("\n")) {
    try {
      const value = parseEventLine(line) as Partial<Event> | null;
      if (typeof value?.type === "string" && typeof value.at === "number") events.push(value as Event);
    } catch {
      // A line that a crash cut in two is no event; `ape-test report` counts those.
    }
  }
  return events;
}
