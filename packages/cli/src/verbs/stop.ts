import { controlOf } from "@ape/engine/control";
import { findRun } from "@ape/engine/store/run-directory";
import type { Verb } from "../program.ts";

export const stopVerb: Verb = (program, { io }) => {
  program
    .command("stop")
    .description("Stop a run: sessions may end, results are kept.")
    .argument("[run]", "id or its beginning", "latest")
    .option("--force", "cut running sessions off")
    .action(async (id: string, options: { force?: boolean }) => {
      await controlOf(await findRun(io.cwd, id)).stop(options.force === true);
      io.out.write(options.force === true ? "cut off\n" : "stopping: running sessions may end\n");
    });
};
