import type { Progress, RunHandle } from "@ape/engine/progress";
import type { Io } from "./io.ts";
import { progressBlock, progressLine } from "./text/progress.ts";
import { colours } from "./text/style.ts";

const PLAIN_EVERY_MS = 5_000;

/** Shows a run while it goes on: a block that is redrawn on a terminal, a plain line every five seconds elsewhere. */
export class LiveDisplay {
  readonly #io: Io;
  /** Lengths of the lines that stand on the terminal. */
  #drawn: number[] = [];
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
    if (err.isTty && env.TERM !== "dumb") {
      this.clear();
      const lines = progressBlock(progress, colours(err, env), err.columns || 80);
      err.write(`${lines.map(({ text }) => text).join("\n")}\n`);
      this.#drawn = lines.map(({ width }) => width);
      return;
    }
    if (progress.phase === this.#lastPhase && progress.elapsedMs < this.#nextPlainAt) return;
    this.#lastPhase = progress.phase;
    this.#nextPlainAt = progress.elapsedMs + PLAIN_EVERY_MS;
    err.write(`${progressLine(progress)}\n`);
  }

  /** Takes the block off the terminal, so that something else can be written. A terminal made narrower has wrapped it. */
  clear(): void {
    const { err } = this.#io;
    const rows = this.#drawn.reduce(
      (sum, width) => sum + Math.max(1, Math.ceil(width / (err.columns || 80))),
      0,
    );
    if (rows > 0) err.write(`\u001b[${rows}A\u001b[0J`);
    this.#drawn = [];
  }
}
