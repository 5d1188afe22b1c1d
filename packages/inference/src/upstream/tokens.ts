import { isJsonObject } from "@ape/core/lib/json";
import type { ChatRequest, ToolCallWire } from "@ape/core/protocol/chat";
import { encodeTools } from "./encode.ts";

const CHARS_A_TOKEN = 4;

/**
 * Tokens of a text, estimated as a quarter of its characters: for upstreams that report no usage, and for the simulated
 * model.
 */
function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARS_A_TOKEN);
}

/**
 * Prompt tokens of a request by the same estimate: contents, tool calls and tool definitions. The request may come from
 * any client: unknown fields are not counted and cause no error.
 */
export function estimateInput(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) {
    if (!isJsonObject(message)) continue;
    const { content, tool_calls: calls } = message;
    characters += typeof content === "string" ? content.length : partsLength(content);
    if (!Array.isArray(calls)) continue;
    for (const call of calls as readonly (Partial<ToolCallWire> | null)[])
      characters += lengthOf(call?.function?.name) + lengthOf(call?.function?.arguments);
  }
  if (request.tools !== undefined) characters += encodeTools(request.tools).length;
  return estimateTokens(characters);
}

/** Text of a content in parts, which only other clients send. */
function partsLength(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  return content.reduce((sum: number, part) => sum + (isJsonObject(part) ? lengthOf(part.text) : 0), 0);
}

function lengthOf(text: unknown): number {
  return typeof text === "string" ? text.length : 0;
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
