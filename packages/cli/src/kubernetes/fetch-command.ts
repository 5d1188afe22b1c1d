import { ApeError } from "@ape/core/lib/errors";
import type { CommandDefinition } from "../commands/command.ts";
import { withExamples } from "../examples.ts";
import { kubernetesProject, leftRun, locateClusterRun, openCluster } from "./cluster.ts";
import { fetchResults } from "./fetch-results.ts";

export const fetchVerb: CommandDefinition = (command, { io }) => {
  command
    .argument("[run]", "id, or its beginning; the newest where left out")
    .action(async (wanted: string | undefined) => {
      const project = await kubernetesProject(io, "kubernetes");
      if (project === undefined) return;
      const api = await openCluster(io, project);
      try {
        const { run, isActive, isLeft } = await locateClusterRun(api, { wanted, project });
        if (isLeft === true) throw leftRun(run);
        if (isActive)
          throw new ApeError("RUN_NOT_FOUND", `run ${run} has no results yet: it is active`, {
            hint: `Follow it to its end with \`ape-test status --watch ${run}\`, or stop it with \`ape-test stop ${run}\`.`,
          });
        io.out.write(`${await fetchResults(api, project, run)}\n`);
      } finally {
        await api.close();
      }
    });
  withExamples(command, "ape-test fetch", "ape-test fetch 20261129 && ape-test report");
};
