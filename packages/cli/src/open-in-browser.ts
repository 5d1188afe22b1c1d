import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@ape/core/lib/errors";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "@ape/engine/store/private-mode";
import type { Io } from "./io.ts";

/** The command of each system that opens a file; of Linux and the like everywhere else. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address in the user's browser (`BROWSER`, else the system's), through a file that only the user can read:
 * command lines are visible to everybody on the machine, and the address holds a token. A failure is a warning.
 */
export function openInBrowser(url: string, { cwd, env, err }: Pick<Io, "cwd" | "env" | "err">): void {
  const [command = "", ...args] = env.BROWSER ? [env.BROWSER] : (OPENERS[process.platform] ?? ["xdg-open"]);
  const warn = (thrown: unknown): void =>
    err.write(`warning: no browser could be opened: ${messageOf(thrown)}\n`);
  try {
    const folder = join(cwd, ".ape");
    mkdirSync(folder, { recursive: true, mode: PRIVATE_DIRECTORY });
    const file = join(folder, "open-page.html");
    const target = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    writeFileSync(
      file,
      `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${target}">\n`,
      {
        mode: PRIVATE_FILE,
      },
    );
    const child = spawn(command, [...args, file], { detached: true, stdio: "ignore" });
    child.on("error", warn);
    child.unref();
  } catch (thrown) {
    warn(thrown);
  }
}
