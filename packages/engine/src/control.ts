import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ApeError } from "@ape/core/errors";
import { request } from "undici";
import type { Progress, RunHandle } from "./progress.ts";

/** `control.json` of a running run: where its engine listens (loopback only) and the token made for the run. */
interface ControlFile {
  pid: number;
  port: number;
  token: string;
  /** When the process began, in the system's own count; where it is known, a pid that was used again is seen. */
  born?: string;
}

const FILE = "control.json";

/** Lets other processes of this user watch, stop and scale a run. */
export class ControlServer {
  readonly #server: Server;
  readonly #file: string;

  private constructor(server: Server, file: string) {
    this.#server = server;
    this.#file = file;
  }

  static async open(
    run: Pick<RunHandle, "directory" | "progress" | "stop" | "kill" | "scale">,
  ): Promise<ControlServer> {
    const token = randomBytes(24).toString("base64url");
    const server = createServer((incoming, answer) => respond(run, token, incoming, answer));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const file = join(run.directory, FILE);
    const { port } = server.address() as AddressInfo;
    const born = await bornAt(process.pid);
    const content: ControlFile = { pid: process.pid, port, token, ...(born === undefined ? {} : { born }) };
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    return new ControlServer(server, file);
  }

  async close(): Promise<void> {
    await rm(this.#file, { force: true });
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function respond(
  run: Pick<RunHandle, "progress" | "stop" | "kill" | "scale">,
  token: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
): void {
  const given = Buffer.from(incoming.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  const url = new URL(incoming.url ?? "/", "http://control");
  const send = (status: number, body: unknown): void => {
    answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    send(401, {});
    return;
  }
  if (incoming.method === "GET" && url.pathname === "/status") {
    send(200, run.progress());
    return;
  }
  if (incoming.method === "POST" && url.pathname === "/stop") {
    if (url.searchParams.get("force") === "true") run.kill();
    else run.stop();
    send(202, {});
    return;
  }
  const agents = Number(url.searchParams.get("agents"));
  if (incoming.method === "POST" && url.pathname === "/scale" && Number.isInteger(agents) && agents >= 0) {
    run.scale(agents);
    send(202, {});
    return;
  }
  send(404, {});
}

/** The far end of a run's control server. */
export interface Control {
  status(): Promise<Progress>;
  /** `force` cuts off running sessions. */
  stop(force: boolean): Promise<void>;
  scale(agents: number): Promise<void>;
}

/** Whether the engine of a run is alive. */
export async function isActive(runDirectory: string): Promise<boolean> {
  const file = await readControl(runDirectory);
  if (file === undefined) return false;
  try {
    process.kill(file.pid, 0);
    return file.born === undefined || file.born === (await bornAt(file.pid));
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process began; undefined where the system does not tell. Source: proc(5), /proc/PID/stat, field 22. */
export async function bornAt(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in brackets, and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function readControl(runDirectory: string): Promise<ControlFile | undefined> {
  try {
    return JSON.parse(await readFile(join(runDirectory, FILE), "utf8")) as ControlFile;
  } catch {
    return undefined;
  }
}

/** Reaches a running run. Its calls throw ApeError RUN_NOT_ACTIVE where nobody answers. */
export function controlOf(runDirectory: string): Control {
  const call = async (method: "GET" | "POST", path: string): Promise<unknown> => {
    const file = await readControl(runDirectory);
    try {
      if (file === undefined) throw new Error("the run has ended");
      const { statusCode, body } = await request(`http://127.0.0.1:${file.port}${path}`, {
        method,
        headers: { authorization: `Bearer ${file.token}` },
        headersTimeout: 5_000,
      });
      const answer: unknown = await body.json();
      if (statusCode >= 300) throw new Error(`the engine answered ${statusCode}`);
      return answer;
    } catch (cause) {
      throw new ApeError("RUN_NOT_ACTIVE", "the run is not active", {
        cause,
        hint: "See `ape-test runs`; a run that has ended can be looked at with `ape-test report` and `ape-test trace`.",
      });
    }
  };
  return {
    status: async () => (await call("GET", "/status")) as Progress,
    stop: async (force) => {
      await call("POST", `/stop?force=${force}`);
    },
    scale: async (agents) => {
      await call("POST", `/scale?agents=${agents}`);
    },
  };
}
