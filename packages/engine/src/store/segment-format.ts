import { Buffer } from "node:buffer";
import { brotliCompressSync, constants, crc32 } from "node:zlib";

/**
 * A sealed segment, `<part>.<number>.seg`: blocks of whole lines, each compressed with Brotli; the lines of its
 * sessions, see {@link SegmentSession}; the lines of events that belong to the run rather than to a session, once more
 * and compressed; its {@link SegmentTable} as JSON; then the table's length as 32 bits, little-endian, and
 * {@link MAGIC}. The blocks' content is that of the file of lines, `<part>.<number>.jsonl`, that the segment replaced;
 * in a compacted one without the steps of some sessions.
 */
export const MAGIC = Buffer.from("APE-SEG1");
export const TRAILER_BYTES = 4 + MAGIC.length;

/** Bytes of lines after which a block ends. Smaller ones compress worse, larger ones make one session cost more. */
export const BLOCK_BYTES = 128 * 1024;

/**
 * `[compressed bytes, bytes, events, earliest moment, latest moment, CRC-32 of the compressed bytes]` of a block; the
 * last is absent in segments of earlier versions. Brotli itself notices few damaged bytes.
 */
export type BlockEntry = [
  size: number,
  bytes: number,
  events: number,
  from: number,
  to: number,
  crc?: number,
];

export interface SegmentTable {
  version: 1;
  blocks: BlockEntry[];
  /** Bytes of the lines of sessions. */
  sessions: number;
  /** Compressed bytes of the lines of events that belong to the run, which follow the sessions; 0 without any. */
  run: number;
  /** Set where the steps of sessions were left out: the part's digest has counted them. */
  compacted?: boolean;
  /** CRC-32 of the lines of sessions and of the compressed lines of the run; absent in segments of earlier versions. */
  index?: number;
  /** CRC-32 of this table as JSON without this key; absent in segments of earlier versions. */
  table?: number;
}

/** A table as it is written, with its checksum. */
export function tableText(table: SegmentTable): string {
  const text = JSON.stringify(table);
  return JSON.stringify({ ...table, table: crc32(text) });
}

/**
 * Reads a table.
 * @throws Error if it is damaged, or of another version
 */
export function readTableText(text: string): SegmentTable {
  const { table: crc, ...table } = JSON.parse(text) as SegmentTable;
  if (table.version !== 1) throw new Error("the segment has another version");
  const isOld = crc === undefined && table.index === undefined;
  if (!isOld && crc !== crc32(`${text.slice(0, text.lastIndexOf(CHECKSUM))}}`))
    throw new Error("the table is damaged");
  const sizes = [table.sessions, table.run];
  for (const [size, bytes, events] of table.blocks) sizes.push(size, bytes, events);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new Error("the table is damaged");
  return table;
}

/** What is before a table's checksum, which is its last entry. */
const CHECKSUM = ',"table":';

/**
 * Quality 1 takes half the CPU of zlib's fastest level on events, and gives smaller blocks. Every supported version of
 * Node has it, which is not so for zstd.
 */
const BROTLI = {
  chunkSize: BLOCK_BYTES / 2,
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 1,
    [constants.BROTLI_PARAM_LGWIN]: 18,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};

/** Compresses a block: 0.3 ms of CPU, less than it costs to have it done by another thread. */
export function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, BROTLI);
}

/** A session of a segment: in which blocks its events are. Trace and agent are known where the session began. */
export interface SegmentSession {
  session: string;
  trace: string;
  agent: string;
  blocks: number[];
}

/** Written for an empty value: no field is empty. */
const NONE = "-";

/** The line of a session, its end included: `s0-17 0af7651916cd43dd8448eb211c80319c a0-3 0,2`. */
export function sessionLine({ session, trace, agent, blocks }: SegmentSession): string {
  return `${indexField(session)} ${indexField(trace)} ${indexField(agent)} ${blocks.join(",")}\n`;
}

/** Reads the line of a session, without its end. */
export function readSessionLine(line: string): SegmentSession {
  const [session = "", trace = "", agent = "", blocks = ""] = line.split(" ");
  return {
    session: indexValue(session),
    trace: indexValue(trace),
    agent: indexValue(agent),
    blocks: blocks === "" ? [] : blocks.split(",").map(Number),
  };
}

/** A value as a field of a session's line: without spaces and line breaks, and never empty. */
export function indexField(value: string): string {
  if (value === "") return NONE;
  return value === NONE || ODD.test(value)
    ? encodeURIComponent(Buffer.from(value).toString()).replace(/^-/, "%2D")
    : value;
}

const ODD = /[^\w.:/@+-]/;

function indexValue(field: string): string {
  if (field === NONE) return "";
  return field.includes("%") ? decodeURIComponent(field) : field;
}
