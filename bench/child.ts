import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../scripts/bundle.ts";

const BUILT = fileURLToPath(new URL("../node_modules/.cache/ape-bench", import.meta.url));

/** Bundles the children as the product is bundled: what is measured is what is shipped, not what a loader makes of it. */
export async function buildChildren(files: readonly string[]): Promise<void> {
  const entryPoints = files.map((file) => fileURLToPath(new URL(file, import.meta.url)));
  await bundle({ entryPoints, outdir: BUILT });
}

/** A benchmark's child process: answers every message with one message. */
export class Child {
  readonly #process: ChildProcess;

  constructor(file: string, args: readonly string[] = [], execArgv: readonly string[] = []) {
    this.#process = fork(join(BUILT, basename(file).replace(/ts$/, "mjs")), [...args], {
      execArgv: [...execArgv],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
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
