import { type ChildProcess, fork } from "node:child_process";
import { ApeError } from "@ape/core/lib/errors";
import type { Project } from "../project/project.ts";
import type { FromWorker, ToWorker, WorkerBoot } from "../worker/protocol.ts";
import { openEngineGateway } from "./engine-gateway.ts";
import type { EngineGateway, Launcher, RunContext } from "./launcher.ts";
import { workerFlags } from "./worker-flags.ts";
import type { WorkerHandle, WorkerListener } from "./worker-handle.ts";

/**
 * Starts one worker as a child process of this machine. Interrupts from the terminal reach only the engine, which
 * commands its workers.
 * @param entry file of the worker's main
 * @param agents of the worker at the peak of the load
 */
function launchWorker(
  entry: string,
  agents: number,
  boot: WorkerBoot,
  listener: WorkerListener,
): WorkerHandle {
  const child: ChildProcess = fork(entry, [], {
    execArgv: workerFlags(agents),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let done = false;
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-4_000);
  });
  child.on("message", (message: FromWorker) => {
    if (message.type === "done") done = true;
    listener.message(boot.worker, message);
  });
  child.on("error", (cause) => listener.gone(boot.worker, false, cause.message));
  child.on("exit", (code, signal) => {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    listener.gone(
      boot.worker,
      done,
      complaint === "" ? how : `${how}: ${complaint.trim().split("\n").slice(-3).join(" ")}`,
    );
  });
  const send = (message: ToWorker): void => {
    // A worker that is ending may close the channel at this moment: its exit shows how it ended, not the missed
    // message.
    if (child.connected) child.send(message, () => undefined);
  };
  send({ type: "boot", boot });
  if (child.pid === undefined) throw new ApeError("WORKER_DIED", "a worker process could not be started");
  return { index: boot.worker, pid: child.pid, send, kill: () => void child.kill("SIGKILL") };
}

/** Runs everything in processes of this machine. */
export class EmbeddedLauncher implements Launcher {
  readonly runtime = "embedded";
  readonly replaces = false;
  readonly #project: Project;
  readonly #entry: string;
  readonly #count: number;
  readonly #agents: number;
  readonly #handles: WorkerHandle[] = [];

  /**
   * @param entry file of the worker's main
   * @param count of agents' processes
   * @param agents at the peak of the load, in all processes
   */
  constructor(project: Project, entry: string, count: number, agents: number) {
    this.#project = project;
    this.#entry = entry;
    this.#count = count;
    this.#agents = Math.ceil(agents / count);
  }

  async open(context: RunContext): Promise<void> {
    for (let index = 0; index < this.#count; index += 1) {
      const handle = launchWorker(this.#entry, this.#agents, context.boot(index), context);
      this.#handles.push(handle);
      context.joined(handle);
    }
  }

  openGateway(): Promise<EngineGateway> {
    return openEngineGateway(this.#project);
  }

  /** Agents share the existing processes. */
  scale(): void {}

  async settle(): Promise<void> {}

  async close(): Promise<void> {
    for (const handle of this.#handles) handle.kill();
  }
}
