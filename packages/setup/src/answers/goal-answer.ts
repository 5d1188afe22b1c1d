import type { CheckDraft } from "@ape/catalog/checks/check-draft";
import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import { checksFor, type GoalDraft, goalName, lookAround, suggestGoals } from "./suggest.ts";

/**
 * Parses `POST /orders 201` or `mutation checkout`: an operation, and the status that proves it if one is named.
 * @throws ApeError USAGE
 */
export function parseCheck(text: string): CheckDraft {
  const [, named = "", status] = /^(.*?)(?:\s+([1-5](?:\d\d|xx)))?$/.exec(text.trim()) ?? [];
  if (parseOperation(named) === undefined)
    throw new ApeError("USAGE", `"${text}" is no check`, {
      hint: "Write an operation and, if it matters, its status: `POST /orders 201`, `mutation checkout`, `tool search`.",
    });
  const code = status === undefined ? undefined : /^\d+$/.test(status) ? Number(status) : status;
  return { action: { operation: named, ...(code === undefined ? {} : { status: code }) } };
}

/**
 * Goals from words, with the given checks or, without them, those that the target's description suggests. Without any
 * words, the suggested goals.
 */
export function goalsFrom(
  words: readonly string[],
  checks: readonly CheckDraft[],
  api: ApiDescription | undefined,
): GoalDraft[] {
  if (words.length === 0) {
    const suggested = api === undefined ? [lookAround()] : suggestGoals(api);
    return checks.length === 0
      ? suggested
      : suggested.slice(0, 1).map((goal) => ({ ...goal, success: [...checks] }));
  }
  const goals: GoalDraft[] = [];
  for (const prompt of words) {
    const found = checks.length > 0 ? [...checks] : api === undefined ? [] : checksFor(prompt, api);
    goals.push({
      name: goalName(prompt, goals),
      prompt,
      success: found.length > 0 ? found : weakestProof(api),
    });
  }
  return goals;
}

/** At least one read: the fallback if a goal's words match nothing in the target's description. */
function weakestProof(api: ApiDescription | undefined): CheckDraft[] {
  const [first] = (
    api === undefined || api.operations.length === 0 ? [lookAround()] : suggestGoals(api)
  ).slice(-1);
  return first?.success ?? lookAround().success;
}
