import { ApeError } from "@ape/core/lib/errors";
import { type FileChange, fileChanges, needsWrite, writeChanges } from "./file-changes.ts";
import type { GeneratedFile } from "./generator.ts";

/**
 * Writes a project without asking: keeps existing files, and stops at a different configuration.
 * @param overwrite replaces existing files
 * @returns every file, and what was done with it
 * @throws ApeError USAGE if there is a configuration already; RUN_DIRECTORY
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
