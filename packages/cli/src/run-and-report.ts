import { appendFileSync } from "node:fs";
import { EXIT, type ExitName, messageOf } from "@ape/core/lib/errors";
import { githubAnnotations } from "@ape/engine/export/github";
import { githubSummary } from "@ape/engine/export/github-summary";
import type { RunHandle, RunResult } from "@ape/engine/run/progress";
import { traceCommand } from "./find-run.ts";
import type { Io } from "./io.ts";
import { failureText } from "./output/failure.ts";
import { LiveDisplay } from "./output/live.ts";
import { colours } from "./output/style.ts";
import { summaryText } from "./output/summary.ts";

/** Output options of a run. */
export interface OutputOptions {
  quiet?: boolean | undefined;
  verbose?: boolean | undefined;
  json?: "object" | "stream" | undefined;
}

/**
 * How long a run that was cut off may write its results before another interrupt exits without them, in milliseconds.
 */
const WRITING_MS = 2_000;

/**
 * Sees a run from its start to its end: shows it, hears Ctrl-C (once: sessions may end; twice: cut off; again after 2 s:
 * leave at once), prints its results. Interrupts in a quick row, as impatient hands send them, lose nothing.
 * @param start starts the run; the signal says that an interrupt came before its load began
 * @returns the run's exit and result
 * @throws ApeError what kept the run from starting
 */
export async function runAndReport(
  start: (signal: AbortSignal) => Promise<RunHandle>,
  io: Io,
  showing: OutputOptions,
): Promise<{ exit: ExitName; result: RunResult }> {
  const { quiet, json } = showing;
  const display = new LiveDisplay(io);
  const early = new AbortController();
  let run: RunHandle | undefined;
  let interrupts = 0;
  let cutAt: number | undefined;
  const cut = (begun: RunHandle): void => {
    cutAt ??= performance.now();
    begun.kill();
  };
  const unsubscribe = io.onInterrupt(() => {
    interrupts += 1;
    display.clear();
    if (run === undefined && interrupts > 1) io.leave(EXIT.interrupted);
    else if (cutAt !== undefined && performance.now() - cutAt >= WRITING_MS) io.leave(EXIT.interrupted);
    else if (cutAt !== undefined) io.err.write("writing the results (again in 2 s to leave without them)\n");
    else if (run === undefined) {
      io.err.write("stopping: the run has not begun yet (again to leave at once)\n");
      early.abort();
    } else if (interrupts === 1) {
      io.err.write("stopping: running sessions may end (again to cut them off)\n");
      run.stop();
    } else {
      io.err.write("cutting off: what was measured is kept\n");
      cut(run);
    }
  });
  try {
    run = await start(early.signal);
    if (json === "stream")
      run.onProgress((progress) => io.out.write(`${JSON.stringify({ type: "progress", ...progress })}\n`));
    else if (quiet !== true) display.follow(run);
    if (interrupts > 0) cut(run);
    const result = await run.finished;
    display.clear();
    print(result, io, showing);
    return { exit: result.exit, result };
  } finally {
    display.clear();
    unsubscribe();
  }
}

function print(
  { summary, report, directory, failure }: RunResult,
  io: Io,
  { quiet, verbose, json }: OutputOptions,
): void {
  if (json === "stream") io.out.write(`${JSON.stringify({ type: "summary", ...summary })}\n`);
  else if (json === "object") io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (quiet !== true)
    io.out.write(summaryText(summary, colours(io.out, io.env), directory, traceCommand(io, directory)));
  // GitHub reads workflow commands from both streams; the standard output may be a JSON file.
  if (io.env.GITHUB_ACTIONS === "true")
    for (const line of githubAnnotations(summary)) io.err.write(`${line}\n`);
  if (io.env.GITHUB_STEP_SUMMARY)
    appendSummary(io.env.GITHUB_STEP_SUMMARY, githubSummary(summary, report), io);
  if (failure !== undefined) io.err.write(failureText(failure, colours(io.err, io.env), verbose));
}

/** Adds a run to the summary of a GitHub job. A file that cannot be written is a warning. */
function appendSummary(file: string, markdown: string, io: Io): void {
  try {
    appendFileSync(file, markdown);
  } catch (thrown) {
    io.err.write(`warning: the summary of the job is not written: ${messageOf(thrown)}\n`);
  }
}
