import { type ChildProcess, spawn } from "node:child_process";
import { ApeError } from "@ape/core/lib/errors";

const OPEN_MS = 10_000;
const CLOSE_MS = 5_000;

/** Addresses of the shop; without `interfaces` only the REST API. */
export interface ShopAddresses {
  url: string;
  graphql?: string;
  web?: string;
  mcp?: string;
}

/** The demo's shop, in its own process. */
export interface OpenShop extends ShopAddresses {
  /** Closes it; it writes its books first. */
  close(): Promise<void>;
}

/**
 * Opens the shop. It ends with this process, whatever ends this process.
 * @param file the shop's program
 * @param options.faults what goes wrong in it, as JSON
 * @param options.books the file that it writes its books to at its end
 * @param options.port of the REST API; any free one by default
 * @param options.interfaces whether it also answers as GraphQL, as web pages and as MCP
 * @throws ApeError USAGE where it does not open, with its own words
 */
export async function openShop(
  file: string,
  {
    faults,
    books,
    interfaces = false,
    port,
    cwd,
  }: {
    faults?: string | undefined;
    books?: string;
    interfaces?: boolean;
    port?: number | undefined;
    cwd: string;
  },
): Promise<OpenShop> {
  const args = [
    file,
    ...(books === undefined ? [] : ["--books", books]),
    ...(faults === undefined ? [] : ["--faults", faults]),
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(interfaces ? ["--interfaces"] : []),
  ];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C in the terminal is handled by the test, which then closes the shop.
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
  const addresses = await Promise.race([
    new Promise<ShopAddresses>((resolve) =>
      child.once("message", (message) => resolve(message as ShopAddresses)),
    ),
    gone.then(() => undefined),
    new Promise<undefined>((resolve) => {
      limit = setTimeout(() => resolve(undefined), OPEN_MS);
    }),
  ]);
  clearTimeout(limit);
  if (addresses === undefined) {
    child.kill("SIGKILL");
    throw new ApeError(
      "USAGE",
      `the shop did not open: ${complaint.trim() === "" ? "it said nothing" : complaint.trim()}`,
      {
        hint: /EADDRINUSE/.test(complaint)
          ? "Another program has the port: name another one with --port."
          : 'Check --faults; it wants a JSON object such as {"error500":{"rate":0.01}}.',
      },
    );
  }
  return {
    ...addresses,
    close: async () => {
      if (child.connected) child.disconnect();
      const killer = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
      await gone;
      clearTimeout(killer);
    },
  };
}
