import { EXIT, type ExitName } from "@ape/core/lib/errors";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { Project } from "@ape/engine/project/project";
import { dryRun } from "@ape/engine/run/dry-run";
import type { Io } from "./io.ts";
import { colours } from "./output/style.ts";
import { timelineEntry } from "./output/timeline.ts";

/**
 * Shows one session against the real targets, step by step as it happens; with `json`, its events as NDJSON.
 * @returns ok where the goal was reached, 99 where it was not, 105 where it was cut off
 */
export async function showDryRun(project: Project, io: Io, json: boolean): Promise<ExitName> {
  const { setup, teardown } = project.config;
  if (!json) {
    io.err.write("dry run: one session against the real targets; nothing is kept\n");
    if (setup.length + teardown.length > 0) io.err.write("the requests of setup and teardown are left out\n");
  }
  const style = colours(io.out, io.env);
  const end = new AbortController();
  let interrupts = 0;
  const unsubscribe = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) io.leave(EXIT.interrupted);
    end.abort();
  });
  let start: number | undefined;
  try {
    const { outcome } = await dryRun(
      project,
      (event) => {
        start ??= event.at;
        io.out.write(json ? `${writeJson(event)}\n` : timelineEntry(event, start, style));
      },
      end.signal,
    );
    if (outcome === undefined) return "interrupted";
    return outcome === "succeeded" ? "ok" : "thresholds";
  } finally {
    unsubscribe();
  }
}
