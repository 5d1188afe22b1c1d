import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Files of a running engine: its address and token, and what another engine would continue with. */
const LIVE_FILES: ReadonlySet<string> = new Set(["control.json", "resume.json"]);

/** A file of a run's folder: where it is, and its path in the folder with `/` between the parts. */
export interface RunFile {
  file: string;
  name: string;
}

/** The files of a run's folder that are its results, wherever they are put: all but those of a running engine. */
export async function resultFiles(directory: string): Promise<RunFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !LIVE_FILES.has(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { file, name: relative(directory, file).split(sep).join("/") };
    });
}
