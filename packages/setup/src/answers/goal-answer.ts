import { type CheckDraft, isStandIn, operationOfDraft, REPLACE } from "@ape/catalog/checks/check-draft";
import { proofOf } from "@ape/catalog/checks/goal-proof";
import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { parseOperation } from "@ape/core/protocol/operations/operation";
import type { TargetAnswer } from "./answers.ts";
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

/** Whether a target of which nothing is known has a first page or path to look at. */
const hasStart = ({ kind }: Pick<TargetAnswer, "kind">): boolean => kind === "rest" || kind === "web";

/** The goals that a target suggests: to look around if nothing is known of it, and none where that is not possible. */
export function goalsOfTarget(
  api: ApiDescription | undefined,
  target: Pick<TargetAnswer, "kind">,
): GoalDraft[] {
  if (api !== undefined) return suggestGoals(api);
  return hasStart(target) ? [lookAround()] : [];
}

/**
 * Goals from words, with the given checks or, without them, those that the target's description suggests. Without any
 * words, the suggested goals. Of a target without a first page of which nothing is known, a goal that has to be replaced.
 */
export function goalsFrom(
  words: readonly string[],
  checks: readonly CheckDraft[],
  api: ApiDescription | undefined,
  target: Pick<TargetAnswer, "kind">,
): GoalDraft[] {
  if (words.length === 0) {
    const known = goalsOfTarget(api, target);
    const suggested = known.length > 0 ? known : [standIn(target)];
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
      success:
        found.length > 0
          ? found
          : isToBeReplaced(prompt, api, target)
            ? standIn(target).success
            : weakestProof(api),
    });
  }
  return goals;
}

/**
 * Whether no check can be given for a goal in words: nothing is known of the target, or it asks for changes that nothing
 * known does. A read that succeeds whatever was done would prove none of them.
 */
function isToBeReplaced(
  prompt: string,
  api: ApiDescription | undefined,
  target: Pick<TargetAnswer, "kind">,
): boolean {
  const isKnown = api !== undefined && api.operations.length > 0;
  if (!isKnown && !hasStart(target)) return true;
  return proofOf(prompt, isKnown ? [api] : [], []).parts.length > 0;
}

/** Whether a check has to be replaced before it can hold. */
export const hasStandIn = ({ success }: GoalDraft): boolean =>
  success.some((check) => isStandIn(operationOfDraft(check)));

/** A goal that can never be reached, in place of one that cannot be suggested. */
const standIn = ({ kind }: Pick<TargetAnswer, "kind">): GoalDraft => ({
  name: "replace-me",
  prompt: "Replace this with what agents want, and the check with what proves it.",
  success: [{ action: { operation: `${STAND_INS[kind]}${REPLACE}` } }],
});

const STAND_INS: Record<TargetAnswer["kind"], string> = {
  rest: "POST /",
  web: "POST /",
  graphql: "mutation ",
  mcp: "tool ",
};

/** At least one read: the fallback if a goal's words match nothing in the target's description. */
function weakestProof(api: ApiDescription | undefined): CheckDraft[] {
  const [first] = (
    api === undefined || api.operations.length === 0 ? [lookAround()] : suggestGoals(api)
  ).slice(-1);
  return first?.success ?? lookAround().success;
}
