import type { ApiDescription } from "@ape/core/api";
import type { ChatMessage, ChatRequest, ModelTransport } from "@ape/core/chat";
import { renderView } from "@ape/core/view";
import { readDecision } from "./decision.ts";
import { systemPrompt } from "./instructions.ts";
import type { Decided, Policy } from "./policy.ts";
import { toolsFor } from "./tools.ts";

/** A policy that asks a model at every step: the prompt's beginning is the same for all agents, the view is bounded. */
export function createModelPolicy(options: {
  model: ModelTransport;
  modelName: string;
  maxCompletionTokens: number;
  temperature: number;
  apis: readonly ApiDescription[];
}): Policy {
  const { model, modelName, maxCompletionTokens, temperature, apis } = options;
  const tools = toolsFor(apis);
  const system: ChatMessage = { role: "system", content: systemPrompt(apis) };
  return {
    async decide(view, { session, step, traceparent, seed, signal }): Promise<Decided> {
      const request: ChatRequest = {
        model: modelName,
        messages: [system, { role: "user", content: renderView(view) }],
        tools,
        tool_choice: "required",
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: maxCompletionTokens,
        temperature,
        seed,
      };
      const answer = await model.complete({ request, session, step, traceparent, signal });
      const decided: Decided = {
        inference: answer.inference,
        tokens: answer.inputTokens + answer.outputTokens,
        queueMs: answer.queueMs,
      };
      const [call] = answer.toolCalls;
      if (answer.error !== undefined) decided.error = answer.error;
      else if (call === undefined)
        decided.problem =
          answer.content === ""
            ? "your last answer was empty; answer with one tool call"
            : `your last answer was text, not a tool call: ${answer.content.slice(0, 80)}`;
      else {
        const read = readDecision(call.name, call.arguments, apis);
        if (typeof read === "string") decided.problem = read;
        else decided.decision = read;
      }
      return decided;
    },
  };
}
