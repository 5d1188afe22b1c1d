import { ApeError } from "@ape/core/errors";
import { DockerCompose } from "@ape/engine/launch/docker";
import { loadProject } from "@ape/engine/project";
import { writeStack } from "../containers.ts";
import { withExamples } from "../examples.ts";
import type { Verb } from "../program.ts";

/** `ape-test clean`: takes down what a run in containers left for looking at. */
export const cleanVerb: Verb = (command, { io }) => {
  command
    .option("--config <file>", "another configuration")
    .option("--yes", "do it; without it, what would go is only shown")
    .action(async ({ config, yes }: { config?: string; yes?: boolean }) => {
      const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
      await writeStack(project);
      const stack = new DockerCompose(project.directory, { ...project.environment, ...io.env });
      const containers = await stack.containers();
      const volumes = (await stack.run("config", "--volumes")).trim().split("\n");
      if (yes !== true) {
        for (const { name, state } of containers) io.out.write(`container ${name} (${state})\n`);
        for (const volume of volumes) io.out.write(`volume ${volume}\n`);
        throw new ApeError("USAGE", "nothing was removed", {
          hint: "Say `ape-test clean --yes` to remove these.",
        });
      }
      await stack.run("down", "--volumes", "--remove-orphans", "--timeout", "5");
      io.out.write(`removed ${containers.length} containers, their networks and volumes\n`);
    });
  withExamples(command, "ape-test clean", "ape-test clean --yes");
};
