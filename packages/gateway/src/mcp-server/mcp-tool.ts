import type { JsonObject } from "@ape/core/lib/json";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import type { ToolCall } from "@ape/core/protocol/tool-call";

/** A tool of the MCP server: how it is listed, and the call that it makes. */
export interface McpTool {
  readonly definition: ToolDefinition;
  /** What a call may change, where it is known. */
  readonly annotations?:
    | { readOnlyHint?: boolean; destructiveHint?: boolean; idempotentHint?: boolean }
    | undefined;
  /** Schema of `structuredContent`, if the document describes the operation's answer. */
  readonly outputSchema?: JsonObject;
  /** The call for given arguments, or one sentence that says what is wrong with them. */
  read(args: JsonObject): ToolCall | string;
}
