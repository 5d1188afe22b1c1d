import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/** Problems found when reading a run's events. */
export interface ReadReport {
  events: number;
  /** Files that end in the middle of a record, as after `kill -9` or a full disk. */
  torn: number;
  /** Other lines that are no events; they are skipped. */
  bad: number;
}

const SEGMENT = /^(.+)\.(\d{4,})\.jsonl$/;

/**
 * Passes every event of a run to `visit`: each process's in the order it wrote them, processes merged by time, so that
 * levels and links across processes are consistent. Streams: memory does not grow with the files. A missing directory
 * has no events.
 * @param directory the run's `events` folder
 */
export async function readEvents(directory: string, visit: (event: Event) => void): Promise<ReadReport> {
  const report: ReadReport = { events: 0, torn: 0, bad: 0 };
  const parts = [...(await segmentsOf(directory)).values()].map((files) => new PartReader(files, report));
  await Promise.all(parts.map((part) => part.refill()));
  let alive = parts.filter((part) => part.next !== undefined);
  while (alive.length > 0) {
    const [first, until] = earliest(alive);
    for (let event = first.next; event !== undefined && event.at <= until; event = first.next) {
      report.events += 1;
      visit(event);
      if (!first.advance()) await first.refill();
    }
    if (first.next === undefined) alive = alive.filter((part) => part !== first);
  }
  return report;
}

/**
 * The events of the sessions whose id, or the beginning of whose id or trace, is given; by session id. An exact id
 * selects only that session, even if it is the beginning of another.
 */
export async function readEventsOfSession(
  directory: string,
  idOrTrace: string,
): Promise<Map<string, Event[]>> {
  const sessions = new Map<string, Event[]>();
  if (idOrTrace === "") return sessions;
  await readEvents(directory, (event) => {
    if (!("session" in event)) return;
    const known = sessions.get(event.session);
    if (known !== undefined) known.push(event);
    else if (
      event.session.startsWith(idOrTrace) ||
      (event.type === "session_started" && event.trace.startsWith(idOrTrace))
    )
      sessions.set(event.session, [event]);
  });
  const exact = sessions.get(idOrTrace);
  return exact === undefined ? sessions : new Map([[idOrTrace, exact]]);
}

/** The part with the earliest next event, and the time of the earliest of the others. */
function earliest(parts: readonly PartReader[]): [PartReader, number] {
  let first = parts[0] as PartReader;
  let until = Number.POSITIVE_INFINITY;
  for (let i = 1; i < parts.length; i += 1) {
    const part = parts[i] as PartReader;
    const at = (part.next as Event).at;
    if (at < (first.next as Event).at) {
      until = (first.next as Event).at;
      first = part;
    } else if (at < until) until = at;
  }
  return [first, until];
}

/** The files of each process, in the order they were written. */
async function segmentsOf(directory: string): Promise<Map<string, string[]>> {
  const names = await readdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return [];
    throw thrown;
  });
  const found = names
    .map((name) => ({ name, match: SEGMENT.exec(name) }))
    .filter(({ match }) => match !== null)
    .map(({ name, match }) => ({
      file: join(directory, name),
      part: match?.[1] ?? "",
      number: Number(match?.[2]),
    }))
    .sort((a, b) => a.number - b.number);
  const parts = new Map<string, string[]>();
  for (const { file, part } of found) {
    const files = parts.get(part);
    if (files === undefined) parts.set(part, [file]);
    else files.push(file);
  }
  return parts;
}

/** Reads the segments of one process, a chunk at a time. */
class PartReader {
  /** The next event; undefined at the end. */
  next: Event | undefined;
  readonly #chunks: AsyncGenerator<Event[]>;
  #batch: Event[] = [];
  #index = 0;

  constructor(files: readonly string[], report: ReadReport) {
    this.#chunks = readFiles(files, report);
  }

  /** Moves to the next event of the chunk; false if the next chunk has to be read. */
  advance(): boolean {
    this.#index += 1;
    this.next = this.#batch[this.#index];
    return this.next !== undefined;
  }

  async refill(): Promise<void> {
    do {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        this.next = undefined;
        return;
      }
      this.#batch = value;
    } while (this.#batch.length === 0);
    this.#index = 0;
    this.next = this.#batch[0];
  }
}

async function* readFiles(files: readonly string[], report: ReadReport): AsyncGenerator<Event[]> {
  for (const file of files) {
    const handle = await open(file, "r");
    try {
      let kept = Buffer.alloc(0);
      for (;;) {
        const buffer = Buffer.allocUnsafe(kept.length + CHUNK_BYTES);
        kept.copy(buffer);
        const { bytesRead } = await handle.read(buffer, kept.length, CHUNK_BYTES);
        if (bytesRead === 0) break;
        const filled = buffer.subarray(0, kept.length + bytesRead);
        const end = filled.lastIndexOf(NEWLINE) + 1;
        kept = filled.subarray(end);
        if (end > 0) yield parseLines(filled.toString("utf8", 0, end), report);
      }
      if (kept.length === 0) continue;
      const last = parseEvent(kept.toString("utf8"));
      if (last === undefined) report.torn += 1;
      else yield [last];
    } finally {
      await handle.close();
    }
  }
}

function parseLines(text: string, report: ReadReport): Event[] {
  const events: Event[] = [];
  let from = 0;
  for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
    if (to > from) {
      const event = parseEvent(text.slice(from, to));
      if (event === undefined) report.bad += 1;
      else events.push(event);
    }
    from = to + 1;
  }
  return events;
}

function parseEvent(line: string): Event | undefined {
  try {
    const value = parseEventLine(line) as Partial<Event> | null;
    return typeof value?.type === "string" && typeof value.at === "number" ? (value as Event) : undefined;
  } catch {
    return undefined;
  }
}

/** Sixteen digits in a row, as in ids; durations have a decimal point before. */
const LONG_INTEGER = /[:,[]-?\d{16}/;

/**
 * An event's line, the digits of long numbers kept.
 * @throws SyntaxError where it is no JSON
 */
export function parseEventLine(line: string): unknown {
  return LONG_INTEGER.test(line) ? parseJson(line) : JSON.parse(line);
}
