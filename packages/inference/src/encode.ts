import type { ChatMessage, ChatRequest, ToolDefinition } from "@ape/core/chat";

const systems = new WeakMap<ChatMessage, { content: string | null; json: string }>();
const toolLists = new WeakMap<readonly ToolDefinition[], string>();

/** A list of tools as JSON; kept, because all calls of an agent share one list, which nobody changes. */
export function encodeTools(tools: readonly ToolDefinition[]): string {
  let json = toolLists.get(tools);
  if (json === undefined) {
    json = JSON.stringify(tools);
    toolLists.set(tools, json);
  }
  return json;
}

/** A request as JSON. Its large stable parts, the system message and the tools, are encoded once. */
export function encodeRequest(request: ChatRequest): string {
  const { messages, tools, ...rest } = request;
  let json = '{"messages":[';
  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at];
    if (at > 0) json += ",";
    if (message !== undefined) json += encodeMessage(message);
  }
  json += tools === undefined ? "]" : `],"tools":${encodeTools(tools)}`;
  const others = JSON.stringify(rest);
  return others === "{}" ? `${json}}` : `${json},${others.slice(1)}`;
}

function encodeMessage(message: ChatMessage): string {
  if (message.role !== "system") return JSON.stringify(message);
  const known = systems.get(message);
  if (known !== undefined && known.content === message.content) return known.json;
  const json = JSON.stringify(message);
  systems.set(message, { content: message.content, json });
  return json;
}
