import { ApeError, type ExitName } from "@ape/core/errors";
import { githubAnnotations } from "@ape/engine/export/github";
import type { RunHandle, RunResult } from "@ape/engine/progress";
import type { Io } from "./io.ts";
import { LiveDisplay } from "./live.ts";
import { colours } from "./text/style.ts";
import { summaryText } from "./text/summary.ts";

/** How a run is shown. */
export interface Showing {
  quiet?: boolean | undefined;
  json?: "object" | "stream" | undefined;
}

/**
 * Sees a started run to its end: shows it, hears Ctrl-C (once: sessions may end; twice: cut off), prints its results.
 * @returns the run's exit and result
 */
export async function conduct(
  run: RunHandle,
  io: Io,
  { quiet, json }: Showing,
): Promise<{ exit: ExitName; result: RunResult }> {
  const display = new LiveDisplay(io);
  if (json === "stream")
    run.onProgress((progress) => io.out.write(`${JSON.stringify({ type: "progress", ...progress })}\n`));
  else if (quiet !== true) display.follow(run);
  let interrupts = 0;
  const deaf = io.onInterrupt(() => {
    interrupts += 1;
    display.clear();
    if (interrupts === 1) {
      io.err.write("stopping: running sessions may end (again to cut them off)\n");
      run.stop();
    } else run.kill();
  });
  try {
    const result = await run.finished;
    display.clear();
    print(result, io, { quiet, json });
    return { exit: result.exit, result };
  } finally {
    deaf();
  }
}

function print({ summary, directory, failure }: RunResult, io: Io, { quiet, json }: Showing): void {
  if (json === "stream") io.out.write(`${JSON.stringify({ type: "summary", ...summary })}\n`);
  else if (json === "object") io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (quiet !== true) io.out.write(summaryText(summary, colours(io.out, io.env), directory));
  if (io.env.GITHUB_ACTIONS === "true")
    for (const line of githubAnnotations(summary)) io.out.write(`${line}\n`);
  if (failure instanceof ApeError)
    io.err.write(
      `error ${failure.code}: ${failure.message}\n${failure.hint === undefined ? "" : `hint: ${failure.hint}\n`}`,
    );
}
