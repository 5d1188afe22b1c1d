import type { RunProgress } from "@ape/core/report/progress";
import type { RunHandle } from "@ape/engine/run/progress";
import type { Io } from "../io.ts";
import { progressBlock, progressLine } from "./progress.ts";
import { colours } from "./style.ts";

const PLAIN_EVERY_MS = 5_000;
const DEFAULT_COLUMNS = 80;

/** The width to draw for: some pseudo-terminals have none, or zero columns. */
export function usableColumns(columns: number | undefined): number {
  return columns !== undefined && columns > 0 && Number.isFinite(columns) ? columns : DEFAULT_COLUMNS;
}

/** Shows a run while it is running: a block that is redrawn on a terminal, a plain line every five seconds elsewhere. */
export class LiveDisplay {
  readonly #io: Io;
  /** Lengths of the lines on the terminal. */
  #drawn: number[] = [];
  #lastPhase = "";
  #nextPlainAt = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  follow(run: Pick<RunHandle, "onProgress">): void {
    run.onProgress((progress) => this.show(progress));
  }

  show(progress: RunProgress): void {
    const { err, env } = this.#io;
    if (err.isTty && env.TERM !== "dumb") {
      this.clear();
      const lines = progressBlock(progress, colours(err, env), usableColumns(err.columns), err.rows);
      err.write(`${lines.map(({ text }) => text).join("\n")}\n`);
      this.#drawn = lines.map(({ width }) => width);
      return;
    }
    if (progress.phase === this.#lastPhase && progress.elapsedMs < this.#nextPlainAt) return;
    this.#lastPhase = progress.phase;
    this.#nextPlainAt = progress.elapsedMs + PLAIN_EVERY_MS;
    err.write(`${progressLine(progress)}\n`);
  }

  /**
   * Removes the block from the terminal, so that something else can be written. A terminal that was made narrower has
   * wrapped it.
   */
  clear(): void {
    const { err } = this.#io;
    const columns = usableColumns(err.columns);
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    // Moves to the first column first: a terminal shows Ctrl-C as ^C at the cursor.
    if (rows > 0) err.write(`\r\u001b[${rows}A\u001b[0J`);
    this.#drawn = [];
  }
}
