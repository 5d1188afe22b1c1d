import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants } from "node:zlib";
import { PRIVATE_FILE } from "./private-mode.ts";
import type { EventSegment } from "./segment-files.ts";

/** The segments that a digest was computed from, by their numbers. */
export interface DigestRange {
  first: number;
  last: number;
}

interface StoredDigest {
  version: 1;
  range: DigestRange;
  digest: unknown;
}

const compressText = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Name of the file of a part's digest. */
export const digestFile = (part: string): string => `${part}.digest`;

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
  const file = join(directory, digestFile(part));
  const draft = `${file}.tmp`;
  try {
    const text = JSON.stringify({ version: 1, range, digest } satisfies StoredDigest);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
    await writeFile(draft, await compressText(text, { params }), { mode: PRIVATE_FILE, flush: true });
    await rename(draft, file);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
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
    const text = (await decompress(await readFile(join(directory, digestFile(part))))).toString("utf8");
    const { version, range, digest } = JSON.parse(text) as StoredDigest;
    const numbers = new Set(segments.map(({ number }) => number).filter((number) => number <= range.last));
    // A segment that was opened last and stayed empty has left no file.
    const all = numbers.has(range.last) ? range.last : range.last - 1;
    for (let number = range.first; number <= all; number += 1) if (!numbers.delete(number)) return undefined;
    return version === 1 && numbers.size === 0 ? { digest, last: range.last } : undefined;
  } catch {
    return undefined;
  }
}
