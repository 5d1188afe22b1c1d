import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Whether a folder's configuration has the word at all: the rest is found out by reading it. */
export async function namesKubernetes(folder: string): Promise<boolean> {
  for (const name of ["ape.config.yaml", "ape.config.yml"]) {
    const text = await readFile(join(folder, name), "utf8").catch(() => "");
    if (text.includes("kubernetes")) return true;
  }
  return false;
}
