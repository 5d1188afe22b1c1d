import { spawn } from "node:child_process";
import type { Io } from "./io.ts";

/** The command of each system that opens an address; of Linux and the like everywhere else. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the user's browser (`BROWSER`, else the system's). Without one nothing happens. */
export function openInBrowser(url: string, { env }: Pick<Io, "env">): void {
  const [command, ...args] = env.BROWSER ? [env.BROWSER] : (OPENERS[process.platform] ?? ["xdg-open"]);
  if (command === undefined) return;
  const child = spawn(command, [...args, url], { detached: true, stdio: "ignore" });
  child.on("error", () => undefined);
  child.unref();
}
