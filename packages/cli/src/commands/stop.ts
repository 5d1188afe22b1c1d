import { basename } from "node:path";
import { controlOf } from "@ape/engine/run/control";
import { withExamples } from "../examples.ts";
import { locateActive, requireActive } from "../find-run.ts";
import type { CommandDefinition } from "./command.ts";

export const stopVerb: CommandDefinition = (command, { io }) => {
  command
    .argument("[run]", "id, its beginning, or path")
    .option("--force", "cut running sessions off")
    .action(async (id: string | undefined, options: { force?: boolean }) => {
      const directory = await locateActive(io, id);
      await requireActive(directory);
      await controlOf(directory).stop(options.force === true);
      io.out.write(
        `${basename(directory)}: ${options.force === true ? "cut off" : "stopping: running sessions may end"}\n`,
      );
    });
  withExamples(command, "ape-test stop", "ape-test stop 20261123 --force");
};
