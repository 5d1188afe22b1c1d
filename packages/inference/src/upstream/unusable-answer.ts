import type { ModelError } from "@ape/core/protocol/chat";
import { isObject, MALFORMED_CALL } from "./response-assembler.ts";
import type { UpstreamResponse } from "./upstream.ts";

/** OpenAI's `length`, and the words of compatible servers. */
const CUT_OFF = /^(?:length|max_?tokens|max_output_tokens|model_length)$/i;
/** OpenAI's `content_filter`, and Google's and others' words. */
const FILTERED = /filter|safety|recitation|prohibited|blocklist|sensitive|spii/i;
const REFUSED = /^refus/i;

/**
 * Why a complete answer is no decision although the agent could not do better: cut off, filtered, or refused.
 * @returns undefined if it has a complete tool call, or is text
 */
export function unusableAnswer(answer: UpstreamResponse): ModelError | undefined {
  const { error, finish, refused, toolCalls, content, status } = answer;
  if (error !== undefined || (finish === undefined && refused === "")) return undefined;
  if (finish !== undefined && CUT_OFF.test(finish) && !endsWithCall(toolCalls) && !isDecision(content))
    return {
      code: "length",
      status,
      message: `the answer was cut off at its longest length (finish_reason: ${finish})${content === "" && toolCalls.length === 0 ? " before it began" : ""}`,
      ...(toolCalls.length === 0 && isText(content) ? { inText: true } : {}),
    };
  if (toolCalls.length > 0) return undefined;
  if (finish !== undefined && FILTERED.test(finish) && !MALFORMED_CALL.test(finish))
    return {
      code: "filter",
      status,
      message: `the answer was withheld by a filter (finish_reason: ${finish})`,
    };
  if (refused !== "" || (finish !== undefined && REFUSED.test(finish)))
    return {
      code: "refusal",
      status,
      message: `the model refused to answer: ${(refused || content || `finish_reason: ${finish}`).slice(0, 200)}`,
    };
  return undefined;
}

/** Whether the last call is complete: only the last one can be cut off. */
function endsWithCall(calls: UpstreamResponse["toolCalls"]): boolean {
  const last = calls.at(-1);
  if (last === undefined) return false;
  try {
    JSON.parse(last.arguments);
    return true;
  } catch {
    return false;
  }
}

/** Whether a content is a whole JSON object: what was cut off behind it are blanks. */
const isDecision = (content: string): boolean => isObject(content.trim());

/** Whether a content is more than unfinished reasoning. */
const isText = (content: string): boolean =>
  content.replaceAll(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, "").trim() !== "";
