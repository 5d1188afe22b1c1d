import { readFileSync } from "node:fs";
import type { Config } from "@ape/core/config/schema";
import { planOf, workersFor } from "../run/plan.ts";

/** Files that a process has open besides its connections to targets. */
const OWN_FILES = 64;

/**
 * How many files a process may have open; its children inherit it. Node has raised the soft limit to the hard one at
 * its start. Undefined if the system does not report it, or there is no limit. Source: proc(5), /proc/PID/limits.
 */
export function openFileLimit(): number | undefined {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    if (match !== null) return Number(match[1]);
  } catch {
    // Not Linux: Node's report contains it too, at a higher cost.
  }
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}

/** The maximum number of open files of a process of agents: a connection of each agent to each target, and its own. */
export function openFilesNeeded({ load, targets }: Pick<Config, "load" | "targets">): number {
  const plan = planOf(load);
  const agents = Math.ceil(plan.peak / workersFor(load, plan, Number.POSITIVE_INFINITY));
  const connections = Object.values(targets).map((target) => Math.min(agents, target.connections));
  return OWN_FILES + connections.reduce((sum, one) => sum + one, 0);
}
