import { type ChildProcess, fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../scripts/bundle.ts";

/** In the package that has the bundle's dependencies that are not hoisted: those of the message bus. */
const BUILT = fileURLToPath(new URL("../packages/engine/node_modules/.cache/ape-bench", import.meta.url));

const built = new Map<string, Promise<string>>();

/**
 * Bundles a child once, as the product is bundled: the benchmark measures what is shipped, not what a loader makes of
 * it.
 */
function build(file: string): Promise<string> {
  let building = built.get(file);
  if (building === undefined) {
    building = buildInto(join(BUILT, basename(file, ".ts")), file);
    built.set(file, building);
  }
  return building;
}

async function buildInto(outdir: string, file: string): Promise<string> {
  await bundle({ entryPoints: [fileURLToPath(new URL(file, import.meta.url))], outdir });
  await writeFile(join(outdir, "package.json"), '{ "type": "module" }\n');
  return join(outdir, basename(file).replace(/ts$/, "js"));
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
