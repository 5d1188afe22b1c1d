import type { ApiDescription } from "@ape/core/protocol/api";
import type {
  ChatMessage,
  ChatRequest,
  ModelAnswer,
  ModelCall,
  ModelTransport,
} from "@ape/core/protocol/chat";
import { renderView, type View } from "@ape/core/protocol/view";
import { readDecision } from "./decision.ts";
import { systemPrompt } from "./instructions.ts";
import type { Policy, PolicyResult } from "./policy.ts";
import { callsInText } from "./reading/calls-in-text.ts";
import { findTool } from "./reading/tool-name.ts";
import { toolSet, toolsFor } from "./tools.ts";

/** A policy that asks a model at every step: the prompt's beginning is the same for all agents, the view is bounded. */
export function createModelPolicy(options: {
  model: ModelTransport;
  modelName: string;
  maxCompletionTokens: number;
  temperature: number;
  apis: readonly ApiDescription[];
  /** The user's own instructions. */
  instructions?: string;
}): Policy {
  const { model, modelName, maxCompletionTokens, temperature, apis, instructions } = options;
  const tools = toolsFor(apis);
  const system: ChatMessage = { role: "system", content: systemPrompt(apis, instructions) };
  const read = (answer: ModelAnswer): PolicyResult => readAnswer(answer, apis);
  return {
    decide(view, { session, step, traceparent, agent, seed, signal }): Promise<PolicyResult> {
      const request: ChatRequest = {
        model: modelName,
        messages: [system, new ViewMessage(view)],
        tools,
        tool_choice: "required",
        stream: true,
        stream_options: STREAM_OPTIONS,
        max_completion_tokens: maxCompletionTokens,
        temperature,
        seed,
      };
      const call: ModelCall = { request, session, step, traceparent, signal };
      if (agent !== undefined) call.agent = agent;
      return model.complete(call).then(read);
    },
  };
}

/**
 * A view as a message. Its text is written when the call may leave, not while it waits for a connection: of thousands of
 * agents most wait, and their memory holds no prompt.
 */
class ViewMessage implements ChatMessage {
  readonly role = "user";
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  get content(): string {
    return renderView(this.#view);
  }

  toJSON(): ChatMessage {
    return { role: this.role, content: this.content };
  }
}

/** Calls of one answer that are made before the model is asked again; it sees what was not done. */
const MOST_CALLS = 8;
const STREAM_OPTIONS = { include_usage: true } as const;

function readAnswer(answer: ModelAnswer, apis: readonly ApiDescription[]): PolicyResult {
  const decided: PolicyResult = {
    inference: answer.inference,
    tokens: answer.inputTokens + answer.outputTokens,
    queueMs: answer.queueMs,
  };
  if (answer.error !== undefined) {
    decided.error = answer.error;
    return decided;
  }
  const { operations, names } = toolSet(apis);
  const inText = answer.toolCalls.length === 0 && answer.content !== "";
  const toolCalls = inText
    ? callsInText(answer.content, (name) => findTool(name, names, operations) !== undefined)
    : answer.toolCalls;
  const [call] = toolCalls;
  if (call === undefined)
    decided.problem =
      answer.content === ""
        ? "your last answer was empty; answer with a tool call"
        : `your last answer was text, not a tool call; call one of the tools: ${answer.content.slice(0, 80)}`;
  else {
    readCall(call, decided, apis, inText);
    for (let i = 1; i < toolCalls.length && i < MOST_CALLS; i += 1) {
      const later: PolicyResult = { inference: answer.inference, tokens: 0, queueMs: 0 };
      readCall(toolCalls[i] as (typeof toolCalls)[number], later, apis, inText);
      decided.next ??= [];
      decided.next.push(later);
    }
  }
  return decided;
}

/** @param inText the call stood in the answer's text */
function readCall(
  { name, arguments: text }: ModelAnswer["toolCalls"][number],
  decided: PolicyResult,
  apis: readonly ApiDescription[],
  inText: boolean,
): void {
  const read = readDecision(name, text, apis);
  if (typeof read === "string") {
    decided.problem = read;
    return;
  }
  if (inText) read.repairs = ["call_in_text", ...(read.repairs ?? [])];
  decided.decision = read;
}
