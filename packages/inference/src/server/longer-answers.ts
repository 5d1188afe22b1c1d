import type { ModelAnswer, ModelCall } from "@ape/core/protocol/chat";

/** Longest requested length, in tokens: that of the configuration. */
const LONGEST = 32_768;
/** Upper bound of the limit, as a multiple of the configured one. */
const MOST_GROWTH = 8;

/**
 * Repeats a call with twice the limit if its answer was cut off at the limit. A limit that was too low for a model is
 * not used again, so that not every call is paid for twice.
 */
export function longerWhereCutOff(
  complete: (call: ModelCall) => Promise<ModelAnswer>,
): (call: ModelCall) => Promise<ModelAnswer> {
  const grown = new Map<string, number>();
  const withLimit = (call: ModelCall, limit: number): ModelCall => ({
    ...call,
    request: { ...call.request, max_completion_tokens: limit },
  });
  const again = async (
    call: ModelCall,
    first: ModelAnswer,
    limit: number,
    most: number,
  ): Promise<ModelAnswer> => {
    const next = Math.min(limit * 2, most);
    if (next <= limit || call.signal?.aborted === true) return first;
    grown.set(call.request.model, Math.max(next, grown.get(call.request.model) ?? 0));
    const answer = await complete(withLimit(call, next));
    return {
      ...answer,
      inputTokens: answer.inputTokens + first.inputTokens,
      outputTokens: answer.outputTokens + first.outputTokens,
      queueMs: answer.queueMs + first.queueMs,
    };
  };
  return (call) => {
    const own = call.request.max_completion_tokens;
    if (own === undefined) return complete(call);
    const limit = grown.size === 0 ? own : Math.max(own, grown.get(call.request.model) ?? own);
    const asked = limit === own ? call : withLimit(call, limit);
    return complete(asked).then((answer) =>
      answer.error?.code === "length"
        ? again(call, answer, limit, Math.min(LONGEST, own * MOST_GROWTH))
        : answer,
    );
  };
}
