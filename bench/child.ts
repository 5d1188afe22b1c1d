import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../scripts/bundle.ts";

const BUILT = fileURLToPath(new URL("../node_modules/.cache/ape-bench", import.meta.url));

const built = new Map<string, Promise<string>>();

/** Bundles a child as the product is bundled, once: what is measured is what is shipped, not what a loader makes of it. */
function build(file: string): Promise<string> {
  let building = built.get(file);
  if (building === undefined) {
    const entry = fileURLToPath(new URL(file, import.meta.url));
    building = bundle({ entryPoints: [entry], outdir: BUILT }).then(() =>
      join(BUILT, basename(file).replace(/ts$/, "mjs")),
    );
    built.set(file, building);
  }
  return building;
}

/** A benchmark's child process: answers every message with one message. */
export class Child {
  readonly #process: ChildProcess;

  private constructor(file: string, execArgv: readonly string[]) {
    this.#process = fork(file, {
      execArgv: [...execArgv],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  /** @param file of the child, relative to this folder */
  static async start(file: string, execArgv: readonly string[] = []): Promise<Child> {
    return new Child(await build(file), execArgv);
  }

  ask<T>(message: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`a benchmark process ended with ${code}`));
      this.#process.once("exit", gone);
      this.#process.once("message", (answer) => {
        this.#process.off("exit", gone);
        resolve(answer as T);
      });
      this.#process.send(message as object);
    });
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }
}

/** The child's side: answers each message with what `handle` makes of it. */
export function answer<M>(handle: (message: M) => Promise<unknown>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: M) => {
    handle(message).then(
      (result) => process.send?.(result as object),
      (error: unknown) => {
        process.stderr.write(`${String((error as Error).stack)}\n`);
        process.exit(1);
      },
    );
  });
}
