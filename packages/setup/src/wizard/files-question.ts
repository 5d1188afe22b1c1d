import { type FileChange, fileChanges, needsWrite, writeChanges } from "../generate/file-changes.ts";
import type { GeneratedFile } from "../generate/generator.ts";
import { differenceOf } from "./difference.ts";
import { Cancelled, type Prompter } from "./prompter.ts";

const WORDS = {
  new: "new",
  added: "added to",
  changed: "there already, differs",
  same: "there already, the same",
  kept: "there already, yours",
} as const;

/** One line per file, or per folder whose files all have the same change. */
function linesOf(placements: readonly FileChange[]): string[] {
  const folderOf = ({ file }: FileChange): string => /^[^/]+\//.exec(file.path)?.[0] ?? "";
  const lines = new Set<string>();
  for (const placement of placements) {
    const folder = folderOf(placement);
    const inside = placements.filter((other) => folder !== "" && folderOf(other) === folder);
    const alike = inside.length > 2 && inside.every(({ change }) => change === placement.change);
    lines.add(
      alike
        ? `${folder} (${inside.length} files)  ${WORDS[placement.change]}`
        : `${placement.file.path}  ${WORDS[placement.change]}`,
    );
  }
  return [...lines];
}

/**
 * Shows what would be written, asks about every existing file that differs, and writes after a final confirmation.
 * @returns every file, and what was done with it
 * @throws Cancelled before anything is written
 */
export async function writeAfterAsking(
  files: readonly GeneratedFile[],
  directory: string,
  prompter: Prompter,
): Promise<readonly FileChange[]> {
  const placements = await fileChanges(files, directory);
  prompter.show(`Files in ${directory}`, linesOf(placements).join("\n"));
  const settled: FileChange[] = [];
  for (const placement of placements) {
    const { file, change, before = "" } = placement;
    if (change !== "changed") {
      settled.push(placement);
      continue;
    }
    prompter.show(file.path, differenceOf(before, file.text));
    const over = await prompter.confirm({ message: `Write over ${file.path}?`, initial: false });
    settled.push(over ? placement : { ...placement, change: "kept" });
  }
  const count = settled.filter(needsWrite).length;
  if (!(await prompter.confirm({ message: `Write ${count} files?`, initial: true }))) throw new Cancelled();
  await writeChanges(
    settled.filter(needsWrite).map(({ file }) => file),
    directory,
  );
  return settled;
}
