import { ApeError } from "@ape/core/errors";
import { controlOf, isActive } from "@ape/engine/control";
import type { Progress } from "@ape/engine/progress";
import { findRun, readSummary } from "@ape/engine/store/run-directory";
import { LiveDisplay } from "../live.ts";
import type { Verb } from "../program.ts";
import { progressBlock } from "../text/progress.ts";
import { colours } from "../text/style.ts";

export const statusVerb: Verb = (program, { io }) => {
  program
    .command("status")
    .description("How a run is doing (the latest, unless one is named).")
    .argument("[run]", "id or its beginning", "latest")
    .option("--watch", "go on until it ends")
    .option("--json", "as JSON")
    .action(async (id: string, options: { watch?: boolean; json?: boolean }) => {
      const directory = await findRun(io.cwd, id);
      if (!(await isActive(directory))) {
        const summary = await readSummary(directory);
        throw new ApeError(
          "RUN_NOT_ACTIVE",
          summary === undefined
            ? "the run is not active"
            : `the run has ended: ${summary.run.status}, ${summary.run.reason}`,
          {
            hint: "See its results with `ape-test report`, and all runs with `ape-test runs`.",
          },
        );
      }
      const control = controlOf(directory);
      const style = colours(io.out, io.env);
      const show = (progress: Progress): void =>
        io.out.write(
          options.json === true
            ? `${JSON.stringify(progress)}\n`
            : `run ${progress.run}\n${progressBlock(progress, style, io.out.columns).join("\n")}\n`,
        );
      if (options.watch !== true) {
        show(await control.status());
        return;
      }
      const display = new LiveDisplay(io);
      for (;;) {
        const progress = await control.status().catch(() => undefined);
        if (progress === undefined) return;
        if (options.json === true) show(progress);
        else display.show(progress);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    });
};
