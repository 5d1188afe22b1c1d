import { Buffer } from "node:buffer";
import type { ChatMessage, ChatRequest, ToolDefinition } from "@ape/core/protocol/chat";
import { allocateFromSlab } from "./buffer-slab.ts";

const systems = new WeakMap<ChatMessage, { content: string | null; bytes: Buffer }>();
const toolLists = new WeakMap<readonly ToolDefinition[], { json: string; bytes: Buffer }>();
const NO_TOOLS = Buffer.from("]");

function toolsOf(tools: readonly ToolDefinition[]): { json: string; bytes: Buffer } {
  let known = toolLists.get(tools);
  if (known === undefined) {
    const json = JSON.stringify(tools);
    known = { json, bytes: Buffer.from(`],"tools":${json}`) };
    toolLists.set(tools, known);
  }
  return known;
}

/** A list of tools as JSON; cached, because all calls of an agent share one immutable list. */
export function encodeTools(tools: readonly ToolDefinition[]): string {
  return toolsOf(tools).json;
}

/**
 * A request as JSON in UTF-8. Its large stable parts, the system message and the tools, are encoded once and copied.
 */
export function encodeRequest(request: ChatRequest): Uint8Array {
  const { messages, tools, ...rest } = request;
  const [first] = messages;
  const system = first?.role === "system" ? systemOf(first) : undefined;
  let said = "";
  for (let at = system === undefined ? 0 : 1; at < messages.length; at += 1)
    said += `${at > 0 ? "," : ""}${encodeMessage(messages[at] as ChatMessage)}`;
  const others = JSON.stringify(rest);
  return allocateFromSlab([
    system ?? '{"messages":[',
    said,
    tools === undefined ? NO_TOOLS : toolsOf(tools).bytes,
    others === "{}" ? "}" : `,${others.slice(1)}`,
  ]);
}

/** A message; one with only a role and a text is written without enumerating its fields. */
function encodeMessage(message: ChatMessage): string {
  if (message.tool_calls !== undefined || message.tool_call_id !== undefined) return JSON.stringify(message);
  return `{"role":"${message.role}","content":${JSON.stringify(message.content)}}`;
}

/** The beginning of a request with this system message. */
function systemOf(message: ChatMessage): Buffer {
  const known = systems.get(message);
  if (known !== undefined && known.content === message.content) return known.bytes;
  const bytes = Buffer.from(`{"messages":[${JSON.stringify(message)}`);
  systems.set(message, { content: message.content, bytes });
  return bytes;
}
