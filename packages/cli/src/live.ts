import type { Progress, RunHandle } from "@ape/engine/progress";
import type { Io } from "./io.ts";
import { progressBlock, progressLine } from "./text/progress.ts";
import { colours } from "./text/style.ts";

const PLAIN_EVERY_MS = 5_000;

/** Shows a run while it goes on: a block that is redrawn on a terminal, a plain line every five seconds elsewhere. */
export class LiveDisplay {
  readonly #io: Io;
  #drawn = 0;
  #lastPhase = "";
  #nextPlainAt = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  follow(run: Pick<RunHandle, "onProgress">): void {
    run.onProgress((progress) => this.show(progress));
  }

  show(progress: Progress): void {
    const { err, env } = this.#io;
    if (err.isTty) {
      this.clear();
      const lines = progressBlock(progress, colours(err, env), err.columns);
      err.write(`${lines.join("\n")}\n`);
      this.#drawn = lines.length;
      return;
    }
    if (progress.phase === this.#lastPhase && progress.elapsedMs < this.#nextPlainAt) return;
    this.#lastPhase = progress.phase;
    this.#nextPlainAt = progress.elapsedMs + PLAIN_EVERY_MS;
    err.write(`${progressLine(progress)}\n`);
  }

  /** Takes the block off the terminal, so that something else can be written. */
  clear(): void {
    if (this.#drawn > 0) this.#io.err.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}
