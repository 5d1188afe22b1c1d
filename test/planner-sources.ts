import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Every file of the simulated model's planner and of the catalog except their tests, with its text: they must not
 * contain words of an API under test.
 */
export function plannerSources(): { name: string; code: string }[] {
  const folder = new URL("../packages/", import.meta.url).pathname;
  const files = ["planner/src", "catalog/src"]
    .flatMap((name) => readdirSync(join(folder, name), { withFileTypes: true, recursive: true }))
    .filter(({ name }) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.includes("/testing/"));
  if (files.length < 30)
    throw new Error(`the planner has moved: ${files.length} files are left in ${folder}`);
  return files.map((file) => ({ name: relative(folder, file), code: readFileSync(file, "utf8") }));
}
