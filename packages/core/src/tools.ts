import type { ToolDefinition } from "./chat.ts";
import type { JsonObject } from "./json.ts";
import type { HttpMethod } from "./operation.ts";

const scalar: JsonObject = { type: ["string", "number", "boolean"] };
const request: Record<string, JsonObject> = {
  api_name: { type: "string" },
  path: { type: "string", pattern: "^(/|\\{\\{)", maxLength: 2000 },
  query: { type: "object", additionalProperties: { anyOf: [scalar, { type: "array", items: scalar }] } },
  headers: { type: "object", additionalProperties: { type: "string" } },
};

function http(method: string, what: string, body: boolean): ToolDefinition {
  const properties: JsonObject = body ? { ...request, data: {} } : { ...request };
  return tool(`http_${method}`, `${what} (HTTP ${method.toUpperCase()})`, properties, ["path"]);
}

/** A tool in the form that models are shown: parameters as JSON Schema, nothing beyond them allowed. */
export function tool(
  name: string,
  description: string,
  properties: JsonObject,
  required: string[],
): ToolDefinition {
  return {
    type: "function",
    function: {
      name,
      description,
      parameters: { type: "object", properties, required, additionalProperties: false },
    },
  };
}

/** The method of each tool that makes an HTTP request. */
export const TOOL_METHODS: Readonly<Record<string, HttpMethod>> = {
  http_get: "GET",
  http_post: "POST",
  http_put: "PUT",
  http_patch: "PATCH",
  http_delete: "DELETE",
};

/** The tools that reach a REST target: an agent is offered them, and the gateway's MCP door lists them. */
export const HTTP_TOOLS: readonly ToolDefinition[] = [
  http("get", "Read", false),
  http("post", "Create or do something", true),
  http("put", "Replace", true),
  http("patch", "Change", true),
  http("delete", "Remove", true),
];
