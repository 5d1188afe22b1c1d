import { type ChildProcess, spawn } from "node:child_process";
import { ApeError } from "@ape/core/lib/errors";

const OPEN_MS = 10_000;
const CLOSE_MS = 5_000;

/** The demo's shop, in a process of its own. */
export interface OpenShop {
  url: string;
  /** Closes it; it writes its books first. */
  close(): Promise<void>;
}

/**
 * Opens the shop. It ends with this process, whatever ends this process.
 * @param file the shop's program
 * @param options.faults what goes wrong in it, as JSON
 * @param options.books the file that it writes its books to at its end
 * @throws ApeError USAGE where it does not open, with its own words
 */
export async function openShop(
  file: string,
  { faults, books, cwd }: { faults: string | undefined; books: string; cwd: string },
): Promise<OpenShop> {
  const args = [file, "--books", books, ...(faults === undefined ? [] : ["--faults", faults])];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C in the terminal is for the test, which closes the shop when it is done.
    detached: true,
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-2_000);
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let limit: NodeJS.Timeout | undefined;
  const url = await Promise.race([
    new Promise<string>((resolve) =>
      child.once("message", (message) => resolve((message as { url: string }).url)),
    ),
    gone.then(() => undefined),
    new Promise<undefined>((resolve) => {
      limit = setTimeout(() => resolve(undefined), OPEN_MS);
    }),
  ]);
  clearTimeout(limit);
  if (url === undefined) {
    child.kill("SIGKILL");
    throw new ApeError(
      "USAGE",
      `the shop did not open: ${complaint.trim() === "" ? "it said nothing" : complaint.trim()}`,
      { hint: 'Check --faults; it wants a JSON object such as {"error500":{"rate":0.01}}.' },
    );
  }
  return {
    url,
    close: async () => {
      if (child.connected) child.disconnect();
      const killer = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
      await gone;
      clearTimeout(killer);
    },
  };
}
