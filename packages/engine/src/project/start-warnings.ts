import { secretTargets } from "@ape/core/config/secrets/secret-binding";
import { openFileLimit, openFilesNeeded } from "../host/open-files.ts";
import { planOf } from "../run/plan.ts";
import type { Project } from "./project.ts";

/**
 * What a user should know before a run starts, one sentence each.
 * @param rows of the smallest table of unique rows; infinite without one
 * @param limit of open files of a process; undefined for none
 */
export function startWarnings(project: Project, rows: number, limit = openFileLimit()): string[] {
  const warnings: string[] = [];
  const { peak } = planOf(project.config.load);
  if (rows < peak)
    warnings.push(
      `${peak} agents share ${rows} unique data rows: ${peak - rows} of them wait for a row at any time (add rows, or fewer agents)`,
    );
  const targets = Object.keys(project.config.targets);
  for (const goal of project.config.goals)
    if ((goal.data?.secret.length ?? 0) > 0 && secretTargets(targets, goal).length === 0)
      warnings.push(
        `goal "${goal.name}": its secret columns are sent to no target, because there are several (name one in its \`data.for\`)`,
      );
  const files = openFilesNeeded(project.config);
  if (limit !== undefined && limit < files)
    warnings.push(
      `a process of agents may need ${files} open files and may have ${limit}: connections beyond fail (raise it with \`ulimit -n ${files}\`, or use fewer agents)`,
    );
  return warnings;
}
