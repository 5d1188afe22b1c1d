import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { RunProgress } from "@ape/core/report/progress";
import { closeServer, createHttpServer, listen } from "@ape/http/server/http-server";
import { RequestGuard } from "@ape/http/server/request-guard";
import { queryOf } from "@ape/http/server/request-target";
import type { RunHandle } from "./progress.ts";

/** `control.json` of a running run: the address of its engine (loopback only) and a token of the run. */
interface ControlFile {
  pid: number;
  port: number;
  token: string;
  /** Address of the run's page, token included; absent without a page. */
  page?: string;
  /** Start time of the process, in the system's own count; if it is known, a reused pid is detected. */
  born?: string;
}

const FILE = "control.json";

/** Lets other processes of this user observe, stop and scale a run. */
export class ControlServer {
  readonly #server: Server;
  readonly #file: string;

  private constructor(server: Server, file: string) {
    this.#server = server;
    this.#file = file;
  }

  static async open(
    run: Pick<RunHandle, "directory" | "progress" | "stop" | "kill" | "scale">,
    page?: string,
  ): Promise<ControlServer> {
    const token = randomBytes(24).toString("base64url");
    const guard = new RequestGuard({ token });
    const server = createHttpServer({
      guard: () => guard,
      handle: (incoming, answer, path) => respond(run, incoming, answer, path),
    });
    await listen(server, { host: "127.0.0.1", port: 0, hint: "Start the run again." });
    const file = join(run.directory, FILE);
    const { port } = server.address() as AddressInfo;
    const born = await bornAt(process.pid);
    const content: ControlFile = {
      pid: process.pid,
      port,
      token,
      ...(page === undefined ? {} : { page }),
      ...(born === undefined ? {} : { born }),
    };
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    return new ControlServer(server, file);
  }

  async close(): Promise<void> {
    await rm(this.#file, { force: true });
    await closeServer(this.#server);
  }
}

function respond(
  run: Pick<RunHandle, "progress" | "stop" | "kill" | "scale">,
  incoming: IncomingMessage,
  answer: ServerResponse,
  path: string,
): void {
  incoming.resume();
  const send = (status: number, body: object): void => {
    answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const method = METHODS.get(path);
  if (method === undefined) send(404, { error: "there is only /status, /stop and /scale" });
  else if (incoming.method !== method) {
    answer.setHeader("allow", method);
    send(405, { error: `${path} takes ${method} only` });
  } else if (path === "/status") send(200, run.progress());
  else {
    const query = queryOf(incoming);
    if (path === "/stop") {
      if (query.get("force") === "true") run.kill();
      else run.stop();
    } else {
      const text = query.get("agents") ?? "";
      if (!/^\d{1,9}$/.test(text)) {
        send(400, { error: "agents must be a whole number" });
        return;
      }
      const { phase } = run.progress();
      if (phase === "draining" || phase === "ended") {
        send(409, { error: "the run is ending: no more agents start" });
        return;
      }
      run.scale(Number(text));
    }
    send(202, {});
  }
}

const METHODS: ReadonlyMap<string, "GET" | "POST"> = new Map([
  ["/status", "GET"],
  ["/stop", "POST"],
  ["/scale", "POST"],
]);

/** The client of a run's control server. */
export interface Control {
  status(): Promise<RunProgress>;
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

/** Start time of a process; undefined if the system does not report it. Source: proc(5), /proc/PID/stat, field 22. */
export async function bornAt(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in brackets, and may contain any character.
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

/** The address of a running run's page; undefined if it has none. */
export async function livePageOf(runDirectory: string): Promise<string | undefined> {
  return (await readControl(runDirectory))?.page;
}

/** Connects to a running run. Its calls throw ApeError RUN_NOT_ACTIVE if nothing answers. */
export function controlOf(runDirectory: string): Control {
  const call = async (method: "GET" | "POST", path: string): Promise<unknown> => {
    const file = await readControl(runDirectory);
    try {
      if (file === undefined) throw new Error("the run has ended");
      // Loaded here: commands that only read a run's files start faster without it.
      const { request } = await import("undici");
      const { statusCode, body } = await request(`http://127.0.0.1:${file.port}${path}`, {
        method,
        headers: { authorization: `Bearer ${file.token}` },
        headersTimeout: 5_000,
      });
      const answer: unknown = await body.json();
      if (statusCode === 409)
        throw new ApeError("RUN_NOT_ACTIVE", String((answer as { error?: unknown }).error), {
          hint: "See `ape-test status`.",
        });
      if (statusCode >= 300) throw new Error(`the engine answered ${statusCode}`);
      return answer;
    } catch (cause) {
      if (cause instanceof ApeError) throw cause;
      throw new ApeError("RUN_NOT_ACTIVE", "the run is not active", {
        cause,
        hint: "See `ape-test runs`; a run that has ended can be looked at with `ape-test report` and `ape-test trace`.",
      });
    }
  };
  return {
    status: async () => (await call("GET", "/status")) as RunProgress,
    stop: async (force) => {
      await call("POST", `/stop?force=${force}`);
    },
    scale: async (agents) => {
      await call("POST", `/scale?agents=${agents}`);
    },
  };
}
