import type { GoalConfig } from "@ape/core/config/goal";
import type { ApiDescription } from "@ape/core/protocol/api";
import { isSimulated } from "@ape/inference/providers/provider-list";
import { costOf, priceOf, replayed, resolveProvider } from "@ape/inference/providers/providers";
import { type GoalPrompt, prepareGoalPrompts } from "../worker/goal-prompts.ts";
import { readInstructions } from "../worker/instructions.ts";

import type { Project } from "./project.ts";
import type { ProjectCheck } from "./project-check.ts";

/**
 * Estimates the cost of the decisions of each goal: tokens per step, their share of the model's context, and the
 * maximum cost of a session and of the run if every session takes all of its steps.
 * @throws ApeError if the instructions or the provider's settings are unusable
 */
export async function estimatePrompts(
  { config, directory }: Pick<Project, "config" | "directory">,
  apis: readonly ApiDescription[],
): Promise<ProjectCheck[]> {
  const { inference, goals, load } = config;
  const provider =
    inference.replay === undefined
      ? resolveProvider(inference, inference.maxCompletionTokens)
      : replayed(inference);
  const context = provider.models[provider.model]?.context;
  const sends = !isSimulated(inference.provider) && inference.replay === undefined;
  const price = sends ? priceOf(provider, provider.model) : undefined;
  const instructions = await readInstructions(inference, directory);
  const prompts = await prepareGoalPrompts(config, apis, instructions);
  const weights = goals.reduce((sum, { weight }) => sum + weight, 0);
  const checks: ProjectCheck[] = [];
  let perSession = 0;
  for (const [index, goal] of goals.entries()) {
    const prompt = prompts.get(goal.name) as GoalPrompt;
    const usd = costOf(price, promptTokens(goal, prompt), 0, answerTokens(goal, prompt));
    perSession += (usd * goal.weight) / weights;
    checks.push(
      promptCheck({ goal, prompt, index, usd: price === undefined ? undefined : usd, context, inference }),
    );
  }
  if (price !== undefined && load.sessions !== undefined)
    checks.push({
      name: "cost",
      ok: true,
      message: `at most about ${dollars(perSession * load.sessions)} for ${load.sessions} sessions that take all their steps`,
    });
  return checks;
}

const promptTokens = ({ budget }: GoalConfig, { size }: GoalPrompt): number => budget.steps * size.prompt;
const answerTokens = ({ budget }: GoalConfig, { size }: GoalPrompt): number => budget.steps * size.answer;

function promptCheck({
  goal,
  prompt: { selection, size },
  index,
  usd,
  context,
  inference,
}: {
  goal: GoalConfig;
  prompt: GoalPrompt;
  index: number;
  /** Per session; undefined if nothing is sent or no price is known. */
  usd: number | undefined;
  context: number | undefined;
  inference: Project["config"]["inference"];
}): ProjectCheck {
  const { selected, total } = selection;
  // Web pages have no operations.
  const operations =
    total === 0 ? "" : `${selected === total ? "all" : `${selected} of`} ${total} operations, `;
  const share = context === undefined ? "" : ` (${percent(size.prompt / context)} of the model's context)`;
  const cost =
    usd === undefined ? "" : `; at most about ${dollars(usd)} per session of ${goal.budget.steps} steps`;
  const name = `prompt of ${goal.name}`;
  const message = `${operations}about ${size.prompt} tokens per step${share}${cost}`;
  if (selected === 0 && total > 0)
    return {
      name,
      ok: false,
      warning: true,
      message: `${message}: no operation of the document has words of this goal`,
      path: ["goals", index, "prompt"],
      hint: "Word the goal in the document's language and with its nouns, or raise `inference.prompt.maxTokens`.",
    };
  const room = (context ?? Number.POSITIVE_INFINITY) - inference.maxCompletionTokens;
  if (size.prompt <= room) return { name, ok: true, message };
  return {
    name,
    ok: false,
    warning: true,
    message: `${message}: with answers of up to ${inference.maxCompletionTokens} tokens that is more than the model takes`,
    path: ["goals", index, "prompt"],
    hint: "Lower `inference.prompt.maxTokens`, shorten your instructions, or choose a model with a longer context.",
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
const dollars = (usd: number): string => `${usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2)} USD`;
