import { controlOf } from "@ape/engine/control";
import { findRun } from "@ape/engine/store/run-directory";
import { wholeNumber } from "../option.ts";
import type { Verb } from "../program.ts";

export const scaleVerb: Verb = (program, { io }) => {
  program
    .command("scale")
    .description("Change the number of agents of a running test; no session is cut off.")
    .argument("[run]", "id or its beginning", "latest")
    .requiredOption("--agents <n>", "how many from now on", wholeNumber(0))
    .action(async (id: string, { agents }: { agents: number }) => {
      await controlOf(await findRun(io.cwd, id)).scale(agents);
      io.out.write(`${agents} agents from now on\n`);
    });
};
