import type { ApiDescription } from "@ape/core/protocol/api";
import type { ModelAnswer } from "@ape/core/protocol/chat";
import { type Decision, readDecision } from "./decision.ts";
import { textCalls, unwrappedCalls } from "./reading/answer-calls.ts";
import { toolTest } from "./tools.ts";

/**
 * The first call of an answer as agents read it, repairs included.
 * @returns what is wrong with it, if something is; undefined if the answer holds no call
 */
export function firstCall(
  answer: Pick<ModelAnswer, "toolCalls" | "content">,
  apis: readonly ApiDescription[],
): Decision | string | undefined {
  const isTool = toolTest(apis);
  const [call] = answer.toolCalls.length > 0 ? unwrappedCalls(answer, isTool) : textCalls(answer, isTool);
  return call === undefined ? undefined : readDecision(call.name, call.arguments, apis);
}
