import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** One segment of a process's events: a file of lines, or the sealed segment that has replaced it. */
export interface EventSegment {
  part: string;
  number: number;
  file: string;
  sealed: boolean;
}

const SEGMENT = /^(.+)\.(\d{4,})\.(jsonl|seg)$/;

/** Name of a segment without the ending of its file. */
export const segmentName = (part: string, number: number): string =>
  `${part}.${String(number).padStart(4, "0")}`;

/** Name of the file of lines of a segment. */
export const linesFile = (part: string, number: number): string => `${segmentName(part, number)}.jsonl`;

/** Name of a sealed segment. */
export const sealedFile = (part: string, number: number): string => `${segmentName(part, number)}.seg`;

/** The numbers of a part's segments among the names of a folder's files. */
export function numbersOf(names: readonly string[], part: string): number[] {
  return names.flatMap((name) => {
    const match = SEGMENT.exec(name);
    return match?.[1] === part ? [Number(match[2])] : [];
  });
}

/** Whether a file's name is that of a segment of a part. */
export function isSegmentOf(name: string, part: string): boolean {
  return SEGMENT.exec(name)?.[1] === part;
}

/**
 * The segments of each process, in the order they were written. Where a segment has both files, the sealed one counts:
 * it is complete once it has its name. A missing directory has none.
 */
export async function segmentsOf(directory: string): Promise<Map<string, EventSegment[]>> {
  const names = await readdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return [];
    throw thrown;
  });
  const segments = new Map<string, EventSegment>();
  for (const name of names) {
    const [, part = "", digits = "", ending] = SEGMENT.exec(name) ?? [];
    if (part === "") continue;
    const key = `${part}.${Number(digits)}`;
    if (segments.get(key)?.sealed !== true)
      segments.set(key, {
        part,
        number: Number(digits),
        file: join(directory, name),
        sealed: ending === "seg",
      });
  }
  const parts = new Map<string, EventSegment[]>();
  for (const segment of [...segments.values()].sort((a, b) => a.number - b.number)) {
    const files = parts.get(segment.part);
    if (files === undefined) parts.set(segment.part, [segment]);
    else files.push(segment);
  }
  return parts;
}

/** The sealed segment that a file of lines was replaced by. */
export function sealedInstead({ file, part, number }: EventSegment): EventSegment {
  return { part, number, file: file.replace(/\.jsonl$/, ".seg"), sealed: true };
}
