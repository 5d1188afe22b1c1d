import { ApeError } from "@ape/core/lib/errors";
import { type FileChange, fileChanges, needsWrite, writeChanges } from "./file-changes.ts";
import type { GeneratedFile } from "./generator.ts";

/**
 * Writes a project without asking: what is there already is kept, and a configuration that says something else ends it.
 * @param overwrite write over what is there
 * @returns every file, and what became of it
 * @throws ApeError USAGE where there is a configuration already; RUN_DIRECTORY
 */
export async function writeProject(
  files: readonly GeneratedFile[],
  directory: string,
  overwrite: boolean,
): Promise<readonly FileChange[]> {
  const placements = await fileChanges(files, directory);
  if (
    !overwrite &&
    placements.some(({ file, change }) => file.path === "ape.config.yaml" && change === "changed")
  )
    throw new ApeError(
      "USAGE",
      `there is an ape.config.yaml in ${directory} already, and it says something else`,
      {
        hint: "Give --overwrite, name another folder, or answer the wizard without --yes.",
      },
    );
  const settled = placements.map(
    (placement): FileChange =>
      placement.change === "changed" && !overwrite ? { ...placement, change: "kept" } : placement,
  );
  await writeChanges(
    settled.filter(needsWrite).map(({ file }) => file),
    directory,
  );
  return settled;
}
