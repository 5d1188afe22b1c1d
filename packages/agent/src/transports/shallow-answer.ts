import { cutDeepBody, MAX_BODY_LEVELS, type ToolResult } from "@ape/core/protocol/tool-call";

/**
 * An answer that can be read by recursion: one that is nested deeper becomes a text that was cut. That is a limit of APE's
 * where the answer was a good one; a refusal stays one by its status.
 */
export function shallowAnswer(result: ToolResult): ToolResult {
  const body = cutDeepBody(result.body);
  if (body === undefined) return result;
  const { status, error } = result;
  const cut: ToolResult = { ...result, body };
  if (error === undefined && status < 400)
    cut.error = {
      code: "gateway",
      message: `the answer is nested deeper than ${MAX_BODY_LEVELS.toLocaleString("en-US")} levels`,
    };
  return cut;
}
