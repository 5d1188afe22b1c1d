import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Event } from "@ape/core/protocol/events";
import { decodeEvent, headOf, isRunEvent, sessionOfRecord } from "./event-encoding.ts";
import { mergeEvents } from "./merge-events.ts";
import { type EventSegment, sealedInstead, segmentName, segmentsOf } from "./segment-files.ts";
import { SegmentReader } from "./segment-reader.ts";

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;
/**
 * Blocks that the thread pool decompresses at once. One that is handed to another thread costs half as much CPU time again
 * as one that is not: on few cores little is gained by more.
 */
const BLOCKS_AHEAD = Math.max(1, Math.min(3, availableParallelism() - 1));
/** Most damaged segments that are named. */
const MAX_NAMED = 5;

/** Problems found when reading a run's events. */
export interface ReadReport {
  events: number;
  /** Files that end in the middle of a record, as after `kill -9` or a full disk. */
  torn: number;
  /** Other lines that are no events, and blocks and segments that cannot be read or are missing; they are skipped. */
  bad: number;
  /** Names of the segments with what is counted in `bad`, without their ending. */
  damaged: Set<string>;
  /** Segments without the steps of some sessions that were read for other events than those of the run. */
  compacted: number;
}

/** A report for one reading. */
export function noProblems(): ReadReport {
  return { events: 0, torn: 0, bad: 0, damaged: new Set(), compacted: 0 };
}

/** Which events are wanted. Segments have an index: blocks without such events are not read. */
export interface EventSelection {
  /** Only events from this moment on, in epoch milliseconds. */
  since?: number;
  /** Only events of these sessions, by id. */
  sessions?: ReadonlySet<string>;
  /** Only events whose line, as it is stored, contains one of these texts. */
  containing?: readonly string[];
  /** Only events whose line, as it is stored, passes this test. */
  passing?: (line: string) => boolean;
  /** Parts of which only events that belong to the run rather than to a session are wanted. */
  onlyRunEventsOf?: ReadonlySet<string>;
  /** Only events of these segments. */
  segments?: (segment: EventSegment) => boolean;
}

/**
 * Passes the events of a run to `visit`: each process's in the order it wrote them, processes merged by time, so that
 * levels and links across processes are consistent. Reads sealed segments and files of lines, those of earlier versions
 * too. Streams: memory does not grow with the files. A missing directory has no events.
 * @param directory the run's `events` folder
 */
export async function readEvents(
  directory: string,
  visit: (event: Event) => void,
  selection: EventSelection = {},
): Promise<ReadReport> {
  const report = noProblems();
  const parts = [...(await segmentsOf(directory)).values()].map((segments) => {
    noteMissing(segments, report);
    return readSegments(segments, report, selection);
  });
  await mergeEvents(parts, (event) => {
    report.events += 1;
    visit(event);
  });
  return report;
}

/** A process numbers its segments from 0, and leaves none out. */
function noteMissing(segments: readonly EventSegment[], report: ReadReport): void {
  const numbers = new Set(segments.map(({ number }) => number));
  const [{ part, number: last } = { part: "", number: -1 }] = segments.slice(-1);
  let missing = last + 1 - numbers.size;
  report.bad += missing;
  for (let number = 0; missing > 0 && report.damaged.size < MAX_NAMED; number += 1)
    if (!numbers.has(number)) {
      report.damaged.add(segmentName(part, number));
      missing -= 1;
    }
}

function noteDamage(report: ReadReport, segment: string): void {
  report.bad += 1;
  if (report.damaged.size < MAX_NAMED) report.damaged.add(segment);
}

async function* readSegments(
  segments: readonly EventSegment[],
  report: ReadReport,
  selection: EventSelection,
): AsyncGenerator<Event[]> {
  for (const segment of segments) {
    if (selection.segments?.(segment) === false) continue;
    if (segment.sealed) yield* readSealed(segment, report, selection);
    else yield* readLines(segment, report, selection);
  }
}

/** The wanted events of a sealed segment; its index says which blocks are read. */
export async function* readSealed(
  { file, part, number }: EventSegment,
  report: ReadReport,
  selection: EventSelection,
): AsyncGenerator<Event[], void> {
  const name = segmentName(part, number);
  const reader = SegmentReader.open(file);
  if (reader === undefined) {
    noteDamage(report, name);
    return;
  }
  try {
    if (selection.onlyRunEventsOf?.has(part) === true) {
      const bytes = await quietly(() => reader.readRunEvents());
      if (bytes === undefined) noteDamage(report, name);
      else yield parseLines(bytes.toString("utf8"), name, report, selection);
      return;
    }
    if (reader.table.compacted === true) report.compacted += 1;
    const blocks = wantedBlocks(reader, selection);
    // While this thread decompresses one block, the thread pool decompresses the next ones.
    for (let next = 0; next < blocks.length; next += BLOCKS_AHEAD + 1) {
      const [first = 0, ...ahead] = blocks.slice(next, next + BLOCKS_AHEAD + 1);
      const coming = ahead.map((number) => quietly(() => reader.readBlock(number)));
      // Read before anything is awaited.
      const come = quietly(() => reader.readBlockSync(first));
      for (const block of [come, ...coming]) {
        const bytes = await block;
        if (bytes === undefined) noteDamage(report, name);
        else if (mayContain(bytes, selection))
          yield parseLines(bytes.toString("utf8"), name, report, selection);
      }
    }
  } finally {
    reader.close();
  }
}

/** The numbers of the blocks that may hold wanted events. */
function wantedBlocks(reader: SegmentReader, { since, sessions }: EventSelection): readonly number[] {
  const numbers = reader.table.blocks.flatMap(([, , , , to], number) =>
    since === undefined || to >= since ? [number] : [],
  );
  if (sessions === undefined || numbers.length === 0) return numbers;
  const having = new Set(reader.sessionsOf(sessions).flatMap(({ blocks }) => blocks));
  return numbers.filter((number) => having.has(number));
}

function mayContain(bytes: Buffer, { containing }: EventSelection): boolean {
  return containing === undefined || containing.some((text) => bytes.includes(text));
}

/** A block, or undefined if it cannot be read. */
async function quietly(read: () => Buffer | Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

async function* readLines(
  segment: EventSegment,
  report: ReadReport,
  given: EventSelection,
): AsyncGenerator<Event[]> {
  const name = segmentName(segment.part, segment.number);
  const selection =
    given.onlyRunEventsOf?.has(segment.part) === true ? { ...given, passing: isRunLine } : given;
  const handle = await open(segment.file, "r").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return undefined;
    throw thrown;
  });
  // The process that writes it has sealed the segment meanwhile.
  if (handle === undefined) {
    yield* readSealed(sealedInstead(segment), report, selection);
    return;
  }
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
      if (end > 0) yield parseLines(filled.toString("utf8", 0, end), name, report, selection);
    }
    if (kept.length === 0) return;
    const last = decodeEvent(kept.toString("utf8"));
    if (last === undefined) report.torn += 1;
    else if (mayBeWanted(kept.toString("utf8"), selection) && isWanted(last, selection)) yield [last];
  } finally {
    await handle.close();
  }
}

function parseLines(text: string, segment: string, report: ReadReport, selection: EventSelection): Event[] {
  const events: Event[] = [];
  let from = 0;
  for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
    if (to > from) {
      const line = text.slice(from, to);
      if (mayBeWanted(line, selection)) {
        const event = decodeEvent(line);
        if (event === undefined) noteDamage(report, segment);
        else if (isWanted(event, selection)) events.push(event);
      }
    }
    from = to + 1;
  }
  return events;
}

/** Whether a line is an event of the run: only those are objects, beside a few rare ones. */
function isRunLine(line: string): boolean {
  const head = line.startsWith("[") ? undefined : headOf(line);
  return head !== undefined && isRunEvent(head.type);
}

/** A look at a line that costs less than reading it. */
function mayBeWanted(line: string, { sessions, containing, passing }: EventSelection): boolean {
  if (containing !== undefined && !containing.some((text) => line.includes(text))) return false;
  if (passing?.(line) === false) return false;
  if (sessions === undefined) return true;
  const session = sessionOfRecord(line);
  return session === undefined || sessions.has(session);
}

function isWanted(event: Event, { since, sessions }: EventSelection): boolean {
  if (since !== undefined && event.at < since) return false;
  return sessions === undefined || ("session" in event && sessions.has(event.session));
}
