import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNats } from "@ape/engine/bus/nats-connection";
import { freePort } from "@ape/engine/host/free-port";

const READY_MS = 10_000;

/** A NATS server of its own with JetStream on the disk, from `nats-server` in PATH. */
export class NatsProcess {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process;
    this.#folder = folder;
    this.url = url;
  }

  /**
   * @param token that clients have to show; by default none
   * @throws Error if it is not in PATH
   */
  static async start(token?: string): Promise<NatsProcess> {
    try {
      execFileSync("nats-server", ["--version"], { stdio: "ignore" });
    } catch {
      throw new Error("nats-server is not in PATH");
    }
    const folder = await mkdtemp(join(tmpdir(), "ape-bench-nats-"));
    const port = await freePort();
    const file = join(folder, "nats.conf");
    await writeFile(
      file,
      `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, "store")}" }\n${token === undefined ? "" : `authorization { token: "${token}" }\n`}`,
    );
    const server = new NatsProcess(
      spawn("nats-server", ["--config", file], { stdio: "ignore" }),
      folder,
      `nats://127.0.0.1:${port}`,
    );
    const access = { url: server.url, run: "bench", ...(token === undefined ? {} : { token }) };
    const connection = await connectNats(access, performance.now() + READY_MS);
    await connection.close();
    return server;
  }

  /** CPU time in seconds, and resident memory in bytes, since the start; Linux only. */
  usage(): { cpuSeconds: number; rssBytes: number } {
    const { pid = 0 } = this.#process;
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
      rssBytes: Number(fields[21]) * 4_096,
    };
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
