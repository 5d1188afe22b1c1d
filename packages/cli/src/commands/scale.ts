import { basename } from "node:path";
import { controlOf } from "@ape/engine/run/control";
import { withExamples } from "../examples.ts";
import { locateActive, requireActive } from "../find-run.ts";
import { onCluster, withRuntime } from "../kubernetes/cluster-option.ts";
import { MOST, wholeNumber } from "../option.ts";
import type { CommandDefinition } from "./command.ts";

export const scaleVerb: CommandDefinition = (command, { io }) => {
  withRuntime(command)
    .argument("[run]", "id, its beginning, or path")
    .requiredOption("--agents <n>", "how many from now on", wholeNumber(0, MOST.agents))
    .action(async (id: string | undefined, { agents, runtime }: { agents: number; runtime?: string }) => {
      const given = await onCluster(
        io,
        { runtime, wanted: id, isChanged: true },
        async ({ orderRun }, api, run) => {
          await orderRun(api, run, { agents: String(agents) });
          io.out.write(`${run.run}: ${agents} agents from now on\n`);
        },
      );
      if (given) return;
      const directory = await locateActive(io, id);
      await requireActive(directory);
      await controlOf(directory).scale(agents);
      io.out.write(`${basename(directory)}: ${agents} agents from now on\n`);
    });
  withExamples(command, "ape-test scale --agents 200");
};
