import { isPlannedRight, plannedCalls, unseenGoals } from "../test/targets/unseen-goals/cases.ts";
import { type BenchResult, machine } from "./result.ts";

/**
 * Shares of goals in a user's words that are planned right over APIs that the planner has no words of. Wrong plans are
 * shown for the development half only: nothing may be adapted to the other.
 */
export async function planning(log: (line: string) => void): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  for (const half of ["development", "held-out"] as const) {
    const goals = unseenGoals(half);
    const right = goals.filter((goal) => {
      const planned = plannedCalls(goal);
      const good = isPlannedRight(goal, planned);
      if (!good && half === "development") log(`${goal.api.target}: ${goal.goal}\n  ${planned.join("\n  ")}`);
      return good;
    });
    const name = half === "development" ? "development" : "heldOut";
    figures[`${name}Goals`] = goals.length;
    figures[`${name}RightPct`] = Math.round((1_000 * right.length) / goals.length) / 10;
  }
  return { name: "planning", machine: machine(), figures, ratios: {}, notes: [] };
}
