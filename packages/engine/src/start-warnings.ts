import { uniqueRows } from "./check-project.ts";
import { planOf } from "./plan.ts";
import type { Project } from "./project.ts";

/**
 * What a user should know before a run starts, one sentence each.
 * @throws ApeError FILE_MISSING, DATA_INVALID
 */
export async function startWarnings(project: Project): Promise<string[]> {
  const warnings: string[] = [];
  const { peak } = planOf(project.config.load);
  const rows = await uniqueRows(project);
  if (rows < peak)
    warnings.push(
      `${peak} agents share ${rows} unique data rows: ${peak - rows} of them wait for a row at any time (add rows, or fewer agents)`,
    );
  return warnings;
}
