import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { GeneratedFile } from "./generator.ts";

/** What writing a file would do to a folder. */
export type ChangeKind = "new" | "added" | "changed" | "same" | "kept";

/** A file, what is there now, and what writing it would do. */
export interface FileChange {
  file: GeneratedFile;
  change: ChangeKind;
  /** The existing content. */
  before: string | undefined;
}

/**
 * Compares files with a folder, without writing.
 * @throws ApeError FILE_MISSING if an existing file cannot be read
 */
export async function fileChanges(
  files: readonly GeneratedFile[],
  directory: string,
): Promise<readonly FileChange[]> {
  return Promise.all(
    files.map(async (file) => {
      const before = await existing(join(directory, file.path));
      if (before === undefined || file.merge === undefined)
        return { file, before, change: changeOf(file, before) };
      const text = file.merge(before);
      return { file: { ...file, text }, before, change: text === before ? "same" : "added" };
    }),
  );
}

function changeOf({ text, once }: GeneratedFile, before: string | undefined): ChangeKind {
  if (before === undefined) return "new";
  if (before === text) return "same";
  return once === true ? "kept" : "changed";
}

async function existing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ApeError("FILE_MISSING", `${path} is in the way and cannot be read`, {
      cause,
      hint: "Move it away, or work in another folder.",
    });
  }
}

/** Whether writing a file would change anything. */
export const needsWrite = ({ change }: FileChange): boolean => change !== "same" && change !== "kept";

/**
 * Writes files, with their folders and permissions.
 * @throws ApeError RUN_DIRECTORY
 */
export async function writeChanges(files: readonly GeneratedFile[], directory: string): Promise<void> {
  for (const { path, text, mode } of files) {
    const whole = join(directory, path);
    try {
      await mkdir(dirname(whole), { recursive: true });
      await writeFile(whole, text, mode === undefined ? {} : { mode });
      if (mode !== undefined) await chmod(whole, mode);
    } catch (cause) {
      throw new ApeError("RUN_DIRECTORY", `${whole} cannot be written`, {
        cause,
        hint: "See that the folder is writable and its disk has room.",
      });
    }
  }
}
