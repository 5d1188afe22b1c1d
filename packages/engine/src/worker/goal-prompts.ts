import { setImmediate } from "node:timers/promises";
import type { DecisionMode } from "@ape/agent/policy/decision-mode";
import { estimatePromptSize, type PromptSize } from "@ape/agent/policy/prompt-size";
import { findOperations } from "@ape/catalog/selection/find-operations";
import { type Selection, SelectionSource, selectInSlices } from "@ape/catalog/selection/select-operations";
import type { GoalConfig } from "@ape/core/config/goal";
import type { Config } from "@ape/core/config/schema";
import type { ApiDescription } from "@ape/core/protocol/api";
import { dialectOf, PROVIDERS } from "@ape/inference/providers/provider-list";

/** The operations that a model is shown for one goal: the same objects for all of its sessions. */
export interface GoalPrompt {
  readonly selection: Selection;
  readonly size: PromptSize;
  /** Tokens that a session may use. */
  readonly tokenBudget: number;
  /** Searches the operations that are left out; absent if there are none. */
  readonly findOperations?: (words: string) => string;
}

/** Factor of an automatic token budget over the estimate: tokenizers differ, and answers that are no decision count too. */
const BUDGET_MARGIN = 2;

/**
 * Selects the operations of each goal, by the words of its prompt alone, so that the prompts of its sessions begin with
 * the same text. If all operations fit into `inference.prompt.maxTokens`, all goals share the targets' own
 * descriptions.
 * @returns the prompts by goal name
 */
export async function prepareGoalPrompts(
  { goals, inference }: Pick<Config, "goals" | "inference">,
  apis: readonly ApiDescription[],
  instructions: string,
): Promise<ReadonlyMap<string, GoalPrompt>> {
  const source = new SelectionSource(apis);
  const prompts = new Map<string, GoalPrompt>();
  const byWords = new Map<string, Selection>();
  for (const goal of goals) {
    let selection = byWords.get(goal.prompt);
    if (selection === undefined) {
      selection = await select(goal.prompt, source, inference.prompt.maxTokens, mostOperations(inference));
      byWords.set(goal.prompt, selection);
    }
    prompts.set(
      goal.name,
      promptOf(goal, selection, source, instructions, inference.decisions === "json" ? "json" : "tools"),
    );
  }
  return prompts;
}

/** Tools that are offered beside those of operations, at most. */
const OTHER_TOOLS = 14;

/** How many operations may have a tool: providers refuse requests with too many. */
function mostOperations({ provider, model, decisions }: Config["inference"]): number {
  const { maxTools } = dialectOf(provider, model ?? PROVIDERS[provider].defaultModel ?? "");
  return decisions === "json" || maxTools === null ? Number.POSITIVE_INFINITY : maxTools - OTHER_TOOLS;
}

/** A selection from a large document takes 100 ms: other work runs in between. */
async function select(
  prompt: string,
  source: SelectionSource,
  maxTokens: number,
  maxOperations: number,
): Promise<Selection> {
  const slices = selectInSlices(prompt, source, maxTokens, maxOperations);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
    await setImmediate();
  }
}

function promptOf(
  { budget }: GoalConfig,
  selection: Selection,
  source: SelectionSource,
  instructions: string,
  mode: DecisionMode,
): GoalPrompt {
  const size = estimatePromptSize(selection.apis, instructions, mode);
  const tokenBudget =
    budget.tokens === "auto" ? BUDGET_MARGIN * budget.steps * (size.prompt + size.answer) : budget.tokens;
  if (selection.selected === selection.total) return { selection, size, tokenBudget };
  return {
    selection,
    size,
    tokenBudget,
    findOperations: (words) => findOperations(words, source, selection),
  };
}
