import { open } from "node:fs/promises";
import type { Event } from "@ape/core/protocol/events";
import { headOf } from "./event-encoding.ts";
import { type EventSelection, readEvents } from "./event-reader.ts";
import { type EventSegment, sealedInstead, segmentsOf } from "./segment-files.ts";
import type { SegmentSession } from "./segment-format.ts";
import { SegmentReader } from "./segment-reader.ts";

/** Which sessions are wanted: those of an agent, those whose trace begins with a text, or whose id or trace does. */
export type SessionQuery = { agent: string } | { trace: string } | { beginning: string };

/** The ids of the sessions of a run that a query selects. Sealed segments are asked by their index. */
export async function findSessions(directory: string, query: SessionQuery): Promise<Set<string>> {
  const found = new Set<string>();
  for (const segments of (await segmentsOf(directory)).values())
    for (const segment of segments)
      if (segment.sealed) findSealed(segment, query, found);
      else await findInLines(segment, query, found);
  return found;
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
  const found = await findSessions(directory, { beginning: idOrTrace });
  if (found.size === 0) return sessions;
  const wanted = found.has(idOrTrace) ? new Set([idOrTrace]) : found;
  await readEvents(
    directory,
    (event) => {
      if (!("session" in event)) return;
      const known = sessions.get(event.session);
      if (known === undefined) sessions.set(event.session, [event]);
      else known.push(event);
    },
    { sessions: wanted },
  );
  return sessions;
}

/**
 * The last events of a run that are wanted, in order. Reads backwards in time as far as is needed.
 * @param count maximum number of events
 * @param isWanted must not depend on earlier events
 */
export async function readLastEvents(
  directory: string,
  count: number,
  isWanted: (event: Event) => boolean,
  selection: EventSelection = {},
): Promise<Event[]> {
  if (count === 0) return [];
  const blocks = await blocksByTime(directory);
  for (let least = count; ; least *= GROWTH) {
    const since = blocks === undefined ? undefined : startOfLast(blocks, least);
    const kept: Event[] = [];
    await readEvents(
      directory,
      (event) => {
        if (!isWanted(event)) return;
        kept.push(event);
        // Trimming only now and then keeps the cost per event constant.
        if (kept.length >= count * 2 + 1_000) kept.splice(0, kept.length - count);
      },
      { ...selection, since: Math.max(since ?? Number.NEGATIVE_INFINITY, selection.since ?? 0) },
    );
    if (kept.length >= count || since === undefined || since <= (selection.since ?? 0))
      return kept.slice(-count);
  }
}

/** How many times more events are read if there were too few among the last ones. */
const GROWTH = 10;
/** A file of lines beyond this is of an earlier version: it has no index, and is read once. */
const LARGE_BYTES = 64 * 1024 * 1024;

interface TimedBlock {
  from: number;
  events: number;
}

/** The blocks of all sealed segments, latest first; undefined if most of the run has no index. */
async function blocksByTime(directory: string): Promise<TimedBlock[] | undefined> {
  const blocks: TimedBlock[] = [];
  for (const segments of (await segmentsOf(directory)).values())
    for (const segment of segments) {
      if (segment.sealed)
        withReader(segment, ({ table }) => {
          for (const [, , events, from] of table.blocks) blocks.push({ from, events });
        });
      else if ((await sizeOf(segment.file)) > LARGE_BYTES) return undefined;
    }
  return blocks.sort((a, b) => b.from - a.from);
}

/** A moment since which there are at least so many events; undefined if it would be the beginning of all. */
function startOfLast(blocks: readonly TimedBlock[], least: number): number | undefined {
  let events = 0;
  for (const block of blocks) {
    events += block.events;
    if (events >= least) return block.from;
  }
  return undefined;
}

function findSealed(segment: EventSegment, query: SessionQuery, found: Set<string>): void {
  withReader(segment, (reader) => {
    const sessions =
      "agent" in query
        ? reader.sessionsOfAgent(query.agent)
        : reader.sessionsWith("trace" in query ? query.trace : query.beginning);
    for (const one of sessions) if (selects(query, one)) found.add(one.session);
  });
}

/** A segment that cannot be read has nothing. */
function withReader(segment: EventSegment, use: (reader: SegmentReader) => void): void {
  const reader = SegmentReader.open(segment.file);
  if (reader === undefined) return;
  try {
    use(reader);
  } finally {
    reader.close();
  }
}

async function findInLines(segment: EventSegment, query: SessionQuery, found: Set<string>): Promise<void> {
  const handle = await open(segment.file, "r").catch(() => undefined);
  if (handle === undefined) {
    findSealed(sealedInstead(segment), query, found);
    return;
  }
  // `readLines` closes the file.
  for await (const line of handle.readLines({ encoding: "utf8" })) {
    const head = line === "" ? undefined : headOf(line);
    if (head?.session !== undefined && selects(query, head)) found.add(head.session);
  }
}

function selects(query: SessionQuery, { session, trace, agent }: Partial<SegmentSession>): boolean {
  if ("agent" in query) return agent === query.agent;
  if ("trace" in query) return trace?.startsWith(query.trace) === true;
  return session?.startsWith(query.beginning) === true || trace?.startsWith(query.beginning) === true;
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return 0;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
