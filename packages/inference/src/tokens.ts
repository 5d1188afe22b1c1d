import type { ChatRequest, ToolDefinition } from "@ape/core/chat";

const CHARS_A_TOKEN = 4;
const toolChars = new WeakMap<readonly ToolDefinition[], number>();

/** Tokens of a text, estimated as a quarter of its characters: for upstreams that tell no usage, and for the simulated model. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARS_A_TOKEN);
}

/** Prompt tokens of a request by the same estimate: contents, tool calls and tool definitions. */
export function estimateInput(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) {
    characters += typeof message.content === "string" ? message.content.length : 0;
    for (const call of message.tool_calls ?? [])
      characters += call.function.name.length + call.function.arguments.length;
  }
  if (request.tools !== undefined) {
    let known = toolChars.get(request.tools);
    if (known === undefined) {
      known = JSON.stringify(request.tools).length;
      toolChars.set(request.tools, known);
    }
    characters += known;
  }
  return estimateTokens(characters);
}

/** Completion tokens of an answer by the same estimate. */
export function estimateOutput(answer: {
  content: string;
  toolCalls: readonly { name: string; arguments: string }[];
}): number {
  let characters = answer.content.length;
  for (const call of answer.toolCalls) characters += call.name.length + call.arguments.length;
  return estimateTokens(characters);
}
