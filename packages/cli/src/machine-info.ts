import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, freemem } from "node:os";
import { openFileLimit } from "@ape/engine/host/open-files";

/** What a machine and a folder offer to a load generator. */
export interface Machine {
  node: string;
  cores: number;
  freeMemoryBytes: number;
  freeDiskBytes: number;
  writable: boolean;
  /** The soft limit of open files; undefined where the system does not tell. */
  openFiles: number | undefined;
  /** A server on loopback can be opened and reached; why not, otherwise. */
  loopback: true | string;
}

/** Looks at this machine and at a folder of it. */
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

/** Whether a port of loopback can be listened on. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listens(port)) === true;
}

/** True where a port of loopback can be listened on, 0 being any; why not, otherwise. */
function listens(port: number): Promise<true | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(error.message));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
