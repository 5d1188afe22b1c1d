import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Io } from "../io.ts";

/** Runs a program without a shell. @returns undefined if it succeeded, else the reason */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Io["env"] },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    // On Windows npm is a script, which needs a shell; the arguments are APE's own.
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString("utf8")}`.slice(-2_000);
    });
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(code === 0 ? undefined : said.trim() || `it ended with ${code}`));
  });
}

/** Whether a folder is in a git repository. */
export function inRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}
