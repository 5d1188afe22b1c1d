import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants, crc32 } from "node:zlib";
import { PRIVATE_FILE } from "./private-mode.ts";
import type { EventSegment } from "./segment-files.ts";

/** The segments that a digest was computed from, by their numbers. */
export interface DigestRange {
  first: number;
  last: number;
}

interface StoredDigest {
  version: 1;
  /** Absent if the process counted all of its events itself: segments then have the events of some sessions only. */
  range?: DigestRange;
  digest: unknown;
}

/** Of digests that cross a network: two thirds of the bytes that quality 1 makes. */
const WHOLE_QUALITY = 5;

const compressText = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const SUFFIX = ".digest";

/** Name of the file of a part's digest. */
export const digestFile = (part: string): string => `${part}${SUFFIX}`;

/** The parts that have a digest, with or without segments. */
export async function digestedParts(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

/**
 * Writes what was computed from a part's events while they were recorded, beside its segments.
 * @returns whether it is on the disk; without it the events have to be read again
 */
export async function writeDigest(
  directory: string,
  part: string,
  range: DigestRange,
  digest: object,
): Promise<boolean> {
  const bytes = await compressed({ version: 1, range, digest }, 1).catch(() => undefined);
  return bytes !== undefined && (await writeDigestFile(directory, part, bytes));
}

/** The file of a digest of all events of a part, wherever they are, for {@link writeDigestFile} elsewhere. */
export function encodeWholeDigest(digest: object): Promise<Buffer> {
  return compressed({ version: 1, digest }, WHOLE_QUALITY);
}

/** Writes the bytes of a digest's file. @returns whether it is on the disk */
export async function writeDigestFile(directory: string, part: string, bytes: Buffer): Promise<boolean> {
  const file = join(directory, digestFile(part));
  const draft = `${file}.tmp`;
  try {
    await writeFile(draft, bytes, { mode: PRIVATE_FILE, flush: true });
    await rename(draft, file);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}

/** End of a digest's file, after the CRC-32 of what is before; files of earlier versions end without both. */
const MAGIC = Buffer.from("APE-DIG1");
const CRC_BYTES = 4;

async function compressed(stored: StoredDigest, quality: number): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  const bytes = await compressText(JSON.stringify(stored), { params });
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32LE(crc32(bytes));
  return Buffer.concat([bytes, crc, MAGIC]);
}

/** @throws Error if the file is damaged */
async function decompressed(file: Buffer): Promise<string> {
  const end = file.length - MAGIC.length - CRC_BYTES;
  const isChecked = end >= 0 && file.subarray(-MAGIC.length).equals(MAGIC);
  const bytes = isChecked ? file.subarray(0, end) : file;
  if (isChecked && file.readUInt32LE(end) !== crc32(bytes)) throw new Error("the digest is damaged");
  return (await decompress(bytes)).toString("utf8");
}

/** A part's digest, and the number of the last segment that it was computed from. */
interface StoredPartDigest {
  digest: unknown;
  last: number;
}

/**
 * Reads a part's digest. Segments after those that it was computed from may follow, as after a crash.
 * @param segments all segments of the part
 * @returns undefined if there is none, or if it was not computed from all of the part's first segments
 */
export async function readDigest(
  directory: string,
  part: string,
  segments: readonly EventSegment[],
): Promise<StoredPartDigest | undefined> {
  try {
    const text = await decompressed(await readFile(join(directory, digestFile(part))));
    const { version, range, digest } = JSON.parse(text) as StoredDigest;
    if (range === undefined) return version === 1 ? { digest, last: Number.POSITIVE_INFINITY } : undefined;
    const numbers = new Set(segments.map(({ number }) => number).filter((number) => number <= range.last));
    // A segment that was opened last and stayed empty has left no file.
    const all = numbers.has(range.last) ? range.last : range.last - 1;
    for (let number = range.first; number <= all; number += 1) if (!numbers.delete(number)) return undefined;
    return version === 1 && numbers.size === 0 ? { digest, last: range.last } : undefined;
  } catch {
    return undefined;
  }
}
