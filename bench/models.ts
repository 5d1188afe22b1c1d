import { MAX_TOKENS, measureRecall } from "./models/operation-recall.ts";
import { githubPrompts, shopPrompts } from "./models/prompt-economy.ts";
import { publicApis } from "./models/public-apis.ts";
import { measureRealModel } from "./models/real-model.ts";
import { measureStrongModel } from "./models/strong-model.ts";
import { type BenchResult, machine } from "./result.ts";

/**
 * Prompts of models: the share of the operations needed for 76 labelled goals over six public APIs that is selected,
 * and the tokens of the prompts of real sessions. `--misses` lists what the tuned goals lack.
 */
export async function models(log: (line: string) => void, flags: readonly string[]): Promise<BenchResult> {
  const result: BenchResult = { name: "models", machine: machine(), figures: {}, ratios: {}, notes: [] };
  await addRecall(result, log, flags);
  await addPrompts(result);
  await addStrongModel(result);
  await addRealModel(result, log);
  return result;
}

async function addRecall(
  { figures, notes }: BenchResult,
  log: (line: string) => void,
  flags: readonly string[],
): Promise<void> {
  const apis = await publicApis();
  if (typeof apis === "string") {
    figures.operationRecallPct = null;
    notes.push(apis);
    return;
  }
  const { all, tuned, aside, prepareMs, selectMs, sliceMs, misses } = measureRecall(apis);
  figures.operationRecallPct = all.needed;
  figures.operationRecallTunedPct = tuned.needed;
  figures.operationRecallAsidePct = aside.needed;
  figures.goalRecallPct = all.goals;
  figures.prepareMs = Math.round(prepareMs);
  figures.selectMs = Math.round(selectMs);
  figures.selectSliceMs = Math.round(sliceMs);
  notes.push(`operations needed for the goals, selected within ${MAX_TOKENS} tokens (at least 95%)`);
  for (const { goal, missing, selection } of misses)
    if (!goal.aside && flags.includes("--misses"))
      log(`${goal.api}: ${goal.goal}\n  missing ${missing.join(", ")} of ${selection.selected}`);
}

async function addPrompts({ figures, notes }: BenchResult): Promise<void> {
  const shop = await shopPrompts();
  figures.tokensPerStepShop = shop.tokensPerStep;
  figures.newTokensPerTenStepSession = shop.newTokensPerTenStepSession;
  figures.prefixSharePct = shop.prefixSharePct;
  notes.push(
    "shop: at most 1,500 tokens per step and 6,000 new ones per ten steps, at least 60% a prefix of an earlier request",
  );
  const github = await githubPrompts();
  if (typeof github === "string") {
    figures.tokensPerStepGithub = null;
    figures.prefixShareGithubPct = null;
    notes.push(github);
    return;
  }
  figures.tokensPerStepGithub = github.tokensPerStep;
  figures.prefixShareGithubPct = github.prefixSharePct;
  notes.push(
    `GitHub's document, ${github.steps} steps: at most 8,000 tokens per step, at least 90% a prefix of an earlier request`,
  );
}

async function addRealModel({ figures, notes }: BenchResult, log: (line: string) => void): Promise<void> {
  const real = await measureRealModel();
  if (typeof real === "string") {
    figures.validDecisionPct = null;
    notes.push(`SmolLM2-135M on llama.cpp: ${real}`);
    return;
  }
  figures.validDecisionPct = real.validPct;
  notes.push(`SmolLM2-135M on llama.cpp: ${real.answers} answers, at least 95% valid decisions`);
  for (const [reason, count] of Object.entries(real.invalid)) log(`${count} x ${reason}`);
}

async function addStrongModel({ figures, notes }: BenchResult): Promise<void> {
  const { successPct, words } = await measureStrongModel();
  figures.strongModelSuccessPct = successPct;
  notes.push(`a scripted strong model: ${words}; 100% is wanted`);
}
