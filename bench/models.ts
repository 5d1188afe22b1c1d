import { MAX_TOKENS, measureRecall } from "./models/operation-recall.ts";
import { publicApis } from "./models/public-apis.ts";
import { type BenchResult, machine } from "./result.ts";

/**
 * What models are given: the share of the operations needed for 72 labelled goals over six public APIs that is selected.
 * `--misses` lists what is missing of the goals that the selection is tuned with.
 */
export async function models(log: (line: string) => void, flags: readonly string[]): Promise<BenchResult> {
  const result: BenchResult = { name: "models", machine: machine(), figures: {}, ratios: {}, notes: [] };
  const apis = await publicApis();
  if (typeof apis === "string") {
    result.figures.operationRecallPct = null;
    result.notes.push(apis);
    return result;
  }
  const { all, tuned, aside, prepareMs, selectMs, misses } = measureRecall(apis);
  result.figures = {
    operationRecallPct: all.needed,
    operationRecallTunedPct: tuned.needed,
    operationRecallAsidePct: aside.needed,
    goalRecallPct: all.goals,
    prepareMs: Math.round(prepareMs),
    selectMs: Math.round(selectMs * 10) / 10,
  };
  result.notes.push(`operations needed for the goals, selected within ${MAX_TOKENS} tokens (at least 95)`);
  for (const { goal, missing, selection } of misses)
    if (!goal.aside && flags.includes("--misses"))
      log(`${goal.api}: ${goal.goal}\n  missing ${missing.join(", ")} of ${selection.selected}`);
  return result;
}
