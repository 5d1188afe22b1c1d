import type { GeneratedFile } from "../generator.ts";
import { isWanting, type Placement, place, placementsOf } from "../placing.ts";
import { type Asker, Cancelled } from "./asker.ts";
import { differenceOf } from "./difference.ts";

const WORDS = {
  new: "new",
  added: "added to",
  changed: "there already, differs",
  same: "there already, the same",
  kept: "there already, yours",
} as const;

/**
 * Shows what would be written, asks for every file that is there and differs, and writes after a last yes.
 * @returns every file, and what became of it
 * @throws Cancelled before anything is written
 */
export async function writeAfterAsking(
  files: readonly GeneratedFile[],
  directory: string,
  asker: Asker,
): Promise<readonly Placement[]> {
  const placements = await placementsOf(files, directory);
  asker.show(
    `Files in ${directory}`,
    placements.map(({ file, change }) => `${file.path}  ${WORDS[change]}`).join("\n"),
  );
  const settled: Placement[] = [];
  for (const placement of placements) {
    const { file, change, before = "" } = placement;
    if (change !== "changed") {
      settled.push(placement);
      continue;
    }
    asker.show(file.path, differenceOf(before, file.text));
    const over = await asker.confirm({ message: `Write over ${file.path}?`, initial: false });
    settled.push(over ? placement : { ...placement, change: "kept" });
  }
  const count = settled.filter(isWanting).length;
  if (!(await asker.confirm({ message: `Write ${count} files?`, initial: true }))) throw new Cancelled();
  await place(
    settled.filter(isWanting).map(({ file }) => file),
    directory,
  );
  return settled;
}
