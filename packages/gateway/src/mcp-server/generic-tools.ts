import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import { isMethod, type Verb } from "@ape/core/protocol/operations/operation";
import { tool } from "@ape/core/protocol/tools";
import type { McpTool } from "./mcp-tool.ts";

/** What the generic tools do, for clients that have no other text about the targets. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  http_get: "Send a GET request to an API: read something, change nothing.",
  http_post: "Send a POST request to an API: create something, or start an action.",
  http_put: "Send a PUT request to an API: replace something as a whole.",
  http_patch: "Send a PATCH request to an API: change a part of something.",
  http_delete: "Send a DELETE request to an API: remove something.",
  graphql: "Send one GraphQL query or mutation to an API.",
  call_tool: "Call a tool of an MCP server behind this gateway.",
};

const ARGUMENTS: Readonly<Record<string, string>> = {
  path: "The path from /, such as /products/1.",
  query: "Query parameters by name.",
  headers: "Further request headers by name.",
  data: "The request's body.",
};

/** A generic tool as MCP clients see it: with texts, and the names of the targets that it can call. */
export function describedTool(
  { function: { name, description, parameters } }: ToolDefinition,
  targets: readonly string[],
): ToolDefinition {
  const { properties, required } = parameters as { properties: JsonObject; required?: string[] };
  const described = Object.entries(properties).map(([argument, schema]): [string, Json] => {
    if (!isJsonObject(schema)) return [argument, schema];
    if (argument === "api_name")
      return [argument, { ...schema, description: "The API to call.", enum: [...targets] }];
    const text = ARGUMENTS[argument];
    return [argument, text === undefined ? schema : { ...schema, description: text }];
  });
  const needed = targets.length > 1 ? ["api_name", ...(required ?? [])] : (required ?? []);
  return tool(name, DESCRIPTIONS[name] ?? description, Object.fromEntries(described), needed);
}

/**
 * What a call may change, for clients that ask their users before (MCP specification 2025-06-18, "Tool annotations"); of POST
 * nothing is known (RFC 9110, section 9.2).
 */
export function annotationsOf(method: Verb | undefined, reads = false): McpTool["annotations"] {
  if (reads || method === "GET" || method === "query") return { readOnlyHint: true };
  if (method === "PUT" || method === "DELETE") return { destructiveHint: true, idempotentHint: true };
  return method !== undefined && isMethod(method) ? { readOnlyHint: false } : undefined;
}
