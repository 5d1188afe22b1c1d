import { basename } from "node:path";
import { controlOf } from "@ape/engine/run/control";
import { withExamples } from "../examples.ts";
import { locateActive, requireActive } from "../find-run.ts";
import { onCluster, withRuntime } from "../kubernetes/cluster-option.ts";
import type { CommandDefinition } from "./command.ts";

const CUT = "cut off";
const STOPPING = "stopping: running sessions may end";

export const stopVerb: CommandDefinition = (command, { io }) => {
  withRuntime(command)
    .argument("[run]", "id, its beginning, or path")
    .option("--force", "cut running sessions off")
    .action(async (id: string | undefined, options: { force?: boolean; runtime?: string }) => {
      const { force, runtime } = options;
      const given = await onCluster(
        io,
        { runtime, wanted: id, isChanged: true },
        async ({ orderRun }, api, run) => {
          await orderRun(api, run, { stop: force === true ? "force" : "drain" });
          io.out.write(`${run.run}: ${force === true ? CUT : STOPPING}\n`);
        },
      );
      if (given) return;
      const directory = await locateActive(io, id);
      await requireActive(directory);
      await controlOf(directory).stop(force === true);
      io.out.write(`${basename(directory)}: ${force === true ? CUT : STOPPING}\n`);
    });
  withExamples(command, "ape-test stop", "ape-test stop 20261123 --force");
};
