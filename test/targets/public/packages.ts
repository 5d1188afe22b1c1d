import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where applications are kept between runs; `APE_PUBLIC` names another folder. */
const CACHE = process.env.APE_PUBLIC ?? join(tmpdir(), "ape-public");

/** A folder below the cache. */
export async function cacheFolder(name: string): Promise<string> {
  const folder = join(CACHE, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** A folder with npm packages in it, installed once. */
export async function npmPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = await cacheFolder(name);
  if (!existsSync(join(folder, "package-lock.json"))) {
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
  }
  return folder;
}

/** The Python of a virtual environment with PyPI packages in it, installed once. */
export async function pythonPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = await cacheFolder(name);
  const python = join(folder, "venv/bin/python");
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    await run("python3", ["-m", "venv", join(folder, "venv")]);
    await run(python, ["-m", "pip", "install", "-q", ...packages], { maxBuffer: 1e8 });
    await writeFile(complete, "");
  }
  return python;
}
