import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, freemem } from "node:os";
import { openFileLimit } from "@ape/engine/host/open-files";

/** Properties of a machine and a folder for a load generator. */
export interface Machine {
  node: string;
  cores: number;
  freeMemoryBytes: number;
  freeDiskBytes: number;
  writable: boolean;
  /** The soft limit of open files; undefined if the system does not report it. */
  openFiles: number | undefined;
  /** Whether a server on loopback can be opened and reached; the reason if not. */
  loopback: true | string;
}

/** Inspects this machine and one of its folders. */
export async function inspectMachine(folder: string): Promise<Machine> {
  const disk = await statfs(folder);
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    freeMemoryBytes: freemem(),
    freeDiskBytes: disk.bavail * disk.bsize,
    writable: await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    ),
    openFiles: openFileLimit(),
    loopback: await listens(0),
  };
}

/** Whether a port of loopback is free. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listens(port)) === true;
}

/** True if a port of loopback is free, 0 being any; the reason if not. */
function listens(port: number): Promise<true | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(error.message));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
