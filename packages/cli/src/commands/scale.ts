import { basename } from "node:path";
import { controlOf } from "@ape/engine/run/control";
import { withExamples } from "../examples.ts";
import { locateActive, requireActive } from "../find-run.ts";
import { MOST, wholeNumber } from "../option.ts";
import type { CommandDefinition } from "./command.ts";

export const scaleVerb: CommandDefinition = (command, { io }) => {
  command
    .argument("[run]", "id, its beginning, or path")
    .requiredOption("--agents <n>", "how many from now on", wholeNumber(0, MOST.agents))
    .action(async (id: string | undefined, { agents }: { agents: number }) => {
      const directory = await locateActive(io, id);
      await requireActive(directory);
      await controlOf(directory).scale(agents);
      io.out.write(`${basename(directory)}: ${agents} agents from now on\n`);
    });
  withExamples(command, "ape-test scale --agents 200");
};
